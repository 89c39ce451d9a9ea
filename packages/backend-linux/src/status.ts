import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Purpose, type Result } from '@kexec-kit/loader-api';
import type { LinuxStatus } from './backend.js';
import { noKexec } from './codes.js';
import { readRecord } from './record.js';

const FILES: Readonly<Record<Purpose, string>> = {
  normal: '/sys/kernel/kexec_loaded',
  crash: '/sys/kernel/kexec_crash_loaded',
};

/** Whether the kernel says that one is loaded; undefined when it says nothing. */
export async function isLoaded(root: string, purpose: Purpose): Promise<boolean | undefined> {
  const text = await readFile(join(root, FILES[purpose]), 'utf8').catch(() => undefined);
  return { '0': false, '1': true }[text?.trim() ?? ''];
}

/** What is loaded, by the kernel's word and by what was written down. */
export async function readStatus(root: string, purpose: Purpose): Promise<Result<LinuxStatus>> {
  const loaded = await isLoaded(root, purpose);
  if (loaded === undefined) return fail(noKexec(FILES[purpose]));
  if (!loaded) return ok({ loaded });
  const record = await readRecord(root, purpose);
  if (!record.ok) return record;
  return ok({ loaded, ...(record.value && { record: record.value }) }, record.diagnostics);
}
