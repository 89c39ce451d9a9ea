import type { Diagnostic } from '@kexec-kit/loader-api';
import type { BootFiles } from './boot-files.js';
import { fileMissing } from './codes.js';

/** Turns a boot loader's paths into the machine's, and notes those that lead nowhere. */
export function locator(files: BootFiles, device: string, from: string, problems: Diagnostic[]) {
  return (path: string): string => {
    const found = files.find(path, device);
    if (!found.isThere) problems.push(fileMissing(from, found.path, found.why));
    return found.path;
  };
}
