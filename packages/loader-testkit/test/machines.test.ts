import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hex } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';

/** Under which name the machine package has recorded, or made up, the same machine. */
const recorded = {
  small: 'small',
  holes: 'holes',
  above4g: 'above4g',
  crash: 'crash-high',
  crashBelow4g: 'crash-smp',
  uefi: 'uefi',
  onlyAbove4g: 'only-above4g',
  manyRanges: 'many-ranges',
} as const;

test.each(Object.entries(recorded))('the machine %s is the snapshot %s', (name, snapshot) => {
  const file = new URL(`../../machine/fixtures/${snapshot}.json`, import.meta.url);
  const { told, usable, crashKernel, crash } = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    unknown
  >;
  const machine = standardMachines[name as keyof typeof standardMachines];
  expect(asJson(machine.told)).toEqual(told);
  expect(asJson(machine.usable)).toEqual(usable);
  expect(asJson(machine.crashKernel)).toEqual(crashKernel);
  expect(asJson({ crash: 'crash' in machine ? machine.crash : undefined })).toEqual({ crash });
});

test('the machine uefi has the recorded firmware', () => {
  const file = new URL('../../machine/fixtures/uefi.json', import.meta.url);
  const { firmware } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(asJson(standardMachines.uefi.firmware)).toEqual(firmware);
});

test('the machine small has the recorded disk', () => {
  const file = new URL('../../machine/fixtures/small.json', import.meta.url);
  const { firmware } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  expect(asJson(standardMachines.small.firmware)).toEqual(firmware);
});

function asJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? hex(each) : each)),
  );
}
