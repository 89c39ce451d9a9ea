import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GuestFirmware } from '@kexec-kit/backend-qemu';
import { LAST_WORDS_SIZE, unwrap } from '@kexec-kit/loader-api';
import { readLastWords, type PurgatoryParameters } from '@kexec-kit/purgatory';
import { expect } from 'vitest';
import { dumped, dumpQuestion } from '../memory-dump.js';
import { textOnScreen } from './screen.js';
import { BACKUP, data, DATA, LOW_MEMORY, RECORD, type Entered, type Way } from './ways.js';

/** One of purgatory's jobs, how a guest is asked whether it was done, and what has to be the answer. */
export interface Job {
  readonly name: string;
  /** The option that asks for it; empty for what is always done. */
  readonly option: string;
  /** What is looked at. */
  readonly seen: string;
  readonly parameters: Partial<PurgatoryParameters>;
  readonly firmware?: GuestFirmware;
  /** QEMU's arguments for them; files go into the folder. */
  readonly devices?: (folder: string) => readonly string[];
  /** Code that runs before purgatory. */
  readonly before?: Uint8Array;
  /** QEMU's monitor is asked when the kernel has come to its end; files go into the folder. */
  readonly questions?: (folder: string) => readonly string[];
  readonly check: (entered: Entered, folder: string, way: Way) => void;
}

const VGA = ['-vga', 'std'];
const SECOND_SERIAL = ['-chardev', 'ringbuf,id=second,size=4096', '-serial', 'chardev:second'];

/** Moves the cursor to the first column of line 24; the same instructions in 32-bit and 64-bit code. */
const cursorInLastLine = Uint8Array.from(
  [
    [0x66, 0xba, 0xd4, 0x03], // mov $0x3d4, %dx
    [0x66, 0xb8, 0x0e, 0x07, 0x66, 0xef], // mov $0x070e, %ax; out %ax, %dx: the upper half
    [0x66, 0xb8, 0x0f, 0x80, 0x66, 0xef], // the lower half
  ].flat(),
);

const ENTERED = 'kexec-kit purgatory: entered';
const VERIFIED = 'kexec-kit purgatory: 2 regions verified';

/** As a ROM without a BIOS has left them: nobody has set them up. */
const UNTOUCHED = 'irq_base=00';

const none: Job = {
  name: 'none',
  option: '`--no-checks`',
  seen: 'nothing is verified; VGA and interrupt controllers are as they were',
  parameters: { regions: [] },
  devices: () => VGA,
  questions: () => ['info pic', dumpQuestion(0xb8000n, 160)],
  check: ({ debugcon, answers: [pics = '', screen] }) => {
    expect(debugcon).toBe('kexec-kit purgatory: 0 regions verified\nwitness\n');
    expect(pics.match(/irq_base=../g)).toEqual([UNTOUCHED, UNTOUCHED]);
    expect(textOnScreen(dumped(screen))).toEqual(['']);
  },
};

const verify: Job = {
  name: 'verify',
  option: '',
  seen: 'two regions, one of an odd length',
  parameters: {},
  check: ({ output, debugcon }) => {
    expect(output.startsWith('{'), 'silent on serial').toBe(true);
    expect(debugcon).toBe(`${VERIFIED}\nwitness\n`);
  },
};

const resetVga: Job = {
  name: 'reset VGA',
  option: '`--reset-vga`',
  seen: 'text of 80x25 in a picture of 720x400, each character in a shape of its own; the words are in it',
  parameters: { resetVga: true, console: { vga: true, verbose: true } },
  devices: () => VGA,
  questions: (folder) => [dumpQuestion(0xb8000n, 4000), `screendump ${join(folder, 'screen.ppm')}`],
  check: ({ answers: [screen] }, folder) => {
    const lines = textOnScreen(dumped(screen));
    expect(lines).toHaveLength(25);
    expect(lines.join('\n').trimEnd()).toBe(`${ENTERED}\n${VERIFIED}`);
    expectReadable(readFileSync(join(folder, 'screen.ppm')), lines);
  },
};

const resetPic: Job = {
  name: 'reset PIC',
  option: '`--reset-pic`',
  seen: 'vectors 0x08 and 0x70, masks 0xb8 and 0x8e',
  parameters: { resetPic: true },
  questions: () => ['info pic'],
  check: ({ answers: [pics = ''] }) => {
    expect(pics).toMatch(/pic0: .*imr=b8 isr=00 .*irq_base=08 /);
    expect(pics).toMatch(/pic1: .*imr=8e isr=00 .*irq_base=70 /);
  },
};

const copyLowMemory: Job = {
  name: 'copy low memory',
  option: 'a crash kernel',
  seen: 'the first 640 KiB, byte by byte where the kernel did not write since',
  parameters: { copies: [{ from: 0n, to: BACKUP, length: LOW_MEMORY }] },
  questions: (folder) =>
    [0n, BACKUP].map((at, n) => `pmemsave ${at} ${LOW_MEMORY} "${join(folder, `${n}`)}"`),
  check: (_, folder) => {
    const [now, copy] = ['0', '1'].map((name) => readFileSync(join(folder, name))) as [Buffer, Buffer];
    expect(copy.subarray(Number(DATA), Number(DATA) + data.length)).toEqual(Buffer.from(data));
    // Where neither purgatory nor the witness has written since.
    expect(copy.subarray(0x4_0000).equals(now.subarray(0x4_0000))).toBe(true);
    expect(copy.subarray(0x1000, 0x7000).equals(now.subarray(0x1000, 0x7000))).toBe(true);
  },
};

const wordsOnScreen: Job = {
  name: 'words on the screen',
  option: '`--console-vga`',
  seen: 'after the words of SeaBIOS, at the cursor, in the last line: those above move up',
  parameters: { console: { vga: true, verbose: true } },
  firmware: 'seabios',
  questions: () => [dumpQuestion(0xb8000n, 4000)],
  before: cursorInLastLine,
  check: ({ answers: [screen] }) => {
    const lines = textOnScreen(dumped(screen));
    expect(lines[0], 'what was there has moved up').not.toBe('');
    expect(lines.slice(-3)).toEqual([ENTERED, VERIFIED, '']);
  },
};

const wordsOnSerial: Job = {
  name: 'words on a serial port',
  option: '`--console-serial --serial=ttyS1 --serial-baud=9600`',
  seen: 'on the second port, with a divisor of 12, 8 bits, no parity; nothing on the first',
  parameters: { console: { serial: { port: 0x2f8, baud: 9600 }, verbose: true } },
  devices: () => SECOND_SERIAL,
  questions: () => [
    'ringbuf_read second 4096',
    ...['i /b 0x2fb', 'o /b 0x2fb 0x83', 'i /b 0x2f8', 'i /b 0x2f9'],
  ],
  check: ({ output, answers: [words = '', control, , low, high] }) => {
    expect(output.startsWith('{'), 'silent on the first').toBe(true);
    // The monitor shows a carriage return as its code.
    expect(words.replaceAll('\\u000D', '').trim().split(/\r?\n/)).toEqual([ENTERED, VERIFIED]);
    expect([control, low, high].map((answer) => /= 0x(..)/.exec(answer ?? '')?.[1])).toEqual([
      '03',
      '0c',
      '00',
    ]);
  },
};

const lastWords: Job = {
  name: 'last words',
  option: '',
  seen: 'the record in memory: jumped, with its times in order; the states on port 0x80',
  parameters: { lastWords: RECORD },
  devices: (folder) => [
    ...['-chardev', `file,id=post,path=${join(folder, 'post')}`],
    ...['-device', 'isa-debugcon,iobase=0x80,chardev=post'],
  ],
  questions: () => [dumpQuestion(RECORD, LAST_WORDS_SIZE)],
  check: ({ answers: [record] }, folder, { mode }) => {
    const told = unwrap(readLastWords(dumped(record)));
    expect(told).toMatchObject({ state: 'jumped', regions: 2, region: 1 });
    const { entered, verified = 0n, jumped = 0n } = told;
    expect(entered).toBeGreaterThan(0n);
    expect(verified).toBeGreaterThan(entered);
    expect(jumped).toBeGreaterThan(verified);
    const [started, switched, ended] = ['e1e2e2e3', mode === 'long64' ? '' : 'e4', 'e5'];
    expect(readFileSync(join(folder, 'post'), 'hex')).toBe(`${started}${switched}${ended}`);
  },
};

export const jobs: readonly Job[] = [
  none,
  verify,
  resetVga,
  resetPic,
  copyLowMemory,
  wordsOnScreen,
  wordsOnSerial,
  lastWords,
];

const CELL = { width: 9, height: 16 };

/** Of a picture of a text screen: equal characters look equal, unequal ones do not, and only blanks are dark. */
function expectReadable(picture: Buffer, lines: readonly string[]): void {
  const header = picture.subarray(0, 15).toString('latin1');
  expect(header).toBe('P6\n720 400\n255\n');
  const shapes = new Map<string, string>();
  for (const [row, line] of lines.slice(0, 2).entries()) {
    for (const [column, character] of line.split('').entries()) {
      const shape = shapeAt(picture.subarray(header.length), row, column);
      expect(shapes.get(character) ?? shape, character).toBe(shape);
      expect(/[1-9a-f]/.test(shape), character).toBe(character !== ' ');
      shapes.set(character, shape);
    }
  }
  expect(new Set(shapes.values()).size).toBe(shapes.size);
}

function shapeAt(pixels: Buffer, row: number, column: number): string {
  const lines = Array.from({ length: CELL.height }, (_, line) => {
    const start = ((row * CELL.height + line) * 720 + column * CELL.width) * 3;
    return pixels.subarray(start, start + CELL.width * 3).toString('hex');
  });
  return lines.join('');
}
