import { SetupHeader } from '@kexec-kit/linux-boot';
import { encodeText, writer } from '@kexec-kit/structures';
import type { BzImageShape } from '../case.js';
import { noise } from './noise.js';

/** Since which protocol version a header has its fields, and how long it is then: the field that ends it. */
const ENDS = [
  [0x020f, 'kernel_info_offset'],
  [0x020b, 'handover_offset'],
  [0x020a, 'init_size'],
  [0x0209, 'setup_data'],
  [0x0208, 'payload_length'],
  [0x0207, 'hardware_subarch_data'],
  [0x0206, 'cmdline_size'],
  [0x0205, 'min_alignment'],
  [0x0203, 'initrd_addr_max'],
  [0x0202, 'cmd_line_ptr'],
  [0x0200, 'heap_end_ptr'],
] as const;

const SECTOR = 512;
const PARAGRAPH = 16;

/** A bzImage that is valid to its last field, and of which nothing runs. */
export function bzImageFile(shape: BzImageShape): Uint8Array {
  const setup = (shape.setupSects + 1) * SECTOR;
  const code = Math.ceil(shape.code / PARAGRAPH) * PARAGRAPH;
  const file = writer(setup + code);
  file.bytes(0, noise(setup + code));
  file.bytes(SetupHeader.at.setup_sects.offset, new Uint8Array(0x100));
  const has = (name: keyof typeof SetupHeader.at) => endOf(shape.version) >= SetupHeader.at[name].offset + 1;
  const put = (name: keyof typeof SetupHeader.at, value: number | bigint) => {
    const field = SetupHeader.at[name];
    if (!has(name)) return;
    if (field.size === 1) file.u8(field, Number(value));
    else if (field.size === 2) file.u16(field, Number(value));
    else if (field.size === 4) file.u32(field, value);
    else file.u64(field, BigInt(value));
  };
  put('setup_sects', shape.setupSects);
  put('root_flags', 1);
  put('syssize', code / PARAGRAPH);
  put('vid_mode', 0xffff);
  put('root_dev', 0x801);
  put('boot_flag', 0xaa55);
  put('jump', 0xeb | ((endOf(shape.version) - 0x202) << 8));
  put('header', 0x53726448);
  put('version', shape.version);
  put('kernel_version', setup - 0x200 - 32);
  put('loadflags', 1);
  put('setup_move_size', 0x8000);
  put('code32_start', 0x100000);
  put('heap_end_ptr', 0x5320);
  put('initrd_addr_max', shape.initrdAddrMax);
  put('kernel_alignment', 2 ** shape.alignment);
  put('relocatable_kernel', shape.relocatable ? 1 : 0);
  put('min_alignment', Math.min(shape.minAlignment, shape.alignment));
  put('xloadflags', shape.xloadflags);
  put('cmdline_size', shape.cmdlineSize);
  put('payload_offset', 0x200);
  put('payload_length', 0x10);
  put('pref_address', shape.prefAddress);
  put('init_size', shape.initSize);
  put('handover_offset', 0x190);
  return file.bytes(setup - 32, encodeText('6.99.0-made (oracle)\0')).value;
}

function endOf(version: number): number {
  const [, last] = ENDS.find(([since]) => version >= since) ?? ENDS[ENDS.length - 1]!;
  const { offset, size } = SetupHeader.at[last];
  return offset + size;
}
