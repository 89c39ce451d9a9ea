import type { Relocation } from '@kexec-kit/loader-api';
import { encodeText, writer } from '@kexec-kit/structures';

/** `b_signature` of the block (ELF Boot Proposal, Elf_Bhdr). */
export const ELF_BOOT_MAGIC = 0x0e1fb007;
/** `n_type` of a note in the block, whose name is empty. */
export const EBN_BOOTLOADER_NAME = 2;
export const EBN_BOOTLOADER_VERSION = 3;
export const EBN_COMMAND_LINE = 4;

const BLOCK_HEADER = 12;
const NOTE_HEADER = 12;
/** `b_checksum`, in bytes from the start of the block. */
const CHECKSUM_AT = 8;

/** What the block says. */
export interface BootNotes {
  readonly bootLoader: string;
  readonly version: string;
  readonly commandLine: string;
}

/**
 * The block of ELF boot notes, its checksum left to the linker: `b_checksum` is the Internet checksum of all of it.
 *
 * @example
 * ```ts
 * buildBootNotes({ bootLoader: 'kexec-kit', version: '0.1.0', commandLine: 'quiet' }).bytes.length; // 76
 * ```
 */
export function buildBootNotes({ bootLoader, version, commandLine }: BootNotes): {
  readonly bytes: Uint8Array;
  readonly relocations: readonly Relocation[];
} {
  const notes = [
    note(EBN_BOOTLOADER_NAME, bootLoader),
    note(EBN_BOOTLOADER_VERSION, version),
    note(EBN_COMMAND_LINE, commandLine),
  ];
  const size = notes.reduce((sum, { length }) => sum + length, BLOCK_HEADER);
  const block = writer(size).u32(0, ELF_BOOT_MAGIC).u32(4, size).u16(10, notes.length);
  let at = BLOCK_HEADER;
  for (const each of notes) {
    block.bytes(at, each);
    at += each.length;
  }
  const over = { offset: 0, length: size };
  return { bytes: block.value, relocations: [{ offset: CHECKSUM_AT, checksum: 'internet16', over }] };
}

/** gABI, "Note Section", with an empty name: text with its NUL, padded to 4 bytes. */
function note(type: number, text: string): Uint8Array {
  const desc = encodeText(`${text}\0`);
  const padded = Math.ceil(desc.length / 4) * 4;
  return writer(NOTE_HEADER + padded)
    .u32(4, desc.length)
    .u32(8, type)
    .bytes(NOTE_HEADER, desc).value;
}
