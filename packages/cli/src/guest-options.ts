import type { Values } from './commands.js';

/** The options that describe a guest. */
export const guestOptions = ['memory', 'model', 'paging', 'architecture', 'firmware'] as const;

/** Whether a guest was asked for, by any of its options. */
export function wantsGuest(values: Values): boolean {
  return guestOptions.some((name) => values.has(name));
}
