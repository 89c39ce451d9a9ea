import { describe, expect, it } from 'vitest';
import { parseArguments } from '../src/arguments.js';
import { commands } from '../src/commands.js';
import { policyOf } from '../src/policy.js';

const options = commands.find(({ name }) => name === 'plan')?.options ?? [];
const policy = (...argv: string[]) => policyOf(parseArguments(argv, options, []).values);
const first = { port: 0x3f8 };

describe('where purgatory speaks', () => {
  it.each([
    [[], { vga: false, serial: first, verbose: false }],
    [['--console-serial'], { vga: false, serial: first, verbose: true }],
    [['--console-vga'], { vga: true, verbose: true }],
    [['--console-vga', '--console-serial'], { vga: true, serial: first, verbose: true }],
    [['--serial=ttyS1'], { vga: false, serial: { port: 0x2f8 }, verbose: false }],
    [['--serial=0x3E8', '--console-vga'], { vga: true, serial: { port: 0x3e8 }, verbose: true }],
    [['--serial-baud=9600'], { vga: false, serial: { ...first, baud: 9600 }, verbose: false }],
  ])('%j', (argv, console) => {
    expect(policy(...argv).console).toEqual(console);
  });

  it.each(['ttyS2', '3f8', '0x', '0x12345', '', 'toString'])('is no port named %j', (port) => {
    expect(() => policy(`--serial=${port}`)).toThrow(/--serial takes ttyS0, ttyS1 or an I\/O port/);
  });

  it.each(['0', '1200', '230400', '9601', '-9600', '9600.0', ''])('has no speed of %j', (baud) => {
    expect(() => policy(`--serial-baud=${baud}`)).toThrow(/--serial-baud is one of 9600,/);
  });
});

describe('what purgatory does', () => {
  it('is nothing but to verify, unless it is asked for more or for less', () => {
    expect(policy()).toMatchObject({ resetVga: false, resetPic: false, checks: true });
    expect(policy('--reset-vga', '--reset-pic', '--no-checks')).toMatchObject({
      resetVga: true,
      resetPic: true,
      checks: false,
    });
  });
});
