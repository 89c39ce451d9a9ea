import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formats, planted } from '../../tools/fuzz-formats.mjs';
import { prepare, runJobs } from '../../tools/fuzz-run.mjs';
import { targets } from './targets/index.js';

/** Of each format. */
const CASES = 2000;
const SEED = 1;
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));

let code: Awaited<ReturnType<typeof prepare>>;
beforeAll(async () => {
  code = await prepare();
});
afterAll(() => {
  rmSync(code.bundle);
});

async function run(format: string, cases: { from?: number; to: number }, seed = SEED) {
  const [report] = await runJobs(code, [{ format, seed, from: 0, ...cases }], { threads: 1 });
  return report!;
}

/** What a finding says, without the bytes. */
const words = ({ findings }: Awaited<ReturnType<typeof run>>) =>
  findings.map(({ finding: { kind, index, message } }) => `${kind} in case ${String(index)}: ${message}`);

test('the formats that the command knows are those that are fuzzed', () => {
  expect(targets.filter((target) => target.planted !== true).map(({ name }) => name)).toEqual(formats);
  expect(targets.filter((target) => target.planted === true).map(({ name }) => name)).toEqual(planted);
});

describe.each(formats)('%s', (format) => {
  test(
    `answers ${String(CASES)} damaged inputs with results, in time and in bounds, and gets through to its end`,
    { timeout: 120_000 },
    async () => {
      const report = await run(format, { to: CASES });
      expect(words(report)).toEqual([]);
      expect(report.cases).toBe(CASES);
      const stages = targets.find(({ name }) => name === format)!.stages;
      const rare = stages.filter((stage) => (report.reached[stage] ?? 0) < CASES / 100);
      expect(rare, 'stages that hardly any case reaches').toEqual([]);
    },
  );
});

describe('the fuzzer', () => {
  test.each([
    ['planted-throws', 'crash', /Cannot read properties of undefined/],
    ['planted-loops', 'hang', /more than 1000 ms/],
    ['planted-allocates', 'memory', /asks for \d+ bytes/],
    ['planted-gathers', 'memory', /memory limit/],
    ['planted-writes', 'rule', /the input was written to/],
    ['planted-hides', 'rule', /which the loader does not declare/],
    ['planted-overlaps', 'rule', /is empty or given twice/],
    ['planted-whole-buffer', 'outside', /something else/],
    ['planted-behind', 'outside', /something else/],
    ['planted-writes-behind', 'outside', /around the input were written/],
  ])('catches what is planted in %s', { timeout: 120_000 }, async (format, kind, message) => {
    const { findings, cases } = await run(format, { to: 150 });
    expect(findings.length).toBeGreaterThan(0);
    for (const { finding } of findings)
      expect(finding).toMatchObject({ kind, message: expect.stringMatching(message) as string });
    // The others go on.
    expect(cases).toBe(150);
    const { index } = findings[0]!.finding;
    const again = await run(format, { from: index, to: index + 1 });
    expect(again.findings.map(({ finding, input }) => [finding.kind, finding.index, input])).toEqual([
      [kind, index, findings[0]!.input],
    ]);
  });

  test('makes the same cases of the same seed, and others of another', async () => {
    const inputs = async (seed: number) =>
      (await run('planted-writes-behind', { to: 20 }, seed)).findings.map(({ input }) => input);
    const first = await inputs(1);
    expect(first).toHaveLength(20);
    expect(await inputs(1)).toEqual(first);
    expect(await inputs(2)).not.toEqual(first);
  });
});

/** Inputs that once broke something: formats are folders, names are SEED-CASE. */
const saved = formats.flatMap((format) => {
  const names = readdirSync(fixtures, { withFileTypes: true }).some(({ name }) => name === format)
    ? readdirSync(join(fixtures, format))
    : [];
  return names.map((name) => ({ format, name }));
});

test.each(saved)('$format: $name, found by fuzzing, is answered', async ({ format, name }) => {
  const input = new Uint8Array(readFileSync(join(fixtures, format, name)));
  const [report] = await runJobs(code, [{ format, seed: 0, from: 0, to: 1, input }], { threads: 1 });
  expect(words(report!)).toEqual([]);
});
