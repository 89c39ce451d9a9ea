import type { Address, Part, Segment } from '@kexec-kit/loader-api';
import { decodeText } from '@kexec-kit/structures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readSetupHeader,
  REAL_MODE_CODE_MAX,
  type RealModeInput,
  realModeHandover,
  SETUP_CODE,
  setupCodeSize,
  type SetupHeader,
  setupHeaderBytes,
} from '../src/index.js';
import { sector } from './fixtures.js';
import { evaluate } from './kernel-view.js';

const ADDRESSES = new Map<string, Address>([
  ['kernel', 0x1000000n],
  ['initrd', 0x3000000n],
  [SETUP_CODE, 0x8a000n],
]);

/** An image of 16 KiB of real-mode code, every byte of which outside the header is its offset. */
function image(version: number): Uint8Array {
  const bytes = Uint8Array.from({ length: 32 * 512 }, (_, i) => i * 7 + (i >> 8));
  const header = readSetupHeader(sector({ version, setup_sects: 31, heap_end_ptr: 0x1234 }));
  bytes.set(sector({ version, setup_sects: 31, heap_end_ptr: 0x1234 }).subarray(0x1f1, header.end), 0x1f1);
  return bytes;
}

function input(bytes: Uint8Array, changes: Partial<RealModeInput> = {}): RealModeInput {
  const header = readSetupHeader(bytes);
  return {
    image: 'image',
    header,
    headerBytes: setupHeaderBytes(bytes, header),
    kernel: 'kernel',
    commandLine: 'console=ttyS0',
    commandLineLimit: 255,
    initrds: [],
    initrdEnd: 0x80000000n,
    ...changes,
  };
}

function segmentsOf(asked: RealModeInput): readonly Segment[] {
  const result = realModeHandover(asked);
  if (!result.ok) throw new Error(result.diagnostics[0].code);
  return result.value.segments;
}

/** What the CPU finds in the real-mode segment, with everything in its place. */
function memory(bytes: Uint8Array, asked: RealModeInput): Uint8Array {
  const segment = segmentsOf(asked).find(({ id }) => id === SETUP_CODE)!;
  const content = Buffer.concat((segment.parts as Part[]).map((part) => contentOf(part, bytes)));
  for (const relocation of segment.relocations ?? []) {
    if (!('value' in relocation)) throw new Error('no checksum is expected');
    content.writeUInt32LE(Number(evaluate(relocation.value, ADDRESSES)), relocation.offset);
  }
  expect(BigInt(content.length)).toBeLessThanOrEqual(segment.memorySize);
  return content;
}

function contentOf(part: Part, bytes: Uint8Array): Uint8Array {
  if ('bytes' in part) return part.bytes;
  if ('source' in part) return bytes.subarray(part.offset, part.offset + part.length);
  return new Uint8Array('zeros' in part ? Number(part.zeros) : 0);
}

/** As the kernel looks for it: boot.rst, "The Kernel Command Line". */
function commandLineIn(content: Uint8Array, header: SetupHeader): string {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const old = header.version < 0x0202;
  if (old) expect(view.getUint16(0x20, true)).toBe(0xa33f);
  const at = old ? view.getUint16(0x22, true) : header.cmd_line_ptr! - Number(ADDRESSES.get(SETUP_CODE));
  return decodeText(content.subarray(at, content.indexOf(0, at)));
}

const VERSIONS = Array.from({ length: 16 }, (_, minor) => 0x200 + minor);

describe.each(VERSIONS)('protocol %i', (version) => {
  const bytes = image(version);
  const initrds = [{ source: 'initrd.0', name: 'a', size: 70_000, arguments: '' }];
  const content = memory(bytes, input(bytes, { initrds }));
  const header = readSetupHeader(content);

  test('finds its command line', () => {
    expect(commandLineIn(content, header)).toBe('console=ttyS0');
  });

  test('finds the kernel and the initrd', () => {
    expect(header).toMatchObject({
      code32_start: 0x1000000,
      ramdisk_image: 0x3000000,
      ramdisk_size: 70_000,
      type_of_loader: 0xd0,
    });
  });

  test('has heap up to its stack, if it knows of a heap', () => {
    const end = version < 0x202 ? 0x9800 : 0xe000;
    expect(header.heap_end_ptr).toBe(version < 0x201 ? undefined : end - 0x200);
    expect(header.loadflags).toBe(version < 0x201 ? 0x01 : 0x81);
  });

  test('is otherwise the code that the file has', () => {
    const told = [
      ...[[0x20, 4]],
      ...[
        [0x210, 2],
        [0x214, 12],
      ],
      ...(version < 0x202 ? [[0x212, 2]] : [[0x228, 4]]),
      ...(version > 0x200 ? [[0x224, 2]] : []),
    ] as [number, number][];
    const differs = Array.from(bytes.keys()).filter((i) => content[i] !== bytes[i]);
    const isTold = (i: number) => told.some(([at, size]) => i >= at && i < at + size);
    expect(differs.filter((i) => !isTold(i))).toEqual([]);
    expect(content.subarray(bytes.length, 0x9800).every((byte) => byte === 0)).toBe(true);
  });
});

test('any command line arrives as it is, or is refused: nothing is cut', () => {
  const bytes = image(0x20f);
  fc.assert(
    fc.property(fc.string({ maxLength: 40, unit: 'grapheme' }), fc.nat(60), (commandLine, limit) => {
      const asked = input(bytes, { commandLine, commandLineLimit: limit });
      const result = realModeHandover(asked);
      const size = Buffer.byteLength(commandLine);
      if (size > limit || commandLine.includes('\0')) expect(result.ok).toBe(false);
      else
        expect(commandLineIn(memory(bytes, asked), readSetupHeader(memory(bytes, asked)))).toBe(commandLine);
    }),
  );
});

test.each([
  [0x201, 0x800],
  [0x20f, 0x2000],
])(
  'protocol %i has room for a command line of %i bytes with its NUL, whatever the header claims',
  (version, room) => {
    const bytes = image(version);
    const ask = (length: number) =>
      realModeHandover(input(bytes, { commandLine: 'x'.repeat(length), commandLineLimit: 0xffffffff }));
    expect(ask(room - 1).ok).toBe(true);
    expect(ask(room)).toMatchObject({ ok: false, diagnostics: [{ code: 'LINUX_COMMAND_LINE_TOO_LONG' }] });
  },
);

test('all of it is one segment of real mode, the code below where heap and stack may begin', () => {
  for (const version of VERSIONS) {
    const { memorySize } = segmentsOf(input(image(version)))[0]!;
    expect(memorySize).toBeLessThanOrEqual(0x10000n);
  }
  expect(setupCodeSize({ setup_sects: 63 })).toBe(REAL_MODE_CODE_MAX);
});

test('an initrd that lies nowhere in reach is refused, not cut', () => {
  const initrds = [{ source: 'initrd.0', name: 'a', size: 0x80000000, arguments: '' }];
  expect(realModeHandover(input(image(0x20f), { initrds }))).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'LINUX_INITRD_TOO_LARGE', found: '2147483648 bytes' }],
  });
});

test('an empty initrd is left out with a warning', () => {
  const initrds = [{ source: 'initrd.0', name: 'none.img', size: 0, arguments: '' }];
  const result = realModeHandover(input(image(0x20f), { initrds }));
  expect(result.diagnostics).toMatchObject([{ code: 'LINUX_INITRD_EMPTY', severity: 'warning' }]);
  expect(result.ok && result.value.segments.map(({ id }) => id)).toEqual([SETUP_CODE]);
});
