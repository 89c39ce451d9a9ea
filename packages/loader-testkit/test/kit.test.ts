import { describe, expect, test } from 'vitest';
import { checks, type KitInput } from '@kexec-kit/loader-testkit';
import { good, rejects, samples } from './good-loader.js';
import { saboteurs } from './saboteurs.js';

const input = (more: Partial<KitInput> = {}): KitInput => ({
  loader: good,
  accepts: samples,
  rejects,
  ...more,
});

describe('a good loader', () => {
  for (const { name, run } of checks(input())) test(name, run);
});

describe('a loader broken on purpose is caught', () => {
  for (const [id, broken] of Object.entries(saboteurs)) {
    test.each(broken)(`by ${id}: $what`, ({ loader, input: more }) => {
      const mine = [...checks(input({ loader, ...more }))].filter((check) => check.id === id);
      expect(mine.length).toBeGreaterThan(0);
      expect(() => {
        for (const check of mine) check.run();
      }).toThrow(expect.objectContaining({ name: 'NonConforming' }));
    });
  }
});

test('every check has a saboteur, and every saboteur a check', () => {
  const ids = new Set([...checks(input())].map(({ id }) => id));
  expect([...ids].sort()).toEqual(Object.keys(saboteurs).sort());
});

test('samples are left as they are, also those that Node read into a Buffer', () => {
  const buffers = samples.map((sample) => ({ ...sample, bytes: Buffer.from(sample.bytes) }));
  for (const { run } of checks(input({ accepts: buffers }))) run();
  expect(buffers.map(({ bytes }) => bytes.toString('hex'))).toEqual(
    samples.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
  );
});
