import { fail, ok, toIndex, type Result } from '@kexec-kit/loader-api';
import { toHex } from './boot-params.js';
import { eddMalformed } from './codes.js';
import { parseDecimal, parseHex } from './text.js';

/** The files of one /sys/firmware/edd/int13_devXX; undefined is a file that is not there. */
export interface EddDiskFiles {
  readonly version: string | undefined;
  readonly extensions: string | undefined;
  readonly legacyMaxCylinder: string | undefined;
  readonly legacyMaxHead: string | undefined;
  readonly legacySectorsPerTrack: string | undefined;
  readonly mbrSignature: string | undefined;
  /** `struct edd_device_params`, as long as the BIOS said it is: at most 74 bytes. */
  readonly rawData: Uint8Array | undefined;
}

/** One BIOS disk as boot_params wants it. */
export interface EddDisk {
  /** The BIOS's number, 0x80 for the first. */
  readonly device: number;
  /** `struct edd_info`: 82 bytes, lower-case hexadecimal. */
  readonly entry: string;
  readonly mbrSignature?: number;
}

const PARAMETERS_SIZE = 74;

/** In the order of `interface_support`'s bits (EDD-3, table 5). */
const EXTENSIONS = [
  'Fixed disk access',
  'Device locking and ejecting',
  'Enhanced Disk Drive support',
  '64-bit extensions',
] as const;

/** Builds `struct edd_info` (include/uapi/linux/edd.h) back from the files that the kernel's `edd` module made of it. */
export function parseEddDisk(name: string, files: EddDiskFiles): Result<EddDisk> {
  const device = /^int13_dev([0-9a-f]{2})$/.exec(name)?.[1];
  const version = parseHex(files.version);
  const raw = files.rawData;
  if (device === undefined) return fail(eddMalformed(name, 'name', name));
  if (version === undefined || version > 0xffn) return fail(eddMalformed(name, 'version', files.version));
  if (raw === undefined || raw.length > PARAMETERS_SIZE) {
    return fail(eddMalformed(name, 'raw_data', raw && `${String(raw.length)} bytes`));
  }
  const entry = new Uint8Array(8 + PARAMETERS_SIZE);
  const view = new DataView(entry.buffer);
  view.setUint8(0, Number.parseInt(device, 16)); // device
  view.setUint8(1, toIndex(version, 0xff)); // version
  view.setUint16(2, interfaceSupport(files.extensions ?? ''), true); // interface_support
  view.setUint16(4, parseDecimal(files.legacyMaxCylinder, 0xffff) ?? 0, true); // legacy_max_cylinder
  view.setUint8(6, parseDecimal(files.legacyMaxHead, 0xff) ?? 0); // legacy_max_head
  view.setUint8(7, parseDecimal(files.legacySectorsPerTrack, 0xff) ?? 0); // legacy_sectors_per_track
  entry.set(raw, 8); // params
  const mbrSignature = parseHex(files.mbrSignature);
  return ok({
    device: entry[0] as number,
    entry: toHex(entry),
    ...(mbrSignature === undefined || mbrSignature > 0xffff_ffffn
      ? {}
      : { mbrSignature: toIndex(mbrSignature, 0xffff_ffff) }),
  });
}

function interfaceSupport(extensions: string): number {
  const listed = new Set(extensions.split('\n').map((line) => line.trim()));
  return EXTENSIONS.reduce((bits, name, bit) => (listed.has(name) ? bits | (1 << bit) : bits), 0);
}
