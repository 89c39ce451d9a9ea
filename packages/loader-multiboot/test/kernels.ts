import { createHash } from 'node:crypto';
import type { FileValue, SourceBytes } from '@kexec-kit/loader-api';
import { multibootElf, multibootFlat, multibootHeader } from '../../../tools/multiboot-file.mjs';

/** Linked at 2 MiB. */
export const ELF = multibootElf(multibootHeader());
/** May be moved by its own format. */
export const DYN = multibootElf(multibootHeader(), { header: { e_type: 3 } });
/** Wants a screen, too. */
export const VIDEO = multibootElf(multibootHeader({ flags: 7, graphics: [0, 1024, 768, 32] }));
/** From its first byte on at 3 MiB, its header at 0x20. */
export const FLAT = multibootFlat(
  multibootHeader({ flags: 0x10003, addresses: [0x300020, 0x300000, 0x300200, 0x303000, 0x300040] }),
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
