import type { Tree } from './tree.js';

/** Of the variables by which systemd and a boot loader speak to each other: systemd's "Boot Loader Interface". */
const VENDOR = '4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
/** UEFI 2.10, 8.2: in front of each value, as efivarfs shows it. In bytes. */
const ATTRIBUTES = 4;
/** Names of entries are a small part of it. In bytes. */
const LONGEST = 4096;

/** The text of a variable of the boot loader; undefined where it is not set, or there are none. */
export function loaderVariable(tree: Tree, name: string): string | undefined {
  const bytes = tree.bytes(`/sys/firmware/efi/efivars/${name}-${VENDOR}`, 0, ATTRIBUTES + LONGEST);
  if (bytes === undefined || bytes.length <= ATTRIBUTES) return undefined;
  const text = new TextDecoder('utf-16le').decode(bytes.subarray(ATTRIBUTES));
  const [value = ''] = text.split('\0', 1);
  return value === '' ? undefined : value;
}
