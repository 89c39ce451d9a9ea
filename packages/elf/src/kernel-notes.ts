import { decodeText } from '@kexec-kit/structures';
import type { Note } from './elf.js';
import { findNote } from './notes.js';

/** Notes of owner "Xen" (xen/include/public/elfnote.h). */
export const XEN_ELFNOTE_GUEST_OS = 6;
export const XEN_ELFNOTE_PHYS32_ENTRY = 18;
export const XEN_ELFNOTE_PHYS32_RELOC = 19;
/** Notes of owner "Linux" that a kernel has, and not its vDSO (Linux, include/linux/elfnote.h and elfnote-lto.h). */
const LINUX_ELFNOTE_BUILD_SALT = 0x100;
const LINUX_ELFNOTE_LTO_INFO = 0x101;

/** Whether the notes are of a Linux kernel: it says so to Xen, and by notes of its own since 4.19. */
export function isLinux(notes: readonly Note[]): boolean {
  const guest = findNote(notes, 'Xen', XEN_ELFNOTE_GUEST_OS);
  const isGuest = guest !== undefined && decodeText(guest.desc).split('\0', 1)[0] === 'linux';
  const own = [LINUX_ELFNOTE_BUILD_SALT, LINUX_ELFNOTE_LTO_INFO];
  return isGuest || own.some((type) => findNote(notes, 'Linux', type) !== undefined);
}
