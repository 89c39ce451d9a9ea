import type { SetupHeader } from '@kexec-kit/linux-boot';
import type { Source } from '@kexec-kit/loader-api';

/** A bzImage as `load` understood it. */
export interface BzImage {
  readonly source: Source;
  readonly header: SetupHeader;
  /** The bytes of the setup header that exist: a view of the file from 0x1f1 on. */
  readonly headerBytes: Uint8Array;
  /** The protected-mode code, in bytes of the file: to its end, since what signs it stands there. */
  readonly kernel: { readonly offset: number; readonly length: number };
  /** `6.12.1 (somebody@somewhere) #1 SMP …`, if the image has it. */
  readonly version?: string;
  /** `zstd`, by the payload's first bytes, if the image says where it is. */
  readonly payload?: string;
  /** Where the certificates that sign it lie, if any. */
  readonly certificates?: { readonly offset: number; readonly size: number };
}
