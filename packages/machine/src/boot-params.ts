import { fail, ok, type Address, type EddInfo, type Result } from '@kexec-kit/loader-api';
import { bootParamsMalformed } from './codes.js';

/** What the next kernel wants of the running kernel's `struct boot_params` (Documentation/arch/x86/zero-page.rst). */
export interface BootParams {
  /** 64 bytes, lower-case hexadecimal. */
  readonly screenInfo: string;
  readonly acpiRsdp?: Address;
  readonly hardwareSubarch: number;
  readonly efi?: {
    readonly bits: 32 | 64;
    readonly systemTable: Address;
    readonly descriptorVersion: number;
  };
  readonly edd?: EddInfo;
}

const SIZE = 4096;
const EDD_ENTRY_SIZE = 82;
/** `EDDMAXNR` and `EDD_MBR_SIG_MAX`: a count beyond is not believed. */
const MAX_EDD_ENTRIES = 6;
const MAX_MBR_SIGNATURES = 16;

/**
 * Reads /sys/kernel/boot_params/data. Every offset is zero-page.rst's.
 *
 * @example
 * ```ts
 * parseBootParams(new Uint8Array(4096)); // { ok: true, value: { hardwareSubarch: 0, screenInfo: '00'.repeat(64) }, … }
 * ```
 */
export function parseBootParams(bytes: Uint8Array): Result<BootParams> {
  if (bytes.length !== SIZE) return fail(bootParamsMalformed(bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const acpiRsdp = view.getBigUint64(0x070, true); // acpi_rsdp_addr
  const efi = readEfiInfo(view);
  const edd = readEdd(bytes, view);
  return ok({
    screenInfo: toHex(bytes.subarray(0x000, 0x040)), // screen_info
    hardwareSubarch: view.getUint32(0x23c, true), // hdr.hardware_subarch
    ...(acpiRsdp === 0n ? {} : { acpiRsdp }),
    ...(efi === undefined ? {} : { efi }),
    ...(edd === undefined ? {} : { edd }),
  });
}

/** `efi_info`, 0x1c0: only when the boot loader signed it. */
function readEfiInfo(view: DataView): BootParams['efi'] {
  const signature = view.getUint32(0x1c0, true); // efi_loader_signature
  const bits = signature === EL64 ? 64 : signature === EL32 ? 32 : undefined;
  if (bits === undefined) return undefined;
  const low = BigInt(view.getUint32(0x1c4, true)); // efi_systab
  const high = BigInt(view.getUint32(0x1d8, true)); // efi_systab_hi
  return {
    bits,
    systemTable: bits === 64 ? (high << 32n) | low : low,
    descriptorVersion: view.getUint32(0x1cc, true), // efi_memdesc_version
  };
}
/** "EL64" and "EL32", little-endian. */
const EL64 = 0x3436_4c45;
const EL32 = 0x3233_4c45;

function readEdd(bytes: Uint8Array, view: DataView): EddInfo | undefined {
  const entryCount = Math.min(view.getUint8(0x1e9), MAX_EDD_ENTRIES); // eddbuf_entries
  const signatureCount = Math.min(view.getUint8(0x1ea), MAX_MBR_SIGNATURES); // edd_mbr_sig_buf_entries
  if (entryCount + signatureCount === 0) return undefined;
  const entryAt = (index: number) => 0xd00 + index * EDD_ENTRY_SIZE; // eddbuf
  return {
    entries: Array.from({ length: entryCount }, (_, i) => toHex(bytes.subarray(entryAt(i), entryAt(i + 1)))),
    mbrSignatures: Array.from({ length: signatureCount }, (_, i) => view.getUint32(0x290 + 4 * i, true)), // edd_mbr_sig_buffer
  };
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
