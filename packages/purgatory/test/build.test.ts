import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf, purgatory64Sha256 } from '@kexec-kit/purgatory';
import { afterAll, describe, expect, it } from 'vitest';
import { build, generate } from '../build.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-planted-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Builds purgatory together with a source that it must not have. */
function buildWith(name: string, source: string) {
  const path = join(folder, name);
  writeFileSync(path, source);
  return () => build({ compiler: 'gcc', extraSources: [path] });
}

describe('the committed blob', () => {
  it('is what its source gives', () => {
    expect(generate({ check: true })).toEqual([]);
  });

  it('has the digest that is published beside it', () => {
    const { blob } = layoutOf('long64', { regions: 0, pokes: 0 });
    expect(createHash('sha256').update(blob).digest('hex')).toBe(purgatory64Sha256);
  });

  it('comes out the same twice', () => {
    expect(build({ compiler: 'gcc' })).toEqual(build({ compiler: 'gcc' }));
  });
});

describe('the build', () => {
  it('proves what clang makes of the same source, too', () => {
    const { bytes, entryOffset } = build({ compiler: 'clang' });
    expect(bytes.length).toBeGreaterThan(4096);
    expect(entryOffset).toBe(0);
  });

  it('refuses an address that stands in the code', () => {
    const absolute = '.text\nmovabs $purgatory_entry, %rax\n.section .note.GNU-stack, "", @progbits\n';
    expect(buildWith('absolute.S', absolute)).toThrow(/depend on its address/);
  });

  it('refuses writable data', () => {
    expect(buildWith('data.c', 'int counter = 1;\n')).toThrow(/writable data/);
    expect(buildWith('bss.c', 'int counter;\n')).toThrow(/writable data/);
  });

  it('refuses a table of addresses', () => {
    const through = '.text\npushq purgatory_entry@GOTPCREL(%rip)\n.section .note.GNU-stack, "", @progbits\n';
    expect(buildWith('got.S', through)).toThrow(/table of addresses/);
  });

  it('refuses an address that a loader would have to fill in', () => {
    const weak = '.text\n.weak absent\nmovabs $absent, %rax\n.section .note.GNU-stack, "", @progbits\n';
    expect(buildWith('weak.S', weak)).toThrow(/dynamic relocations/);
  });

  it('refuses what would have to come from a library', () => {
    const calls =
      'void *memcpy(void *, const void *, unsigned long);\nvoid copy(void *to) { memcpy(to, copy, 5000); }\n';
    expect(buildWith('library.c', calls)).toThrow(/undefined reference to `memcpy'/);
  });

  it.each(['movaps %xmm0, %xmm1', 'vpxor %ymm0, %ymm1, %ymm2', 'fld %st(1)', 'movq %mm0, %mm1'])(
    'refuses vector and floating-point code: %s',
    (instruction) => {
      const vector = `.text\n${instruction}\n.section .note.GNU-stack, "", @progbits\n`;
      expect(buildWith('vector.S', vector)).toThrow(/vector code/);
    },
  );
});
