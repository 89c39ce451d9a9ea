import type { AnyLoader, Machine, Policy, SerialPort } from '@kexec-kit/loader-api';
import { fromHex } from '@kexec-kit/structures';
import { describe, expect, it } from 'vitest';
import { open, plan } from '@kexec-kit/core';
import { flat, machine, sourceOf } from './loaders.js';

/** The machine that a loader is told of. */
function told(policy: Partial<Policy>): Machine | undefined {
  const seen: Machine[] = [];
  const spy: AnyLoader = {
    ...flat,
    plan: (image: never, input) => {
      seen.push(input.machine);
      return flat.plan(image, input as never);
    },
  };
  const opened = open(sourceOf('FLATcode'), [spy]);
  if (!opened.ok || !plan(opened.value, { machine, policy }).ok) throw new Error('not planned');
  return seen[0];
}

describe('a VGA that purgatory resets', () => {
  it('is told to the next kernel as text mode 3, whatever the screen shows now', () => {
    const screen = fromHex(told({ resetVga: true })?.firmware.screen?.screenInfo ?? '');
    expect(screen).toHaveLength(64);
    // include/uapi/linux/screen_info.h: mode, columns; lines, isVGA; points.
    expect([...screen.subarray(6, 8), ...screen.subarray(14, 17)]).toEqual([3, 80, 25, 1, 16]);
    expect(told({ resetVga: true })?.told).toEqual(machine.told);
  });

  it('is otherwise told as it is', () => {
    expect(told({})).toEqual(machine);
  });
});

describe('a serial port that cannot be one', () => {
  const codes = (serial: SerialPort) => {
    const opened = open(sourceOf('FLATcode'), [flat]);
    if (!opened.ok) throw new Error('not opened');
    return plan(opened.value, { machine, policy: { console: { serial } } }).diagnostics.map(
      ({ code }) => code,
    );
  };

  it.each([0, -1, 0xfff9, 1.5, Number.NaN])('is refused: port %d', (port) => {
    expect(codes({ port })).toEqual(['SERIAL_PORT']);
  });

  it.each([0, -9600, 7200, 9601, 115_201, 16457.14, Number.NaN])('is refused: %d baud', (baud) => {
    expect(codes({ port: 0x3f8, baud })).toEqual(['SERIAL_BAUD']);
  });

  it.each([9600, 38400, 115_200, undefined])('is not what %j baud makes it', (baud) => {
    expect(codes({ port: 0xfff8, ...(baud !== undefined && { baud }) })).toEqual([]);
  });
});
