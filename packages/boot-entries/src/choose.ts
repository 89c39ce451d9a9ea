import { fail, ok, type Result } from '@kexec-kit/loader-api';
import { noDefault, unknown } from './codes.js';
import type { BootEntry } from './entry.js';

/** The entry of this ID, title or path of titles (`Submenu>Title`); without a name, the default. */
export function chooseBootEntry(entries: readonly BootEntry[], name?: string): Result<BootEntry> {
  if (name === undefined) {
    const chosen = entries.find((entry) => entry.default === true);
    return chosen === undefined ? fail({ ...noDefault(undefined), severity: 'error' }) : ok(chosen);
  }
  // An ID is meant for programs: it comes before a title that reads the same.
  const byId = entries.filter(({ id }) => id === name);
  const alike = byId.length > 0 ? byId : entries.filter((entry) => isCalled(entry, name));
  const [first, second] = alike;
  if (first === undefined || second !== undefined)
    return fail(
      unknown(
        name,
        alike.map(({ from }) => from),
      ),
    );
  return ok(first);
}

function isCalled({ title, within }: BootEntry, name: string): boolean {
  return title === name || [...within, title].join('>') === name;
}
