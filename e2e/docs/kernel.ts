import { BOOT_FLAG, HEADER_MAGIC, SetupHeader } from '@kexec-kit/linux-boot';
import { encodeText, writer } from '@kexec-kit/structures';

/** What {@link helloKernel} prints. */
export const hello = 'hello from a kernel of 21 bytes\r\n';

const setup = 2 * 512;
const entry64 = 0x200;
const codeSize = 0x400;

/**
 * A bzImage by the boot protocol 2.15 that is no Linux: it prints {@link hello} on the first serial port and resets.
 * `version` is what it calls itself.
 */
export function helloKernel(version: string): Uint8Array {
  const at = SetupHeader.at;
  return writer(setup + codeSize)
    .u8(at.setup_sects, setup / 512 - 1)
    .u32(at.syssize, codeSize / 16)
    .u16(at.boot_flag, BOOT_FLAG)
    .u16(at.jump, 0x6aeb)
    .u32(at.header, HEADER_MAGIC)
    .u16(at.version, 0x020f)
    .u16(at.kernel_version, 0x300 - 0x200)
    .u8(at.loadflags, 1)
    .u32(at.initrd_addr_max, 0x7fffffff)
    .u32(at.kernel_alignment, 0x200000)
    .u8(at.relocatable_kernel, 1)
    .u8(at.min_alignment, 21)
    .u16(at.xloadflags, 3)
    .u32(at.cmdline_size, 0x7ff)
    .u64(at.pref_address, 0x1000000n)
    .u32(at.init_size, 0x800000)
    .bytes(0x300, encodeText(`${version} (nobody@nowhere) #1\0`))
    .bytes(setup + entry64, Uint8Array.of(...program(hello.length), ...encodeText(hello))).value;
}

/** The text follows the program. There is no interrupt table: the undefined instruction ends in a reset. */
function program(length: number): readonly number[] {
  return [
    ...[0xfc], // cld
    ...[0x66, 0xba, 0xf8, 0x03], // mov $0x3f8, %dx
    ...[0x48, 0x8d, 0x35, 9, 0, 0, 0], // lea 9(%rip), %rsi
    ...[0xb9, length, 0, 0, 0], // mov $length, %ecx
    ...[0xf3, 0x6e], // rep outsb
    ...[0x0f, 0x0b], // ud2
  ];
}
