import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../tools/workspace.mjs';
import { allCodes, commands, manifests } from './cli.js';

const read = (name: string): string => readFileSync(join(root, 'docs/reference', name), 'utf8');

// That the pages are what their sources give is compared by tools/generate.mjs; here, that nothing is left out.
describe('the reference', () => {
  it('has every code that "kexec-kit explain" knows, and no other', () => {
    const loaders = manifests.map((manifest) => ({ manifest, packageName: '', folder: '', entry: '' }));
    const explained = [...allCodes({ loaders, skipped: [] }).keys()];
    const documented = [...read('codes.md').matchAll(/^### (\w+)$/gm)].map(([, code]) => code);
    expect(documented.sort()).toEqual(explained);
  });

  it('has every command and every option, also in the manual page', () => {
    const [page, manual] = [read('cli.md'), read('kexec-kit.1').replaceAll('\\-', '-')];
    for (const { name, options } of commands) {
      expect(page).toContain(`\n## ${name}\n`);
      expect(manual).toContain(`\n.SS kexec-kit ${name}`);
      for (const option of options) {
        expect(page).toContain(`--${option.name}`);
        expect(manual).toContain(`--${option.name}`);
      }
    }
  });

  it('has every official loader with its options, aliases and codes, also in the manual page', () => {
    const [page, manual] = [read('loaders.md'), read('kexec-kit.1').replaceAll('\\-', '-')];
    for (const { name, options, aliases, codes } of manifests) {
      expect(page).toContain(`\n## ${name}\n`);
      expect(manual).toContain(`\n.SS ${name}\n`);
      for (const option of Object.values(options)) {
        expect(page).toContain(`--${option.name}`);
        expect(manual).toContain(`--${option.name}`);
      }
      for (const alias of aliases) expect(page).toContain(`--type ${alias.name}`);
      for (const code of Object.keys(codes)) expect(page).toContain(`codes.md#${code.toLowerCase()}`);
    }
  });

  it('is a manual page of known requests, in ASCII, where no text begins like a request', () => {
    const lines = read('kexec-kit.1').split('\n');
    const known = /^\.(\\"|TH |SH |SS |TP$|B |BR |PP$|br$)/;
    expect(lines.filter((line) => /^[.']/.test(line) && !known.test(line))).toEqual([]);
    expect(lines.filter((line) => !/^[\x20-\x7e]*$/.test(line))).toEqual([]);
  });
});
