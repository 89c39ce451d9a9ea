import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutOf, purgatory32Sha256, purgatory64Sha256 } from '@kexec-kit/purgatory';
import { afterAll, describe, expect, it } from 'vitest';
import { build, compileOwn, generate } from '../build.mjs';

const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-planted-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const own = { x86_64: compiled('x86_64'), i386: compiled('i386') };

function compiled(architecture: 'x86_64' | 'i386'): readonly string[] {
  const objects = join(folder, architecture);
  mkdirSync(objects);
  return compileOwn({ compiler: 'gcc', architecture, folder: objects });
}

/** Builds purgatory together with a source that it must not have. */
function buildWith(name: string, source: string, architecture: 'x86_64' | 'i386' = 'x86_64') {
  const path = join(folder, name);
  writeFileSync(path, source);
  return () => build({ compiler: 'gcc', architecture, own: own[architecture], extraSources: [path] });
}

const NOTE = '.section .note.GNU-stack, "", @progbits\n';

describe('the committed blobs', () => {
  it('are what their source gives', () => {
    expect(generate({ check: true })).toEqual([]);
  });

  it.each([
    ['long64', purgatory64Sha256],
    ['protected32', purgatory32Sha256],
  ] as const)('have the digest that is published beside them: %s', (handoff, published) => {
    const { blob } = layoutOf(handoff, 'real16', { regions: 0, pokes: 0 });
    expect(createHash('sha256').update(blob).digest('hex')).toBe(published);
  });
});

describe.each(['x86_64', 'i386'] as const)('the build for %s', (architecture) => {
  it('comes out the same twice', () => {
    expect(build({ compiler: 'gcc', architecture })).toEqual(build({ compiler: 'gcc', architecture }));
  });

  it('proves what clang makes of the same source, too', () => {
    const { bytes, entryOffset } = build({ compiler: 'clang', architecture });
    expect(bytes.length).toBeGreaterThan(4096);
    expect(entryOffset).toBe(0);
  });

  it('is small: with its parameter block it takes less memory than kexec-tools’ 0x9000', () => {
    const { parametersOffset } = build({ compiler: 'gcc', architecture, own: own[architecture] });
    expect(parametersOffset + 0x1000).toBeLessThanOrEqual(0x7000);
  });

  it('refuses writable data', () => {
    expect(buildWith('data.c', 'int counter = 1;\n', architecture)).toThrow(/writable data/);
    expect(buildWith('bss.c', 'int counter;\n', architecture)).toThrow(/writable data/);
  });
});

describe('the build for i386', () => {
  it('refuses an address that stands in the code', () => {
    expect(buildWith('absolute.S', `.text\nmovl $purgatory_entry, %eax\n${NOTE}`, 'i386')).toThrow(
      /depend on the address/,
    );
  });

  it('refuses a table of addresses, though the place where it would be is its anchor', () => {
    const through = `.text\n.long other@GOT\n.globl other\nother: ret\n${NOTE}`;
    expect(buildWith('got.S', through, 'i386')).toThrow(/table of addresses/);
  });

  it('refuses an address that a loader would have to fill in', () => {
    expect(buildWith('weak.S', `.text\n.weak absent\nmovl $absent, %eax\n${NOTE}`, 'i386')).toThrow(
      /dynamic relocations/,
    );
  });

  it('refuses what would have to come from a library', () => {
    const divides = 'unsigned long long half(unsigned long long a, unsigned long long b) { return a / b; }\n';
    expect(buildWith('library.c', divides, 'i386')).toThrow(/undefined reference to `__udivdi3'/);
  });
});

describe('the build for x86_64', () => {
  it('refuses an address that stands in the code', () => {
    const absolute = '.text\nmovabs $purgatory_entry, %rax\n.section .note.GNU-stack, "", @progbits\n';
    expect(buildWith('absolute.S', absolute)).toThrow(/depend on the address/);
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
