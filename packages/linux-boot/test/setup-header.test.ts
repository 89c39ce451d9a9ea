import { describe, expect, test } from 'vitest';
import {
  kernelVersion,
  protocolName,
  readSetupHeader,
  setupCodeSize,
  SetupHeader,
  setupHeaderBytes,
  setupHeaderEnd,
  setupHeaderFacts,
} from '../src/index.js';
import { sector } from './fixtures.js';

/** Documentation/arch/x86/boot.rst, "The Real-Mode Kernel Header": offset, size, first protocol version. */
const BOOT_RST: readonly (readonly [
  name: keyof typeof SetupHeader.at,
  offset: number,
  size: number,
  since: number,
])[] = [
  ['setup_sects', 0x1f1, 1, 0],
  ['root_flags', 0x1f2, 2, 0],
  ['syssize', 0x1f4, 4, 0],
  ['ram_size', 0x1f8, 2, 0],
  ['vid_mode', 0x1fa, 2, 0],
  ['root_dev', 0x1fc, 2, 0],
  ['boot_flag', 0x1fe, 2, 0],
  ['jump', 0x200, 2, 0],
  ['header', 0x202, 4, 0],
  ['version', 0x206, 2, 0],
  ['realmode_swtch', 0x208, 4, 0],
  ['start_sys_seg', 0x20c, 2, 0],
  ['kernel_version', 0x20e, 2, 0],
  ['type_of_loader', 0x210, 1, 0],
  ['loadflags', 0x211, 1, 0],
  ['setup_move_size', 0x212, 2, 0],
  ['code32_start', 0x214, 4, 0],
  ['ramdisk_image', 0x218, 4, 0],
  ['ramdisk_size', 0x21c, 4, 0],
  ['bootsect_kludge', 0x220, 4, 0],
  ['heap_end_ptr', 0x224, 2, 0x201],
  ['ext_loader_ver', 0x226, 1, 0x202],
  ['ext_loader_type', 0x227, 1, 0x202],
  ['cmd_line_ptr', 0x228, 4, 0x202],
  ['initrd_addr_max', 0x22c, 4, 0x203],
  ['kernel_alignment', 0x230, 4, 0x205],
  ['relocatable_kernel', 0x234, 1, 0x205],
  ['min_alignment', 0x235, 1, 0x20a],
  ['xloadflags', 0x236, 2, 0x20c],
  ['cmdline_size', 0x238, 4, 0x206],
  ['hardware_subarch', 0x23c, 4, 0x207],
  ['hardware_subarch_data', 0x240, 8, 0x207],
  ['payload_offset', 0x248, 4, 0x208],
  ['payload_length', 0x24c, 4, 0x208],
  ['setup_data', 0x250, 8, 0x209],
  ['pref_address', 0x258, 8, 0x20a],
  ['init_size', 0x260, 4, 0x20a],
  ['handover_offset', 0x264, 4, 0x20b],
  ['kernel_info_offset', 0x268, 4, 0x20f],
];

test('every field of the specification stands where the specification has it', () => {
  const described = SetupHeader.fields.filter(({ name }) => name !== 'before');
  expect(described.map(({ name, offset, size }) => [name, offset, size])).toEqual(
    BOOT_RST.map(([name, offset, size]) => [name, offset, size]),
  );
});

test.each(BOOT_RST)('%s is read from its own bytes, exactly', (name, offset, size) => {
  if (['jump', 'header', 'version', 'boot_flag'].includes(name)) return;
  const image = sector();
  image.fill(0, offset, offset + size);
  const zero = readSetupHeader(image)[name];
  image.fill(0xff, offset, offset + size);
  const ones = readSetupHeader(image)[name];
  const most = (1n << BigInt(8 * size)) - 1n;
  expect(zero).toBe(size === 8 ? 0n : 0);
  expect(ones).toBe(size === 8 ? most : Number(most));
});

test('a 64-bit address that a double cannot hold is read exactly', () => {
  const image = sector();
  new DataView(image.buffer).setBigUint64(0x258, 0xffffffff81000123n, true);
  expect(readSetupHeader(image).pref_address).toBe(0xffffffff81000123n);
});

describe('a field exists when both the protocol version and the declared length have it', () => {
  const versions = Array.from({ length: 16 }, (_, minor) => 0x200 + minor);
  test.each(versions)('protocol %i', (version) => {
    for (let displacement = 0x22; displacement <= 0x7f; displacement++) {
      const header = readSetupHeader(sector({ version }, displacement));
      for (const [name, offset, size, since] of BOOT_RST.filter(([, , , since]) => since > 0)) {
        const has = version >= since && offset + size <= 0x202 + displacement;
        expect(header[name] !== undefined, `${name}, end at ${0x202 + displacement}`).toBe(has);
      }
    }
  });
});

test.each([
  ['what the version lacks is not copied though the length covers it', 0x020c, 0x6a, 0x268],
  ['2.14 has the fields of 2.13', 0x020e, 0x6a, 0x268],
  ['no more than the declared length is copied', 0x020f, 0x66, 0x268],
  ['2.15 in full', 0x020f, 0x6a, 0x26c],
  ['2.15 with more than is known of it', 0x020f, 0x7f, 0x26c],
  ['the length of a version that is not known yet is believed', 0x0210, 0x7f, 0x281],
  ['an old header ends with its last field', 0x0206, 0x6a, 0x23c],
])('%s', (_, version, displacement, end) => {
  const image = sector({ version }, displacement);
  const header = readSetupHeader(image);
  expect(setupHeaderEnd(header)).toBe(end);
  expect(setupHeaderBytes(image, header)).toEqual(image.subarray(0x1f1, end));
});

test('setup_sects 0 stands for 4', () => {
  expect(setupCodeSize({ setup_sects: 0 })).toBe(5 * 512);
  expect(setupCodeSize({ setup_sects: 0x27 })).toBe(0x5000);
});

test('the protocol version is written the way the specification writes it', () => {
  expect(protocolName(0x020f)).toBe('2.15');
  expect(protocolName(0x0201)).toBe('2.01');
});

describe('the version string', () => {
  const image = new Uint8Array(0x3000);
  image.set(Buffer.from('6.12.1 (me@here)\0rest'), 0x700);

  test('ends at its NUL', () => {
    expect(kernelVersion(image, { kernel_version: 0x500, setup_sects: 4 })).toBe('6.12.1 (me@here)');
  });
  test('is none when the pointer is 0 or points behind the setup code', () => {
    expect(kernelVersion(image, { kernel_version: 0, setup_sects: 4 })).toBeUndefined();
    expect(kernelVersion(image, { kernel_version: 0x800, setup_sects: 4 })).toBeUndefined();
  });
  test('is cut off when nothing ends it', () => {
    const endless = new Uint8Array(0x3000).fill(0x61);
    expect(kernelVersion(endless, { kernel_version: 0x100, setup_sects: 0x10 })).toHaveLength(256);
  });
});

test('facts name every field that exists, with value, place and clause, and decode the flags', () => {
  const facts = setupHeaderFacts(readSetupHeader(sector({ version: 0x020c, xloadflags: 0x83 })));
  expect(facts.map(({ name }) => name)).not.toContain('kernel_info_offset');
  expect(facts.find(({ name }) => name === 'xloadflags')).toEqual({
    name: 'xloadflags',
    value: '0x83 (XLF_KERNEL_64 | XLF_CAN_BE_LOADED_ABOVE_4G | bit 7)',
    offset: 0x236,
    size: 2,
    spec: 'Documentation/arch/x86/boot.rst, xloadflags, 0x236/2, protocol 2.12',
  });
  expect(facts.find(({ name }) => name === 'header')?.value).toBe('0x53726448 ("HdrS")');
});
