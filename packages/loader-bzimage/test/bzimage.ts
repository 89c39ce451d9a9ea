import { createHash } from 'node:crypto';
import { BOOT_FLAG, HEADER_MAGIC, SetupHeader } from '@kexec-kit/linux-boot';
import type { SourceBytes } from '@kexec-kit/loader-api';
import { encodeText, writer } from '@kexec-kit/structures';

export type HeaderField = Exclude<keyof typeof SetupHeader.at, 'before'>;

/** How a made-up image differs from {@link LINUX}. */
export interface Shape {
  readonly fields?: Partial<Record<HeaderField, number | bigint>>;
  /** In bytes, besides the boot sector and setup code. */
  readonly codeSize?: number;
  /** The second byte of `jump`. */
  readonly displacement?: number;
  /** In bytes, behind the code, named by the PE header; 0 for an unsigned kernel. */
  readonly certificates?: number;
}

/** The values of Debian's linux-image-6.12.117+deb12-cloud-amd64 but for sizes. */
const LINUX: Partial<Record<HeaderField, number | bigint>> = {
  setup_sects: 3,
  root_flags: 1,
  vid_mode: 0xffff,
  boot_flag: BOOT_FLAG,
  header: HEADER_MAGIC,
  version: 0x020f,
  start_sys_seg: 0x1000,
  kernel_version: 0x400,
  loadflags: 1,
  setup_move_size: 0x8000,
  code32_start: 0x100000,
  initrd_addr_max: 0x7fffffff,
  kernel_alignment: 0x200000,
  relocatable_kernel: 1,
  min_alignment: 0x15,
  xloadflags: 0x7f,
  cmdline_size: 0x7ff,
  payload_offset: 0x2cc,
  payload_length: 0x100,
  pref_address: 0x1000000n,
  init_size: 0x37dc000,
  kernel_info_offset: 0x500,
};

/** The values of memtest86+ 6.10's memtest86+x64.bin (Debian 12): a 64-bit entry, no relocation, nothing above 4 GiB. */
export const MEMTEST: Shape = {
  displacement: 0x66,
  certificates: 0,
  codeSize: 0x8000,
  fields: {
    setup_sects: 2,
    root_flags: 0,
    vid_mode: 0,
    version: 0x020c,
    kernel_version: 0,
    setup_move_size: 0,
    initrd_addr_max: 0xffffffff,
    kernel_alignment: 0x1000,
    relocatable_kernel: 0,
    min_alignment: 0x0c,
    xloadflags: 0x9,
    cmdline_size: 0xff,
    payload_offset: 0,
    payload_length: 0,
    pref_address: 0x100000n,
    init_size: 0x6acf8,
  },
};

/**
 * A file with everything that a loader looks at: setup header, version string, PE header, a payload of zstd's magic,
 * and certificates behind the code. None of it runs.
 */
export function bzImage({
  fields = {},
  codeSize = 0x1000,
  displacement = 0x6a,
  certificates = 0x40,
}: Shape = {}): Uint8Array {
  const values = { ...LINUX, jump: 0xeb | (displacement << 8), syssize: codeSize / 16, ...fields };
  const setup = (Number(values.setup_sects === 0 ? 4 : values.setup_sects) + 1) * 512;
  const file = writer(setup + codeSize + certificates);
  file.bytes(setup, new Uint8Array(codeSize).fill(0x90));
  if (codeSize > 0x300) file.bytes(setup + 0x2cc, Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd));
  if (setup > 0x640) file.bytes(0x600, encodeText('6.12.0-made-up (nobody@nowhere) #1\0'));
  if (certificates > 0) writePe(file, setup + codeSize, certificates);
  for (const [name, value] of Object.entries(values)) {
    const { offset, size } = SetupHeader.at[name as HeaderField];
    file.bytes(offset, writer(8).u64(0, BigInt(value)).value.subarray(0, size));
  }
  return file.value;
}

/** PE Format: the MS-DOS stub, the signature, a PE32+ optional header with six directories, the fifth for certificates. */
function writePe(file: ReturnType<typeof writer>, offset: number, size: number): void {
  file.bytes(0, encodeText('MZ')).u32(0x3c, 0x40).bytes(0x40, encodeText('PE\0\0'));
  file.u16(0x58, 0x20b).u32(0x58 + 108, 6);
  file.u32(0x58 + 112 + 32, offset).u32(0x58 + 112 + 36, size);
}

export function source(bytes: Uint8Array, name = 'vmlinuz'): SourceBytes {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: 'image', name, size: bytes.length, sha256, bytes };
}

/** The values of memtest86+ 6.10's memtest86+ia32.bin (Debian 12): the same without a 64-bit entry. */
export const MEMTEST_32: Shape = {
  ...MEMTEST,
  fields: { ...MEMTEST.fields, xloadflags: 0x4, init_size: 0x687f8 },
};

/** The values of Debian 12's linux-image-6.1.0-50-686-pae but for sizes: no 64-bit entry, relocatable. */
export const I386: Shape = {
  fields: { xloadflags: 0x4, min_alignment: 13, kernel_alignment: 0x1000000, init_size: 0x1135000 },
};

/** A kernel that speaks an old protocol, with a header as long as that version's. */
export function old(version: number): Shape {
  const minor = version & 0xff;
  const end = OLD_ENDS.find(({ since }) => minor >= since)?.end ?? 0x224;
  return {
    displacement: end - 0x202,
    certificates: 0,
    fields: { version, initrd_addr_max: 0x37ffffff, ...(minor < 5 ? { setup_sects: 10 } : {}) },
  };
}

/** Where a version's header ends: boot.rst, "The Real-Mode Kernel Header". */
const OLD_ENDS = [
  { since: 0x0c, end: 0x268 },
  { since: 0x0b, end: 0x268 },
  { since: 0x0a, end: 0x264 },
  { since: 0x09, end: 0x258 },
  { since: 0x08, end: 0x250 },
  { since: 0x07, end: 0x248 },
  { since: 0x06, end: 0x23c },
  { since: 0x05, end: 0x235 },
  { since: 0x03, end: 0x230 },
  { since: 0x02, end: 0x22c },
  { since: 0x01, end: 0x226 },
] as const;
