import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutated } from '../../tools/mutation-packages.mjs';
import { judge, type Accepted, type Mutant } from '../../tools/mutation-survivors.mjs';
import { root } from '../../tools/workspace.mjs';

const tool = fileURLToPath(new URL('../../tools/mutation.mjs', import.meta.url));

it('the mutation run names its packages to who asks for another', () => {
  const ran = spawnSync(process.execPath, [tool, '--package', 'cli'], { encoding: 'utf8' });
  expect(ran).toMatchObject({
    status: 2,
    stdout: '',
    stderr: '--package cli is none of memory, elf, linux-boot, link, multiboot-info\n',
  });
});

describe('a mutation run is judged', () => {
  const source = "const high = a > b;\n  say(`not ${word}`, 'two words', 'one');\n";
  const at = (line: number, start: number, end: number): Mutant['location'] => ({
    start: { line, column: start },
    end: { line, column: end },
  });
  const mutant = (
    status: string,
    mutatorName: string,
    location: Mutant['location'],
    replacement: string,
  ): Mutant => ({ status, mutatorName, location, replacement });
  const report = (...mutants: readonly Mutant[]): Parameters<typeof judge>[0] => ({
    files: { 'packages/some/src/map.ts': { source, mutants } },
  });
  const greater = mutant('Survived', 'EqualityOperator', at(1, 14, 19), 'a >= b');
  const key = 'map.ts: const high = a > b;  ⟦a > b⟧ → ⟦a >= b⟧';

  it('by what was tried: an error of compilation is neither killed nor a survivor', () => {
    const tried = report(
      mutant('Killed', 'EqualityOperator', at(1, 14, 19), 'a < b'),
      mutant('Timeout', 'EqualityOperator', at(1, 14, 19), 'a === b'),
      mutant('CompileError', 'EqualityOperator', at(1, 14, 19), ''),
      mutant('NoCoverage', 'EqualityOperator', at(1, 14, 19), 'a <= b'),
    );
    expect(judge(tried, [])).toMatchObject({
      mutants: 3,
      killed: 2,
      open: ['map.ts: const high = a > b;  ⟦a > b⟧ → ⟦a <= b⟧'],
    });
  });

  it('a survivor is open until it is accepted under its own name', () => {
    expect(judge(report(greater), [])).toMatchObject({ accepted: 0, open: [key], stale: [] });
    const accepted = [{ why: 'equal values are one value', survivors: [key] }];
    expect(judge(report(greater), accepted)).toMatchObject({ accepted: 1, open: [], stale: [] });
    expect(judge(report(), accepted)).toMatchObject({ accepted: 0, open: [], stale: [key] });
  });

  it('words are told from names', () => {
    const words = report(
      mutant('Survived', 'StringLiteral', at(2, 7, 20), '``'),
      mutant('Survived', 'StringLiteral', at(2, 22, 33), '""'),
      mutant('Survived', 'StringLiteral', at(2, 35, 40), '""'),
    );
    expect(judge(words, [])).toMatchObject({
      words: 2,
      open: ["map.ts: say(`not ${word}`, 'two words', 'one');  ⟦'one'⟧ → ⟦\"\"⟧"],
    });
  });
});

it.each(Object.keys(mutated))(
  'every survivor that %s accepts has a reason, and stands there once',
  (name) => {
    const file = `${root}/packages/${name}/test/survivors.json`;
    const accepted = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Accepted[]) : [];
    const names = accepted.flatMap(({ survivors }) => survivors);
    expect(accepted.filter(({ why }) => why.length < 20)).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  },
);
