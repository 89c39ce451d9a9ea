import { createHash } from 'node:crypto';
import type { FileValue, SourceBytes } from '@kexec-kit/loader-api';
import { multiboot2Header, multibootElf, multibootFlat } from '../../../tools/multiboot-file.mjs';
import type { TagShape } from '../../../tools/multiboot-file.mjs';

/** Of an image at 2 MiB: anywhere from 1 MiB on below 4 GiB by 2 MiB, with that preference. */
export const moves = (preference: number): TagShape => ({
  type: 10,
  data: [0x100000, 0xffffffff, 0x200000, preference],
});
/** A request for everything that there is, which may be refused. */
export const WISHES: TagShape = {
  type: 1,
  optional: true,
  data: Array.from({ length: 21 }, (_, i) => i + 1),
};

export const kernel = (...tags: TagShape[]): Uint8Array => multibootElf(multiboot2Header({ tags }));

export const ELF = kernel({ type: 1, data: [4, 6] });
export const HIGH = kernel(moves(2));
export const FLAT = multibootFlat(
  multiboot2Header({
    tags: [
      { type: 2, data: [0x300020, 0x300000, 0x300200, 0x303000] },
      { type: 3, data: [0x300060] },
    ],
  }),
);

export function source(bytes: Uint8Array, name = 'kernel'): SourceBytes {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: 'image', name, size: bytes.length, sha256, bytes };
}

export const modules = (count: number): FileValue[] =>
  Array.from({ length: count }, (_, n) => ({
    ...{ source: `module.${n}`, name: `m${n}.bin`, size: 0x1001 + n },
    arguments: n % 2 === 0 ? `first "second ${n}"` : '',
  }));
