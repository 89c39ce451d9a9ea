import { posix } from 'node:path';
import type { UkiProfile } from '@kexec-kit/uki';
import { triesIn, withoutTries } from './boot-count.js';
import type { BootEntry } from './entry.js';
import type { Sorted } from './order.js';
import type { Tree } from './tree.js';
import { ukiFile } from './uki-file.js';

/** An entry before it has its place in a menu. */
export interface Candidate extends Sorted {
  readonly entry: BootEntry;
}

/** Unified kernel images in a folder `EFI/Linux`, one entry for each profile: Boot Loader Specification, type 2. */
export function readType2(tree: Tree, folder: string): readonly Candidate[] {
  return tree
    .names(folder)
    .filter((name) => /^[^.].*\.efi$/i.test(name))
    .flatMap((name) => {
      const uki = ukiFile(tree, posix.join(folder, name));
      return uki?.ok === true ? uki.value.profiles.map((profile) => candidate(folder, name, profile)) : [];
    });
}

function candidate(folder: string, name: string, profile: UkiProfile): Candidate {
  const { os, release, number, commandLine } = profile;
  const kernel = posix.join(folder, name);
  const own = profile.id === '' ? String(number) : profile.id;
  const file = `${withoutTries(name.slice(0, -SUFFIX.length))}${SUFFIX}`;
  const id = number === 0 ? file : `${file}@${own}`;
  const tries = triesIn(name, SUFFIX);
  const version = release || os.version;
  return {
    id,
    idOfImage: file,
    sortKey: os.sortKey,
    machineId: '',
    version: os.version,
    ...tries,
    entry: {
      id,
      title: titleOf(profile, file),
      ...(version !== '' && { version }),
      ...tries,
      within: [],
      kernel,
      initrds: [],
      commandLine: commandLine ?? '',
      modules: [],
      ...(number > 0 && { options: { 'uki-profile': String(number) } }),
      from: `${kernel}:.cmdline`,
      problems: [],
    },
  };
}

const SUFFIX = '.efi';

/** As systemd-boot calls it. */
function titleOf({ os, number, id, title }: UkiProfile, file: string): string {
  const name = os.name || file;
  const profile = title || (number === 0 ? '' : id || `Profile #${String(number + 1)}`);
  return profile === '' ? name : `${name} (${profile})`;
}
