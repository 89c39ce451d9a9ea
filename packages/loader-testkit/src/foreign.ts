const text = (content: string) => Uint8Array.from(content, (character) => character.charCodeAt(0));
const filled = (size: number, value: number) => new Uint8Array(size).fill(value);

/** Files that no loader may call its own: what people give by mistake. */
export const foreignFiles: readonly { readonly name: string; readonly bytes: Uint8Array }[] = [
  { name: 'an empty file', bytes: new Uint8Array(0) },
  { name: 'one byte', bytes: Uint8Array.of(0x7f) },
  { name: '64 KiB of zeros', bytes: filled(65_536, 0) },
  { name: '64 KiB of ones', bytes: filled(65_536, 0xff) },
  { name: 'a text', bytes: text('#!/bin/sh\necho "this is no kernel"\n'.repeat(400)) },
  {
    name: 'a JPEG',
    bytes: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46, 0, 1, ...filled(500, 0x5a)),
  },
  { name: 'a boot sector', bytes: Uint8Array.of(0xeb, 0x3c, 0x90, ...filled(507, 0), 0x55, 0xaa) },
];
