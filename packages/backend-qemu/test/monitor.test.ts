import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { isHalted, openMonitor } from '../src/monitor.js';

/** As QEMU 7.2 writes it. */
const registers = (rflags: string, halt: number) =>
  `RIP=0000000000200002 RFL=${rflags} [-------] CPL=0 II=0 A20=1 SMM=0 HLT=${halt}`;

describe('a CPU', () => {
  it.each([
    ['00000046', 1, true],
    ['00000246', 1, false],
    ['00000046', 0, false],
    ['00000246', 0, false],
  ])('with RFLAGS %s and HLT=%d has stopped for good: %s', (rflags, halt, expected) => {
    expect(isHalted(registers(rflags, halt))).toBe(expected);
  });

  it('is read outside 64-bit mode too, where the register has another name', () => {
    expect(isHalted('EIP=001013f7 EFL=00000046 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1')).toBe(true);
    expect(isHalted('EIP=001013f7 EFL=00000246 [---Z-P-] CPL=0 II=0 A20=1 SMM=0 HLT=1')).toBe(false);
  });

  it('of which nothing is known has not stopped', () => {
    expect(isHalted('{"return": {}}')).toBe(false);
  });
});

const silent = {
  halted: () => {
    throw new Error('halted');
  },
  shutdown: () => {
    throw new Error('shut down');
  },
};

it('asks nothing more once it is told to end', () => {
  const socket = new PassThrough();
  const monitor = openMonitor(socket, silent);
  monitor.end();
  expect(socket.destroyed).toBe(true);
  expect(() => {
    monitor.end();
  }).not.toThrow();
});
