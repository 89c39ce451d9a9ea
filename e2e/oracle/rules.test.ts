import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { inFolders } from './bulk.js';
import { parseCase, serializeCase } from './case.js';
import type { Comparison } from './judge.js';
import { judge, rules } from './rules/index.js';
import { ask } from './run.js';

/** For each rule the smallest machine and image in which it is needed, found by generating and made small. */
const folder = fileURLToPath(new URL('rules/cases/', import.meta.url));
const saved = readdirSync(folder).map((file) => basename(file, '.json'));

test('every rule has a machine that shows it, and every machine its rule', () => {
  expect(saved.sort()).toEqual(rules.map(({ name }) => name).sort());
});

test('no two rules have one name', () => {
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
});

describe.each(rules)('$name', ({ name }) => {
  const made = parseCase(readFileSync(`${folder}${name}.json`, 'utf8'));

  test('explains the difference on its machine, which without it is a disagreement', async () => {
    const comparison = await askOnce(made);
    const { kind, rules: needed, unexplained } = judge(comparison);
    expect(unexplained).toEqual([]);
    expect({ kind, needed }).toMatchObject({
      kind: 'explained',
      needed: expect.arrayContaining([name]) as string[],
    });
    const without = judge(
      comparison,
      rules.filter((rule) => rule.name !== name),
    );
    expect(without.kind).toBe('disagreement');
  });

  test('explains nothing of a value that neither side must have', async () => {
    const comparison = await askOnce(made);
    const rule = rules.find((each) => each.name === name);
    const explained = comparison.differences.filter(
      (difference) =>
        rule?.items.test(difference.item) === true && rule.explains(difference, comparison.evidence),
    );
    expect(explained).not.toEqual([]);
    const planted = explained.map((difference) => ({
      ...difference,
      theirs: 'planted',
      ours: 'planted, too',
    }));
    const left = planted.filter((difference) => rule?.explains(difference, comparison.evidence) === false);
    expect(left).toEqual(planted);
  });

  test('its machine is the same after it was saved', () => {
    expect(parseCase(serializeCase(made))).toEqual(made);
  });
});

async function askOnce(made: ReturnType<typeof parseCase>): Promise<Comparison> {
  const comparisons: Comparison[] = [];
  await inFolders(1, async (scratch) => {
    comparisons.push(await ask(made, scratch));
  });
  return comparisons[0]!;
}
