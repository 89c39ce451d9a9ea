import type { Tries } from './entry.js';

/** "Boot counting" of the Boot Loader Specification: `+LEFT` or `+LEFT-DONE` just before the suffix. */
const COUNT = /\+([0-9]{1,9})(?:-([0-9]{1,9}))?$/;

/** @param suffix - `.conf` or `.efi`. */
export function triesIn(file: string, suffix: string): { readonly tries?: Tries } {
  const [, left, done = '0'] = COUNT.exec(file.slice(0, -suffix.length)) ?? [];
  return left === undefined ? {} : { tries: { left: Number(left), done: Number(done) } };
}

/** @param name - Without its suffix. */
export function withoutTries(name: string): string {
  return name.replace(COUNT, '');
}
