import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../tools/workspace.mjs';
import { comparisonsOf } from './compare.js';
import { programOf } from './program.js';
import { typeErrors } from './types.js';

mkdirSync(join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(join(root, '.cache/docs-program-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let count = 0;
function moduleOf(code: string): { path: string; comparisons: number } {
  const surroundings = {
    scope: new Map([['hex', '@kexec-kit/loader-api']]),
    files: new Map([['vmlinuz', '/boot/vmlinuz']]),
    comparer: '../../e2e/docs/compare.js',
  };
  const block = { file: 'page.md', line: 1, info: 'ts', code };
  const { text, comparisons } = programOf(block, surroundings);
  const path = join(folder, `example-${(count += 1)}.ts`);
  writeFileSync(path, text);
  return { path, comparisons };
}
const run = (path: string): Promise<number> => comparisonsOf(() => import(path));

describe('an example that says what is so passes, and is compared', () => {
  it.each([
    ['1 + 1; // 2', 1],
    ['1 + 1; // 2: two', 1],
    ['const two = 1 + 1; // 2', 1],
    ['[1, 2].map((n) => BigInt(n));\n// [1n, 2n]', 1],
    ['({ a: 1, b: 2 }); // { a: 1, … }', 1],
    ["if (hex(255) === '0xff') hex(16); // '0x10'", 1],
    ["console.log('a', 1); // a 1: printed", 1],
    ["console.log('seen by nobody');", 0],
    ["'vmlinuz'; // '/boot/vmlinuz'", 1],
    ["'vmlinuz'.length; // 13", 1],
    ['1 + 1; // in words, a number', 0],
  ])('%s', async (code, expected) => {
    const { path, comparisons } = moduleOf(code);
    expect([await run(path), comparisons]).toEqual([expected, expected]);
    expect(typeErrors([path])).toEqual([]);
  });
});

describe('an example that says what is not so is found', () => {
  it.each([
    '1 + 1; // 3',
    'const two = 1 + 1; // 3',
    "hex(255); // '0xfe'",
    '({ a: 1, b: 2 }); // { a: 2, … }',
    '({ a: 1, b: 2 }); // { a: 1 }',
    "console.log('a', 1); // a 2",
  ])('%s', async (code) => {
    await expect(run(moduleOf(code).path)).rejects.toThrow();
  });

  it('also where the line that says it is never reached', async () => {
    const { path, comparisons } = moduleOf('if (hex(1) === hex(2)) hex(1); // 1');
    expect(await run(path)).not.toBe(comparisons);
  });

  it('also where it names what there is not', () => {
    expect(typeErrors([moduleOf('hexadecimal(1);').path]).join()).toContain('hexadecimal');
  });
});
