import type { Diagnostic } from '@kexec-kit/loader-api';
import type { BootEntry } from './entry.js';

/** What one boot loader's configuration says. */
export interface Read {
  readonly entries: readonly BootEntry[];
  readonly problems: readonly Diagnostic[];
}

/** Where the file systems are mounted that a boot loader reads: an EFI system partition that is no $BOOT comes first. */
export const BOOT_FOLDERS = ['/efi', '/boot/efi', '/boot'];
/** Below them, one folder for each vendor of EFI programs. */
export const EFI_FOLDERS = ['/boot/efi/EFI', '/efi/EFI', '/boot/EFI'];
