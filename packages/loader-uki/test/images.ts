import { createHash } from 'node:crypto';
import { BOOT_FLAG, HEADER_MAGIC, SetupHeader } from '@kexec-kit/linux-boot';
import type { SourceBytes } from '@kexec-kit/loader-api';
import { writer } from '@kexec-kit/structures';
import { peFile } from '../../../tools/pe-file.mjs';

export { peFile };
export type Sections = Parameters<typeof peFile>[0]['sections'];

export const INITRD = 'the initrd that is in the image';
export const MICROCODE = 'microcode';
export const OSREL = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n';

const SETUP = 2 * 512;

/** A bzImage with the values of Debian's linux-image-6.12.117+deb12-cloud-amd64 but for sizes. It does not run. */
export function bzImage({ codeSize = 0x1000, jump = 0x6aeb } = {}): Uint8Array {
  const at = SetupHeader.at;
  return writer(SETUP + codeSize)
    .u8(at.setup_sects, SETUP / 512 - 1)
    .u32(at.syssize, codeSize / 16)
    .u16(at.boot_flag, BOOT_FLAG)
    .u16(at.jump, jump)
    .u32(at.header, HEADER_MAGIC)
    .u16(at.version, 0x020f)
    .u8(at.loadflags, 1)
    .u32(at.initrd_addr_max, 0x7fffffff)
    .u32(at.kernel_alignment, 0x200000)
    .u8(at.relocatable_kernel, 1)
    .u8(at.min_alignment, 21)
    .u16(at.xloadflags, 0x7f)
    .u32(at.cmdline_size, 0x7ff)
    .u32(at.payload_offset, 0x2cc)
    .u32(at.payload_length, 0x100)
    .u64(at.pref_address, 0x1000000n)
    .u32(at.init_size, 0x37dc000)
    .bytes(SETUP, new Uint8Array(codeSize).fill(0x90)).value;
}

/** A UKI in the order in which ukify of systemd 257 writes its sections. */
export function ukiImage({
  kernel = bzImage(),
  more = [],
  machine = 0x8664,
}: {
  readonly kernel?: Uint8Array;
  readonly more?: Sections;
  readonly machine?: number;
} = {}): Uint8Array {
  return peFile({
    machine,
    sections: [
      ['.text', 'the stub'],
      ['.osrel', OSREL],
      ['.cmdline', 'root=/dev/sda1 quiet'],
      ['.uname', '6.12.0-1-amd64'],
      ['.ucode', MICROCODE],
      ['.initrd', INITRD],
      ['.linux', kernel],
      ...more,
    ],
  });
}

export function source(bytes: Uint8Array): SourceBytes {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: 'image', name: 'image.efi', size: bytes.length, sha256, bytes };
}

export const NOTHING = {
  commandLine: undefined,
  reuseCommandLine: false,
  initrd: [],
  entry: undefined,
  entry32bit: false,
  realMode: false,
  reuseImageCommandLine: false,
  profile: undefined,
} as const;

export const POLICY = { efi: true, video: 'auto', console: {} } as const;
