import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Purpose, type Result } from '@kexec-kit/loader-api';
import type { LinuxStatus } from './backend.js';
import { noKexec, stateUnread } from './codes.js';
import { readRecord } from './record.js';

const FILES: Readonly<Record<Purpose, string>> = {
  normal: '/sys/kernel/kexec_loaded',
  crash: '/sys/kernel/kexec_crash_loaded',
};
const SAYS: Readonly<Record<string, boolean>> = { '0\n': false, '1\n': true };

/** Whether the kernel says that one is loaded: LINUX_NO_KEXEC when it cannot say, LINUX_STATE_UNREAD when that is not known. */
export async function isLoaded(root: string, purpose: Purpose): Promise<Result<boolean>> {
  const path = FILES[purpose];
  try {
    const text = await readFile(join(root, path), 'utf8');
    const loaded = SAYS[text];
    return loaded === undefined ? fail(stateUnread(path, `it says ${JSON.stringify(text)}`)) : ok(loaded);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return fail(code === 'ENOENT' ? noKexec(path) : stateUnread(path, message));
  }
}

/** What is loaded, by the kernel's word and by what was written down. */
export async function readStatus(root: string, purpose: Purpose): Promise<Result<LinuxStatus>> {
  const loaded = await isLoaded(root, purpose);
  if (!loaded.ok) return loaded;
  if (!loaded.value) return ok({ loaded: false });
  const record = await readRecord(root, purpose);
  if (!record.ok) return record;
  return ok({ loaded: true, ...(record.value && { record: record.value }) }, record.diagnostics);
}
