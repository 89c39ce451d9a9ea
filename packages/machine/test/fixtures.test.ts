import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parseMachine, serializeMachine } from '@kexec-kit/machine';
import { generated } from '../fixtures/generate.js';
import { readTree, recorded, recordedTree } from './trees.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

describe('fixtures', () => {
  test.each(recorded)('%s.json is what its recorded tree says', async (name) => {
    const machine = await readTree(recordedTree(name));
    if (!machine.ok) throw new Error(machine.diagnostics[0].message);
    expect(machine.diagnostics).toEqual([]);
    await expect(serializeMachine(machine.value)).toMatchFileSnapshot(fixture(`${name}.json`));
  });

  test.each(Object.keys(generated))('%s.json is what its generator makes', async (name) => {
    await expect(serializeMachine(generated[name]!())).toMatchFileSnapshot(fixture(`${name}.json`));
  });

  test('each has its origin beside it, and is read back as it was written', () => {
    const names = readdirSync(fixture('')).filter((file) => file.endsWith('.json'));
    expect(names).toHaveLength(recorded.length + Object.keys(generated).length);
    for (const name of names) {
      expect(existsSync(fixture(name.replace(/json$/, 'md'))), `${name} has an origin`).toBe(true);
      const text = readFileSync(fixture(name), 'utf8');
      const machine = parseMachine(text);
      expect(machine.ok && serializeMachine(machine.value)).toBe(text);
    }
  });

  test('300 ranges are 300', () => {
    expect(generated['many-ranges']!().told).toHaveLength(300);
  });
});
