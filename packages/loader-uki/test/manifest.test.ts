import { readFileSync } from 'node:fs';
import { manifestOf } from '@kexec-kit/loader-api';
import { expect, test } from 'vitest';
import { loader, loaders } from '../src/index.js';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

test('loader.json says what the code says', () => {
  expect(read('loader.json')).toEqual(JSON.parse(JSON.stringify(manifestOf(loader))));
});

test('package.json says where the loader and its manifest are, and has its version', () => {
  expect(read('package.json')).toMatchObject({
    version: loader.version,
    keywords: expect.arrayContaining(['kexec-loader']) as string[],
    kexec: { api: 1, entry: './bundle/index.js', manifest: './loader.json' },
  });
});

test('the package exports its loaders', () => {
  expect(loaders).toEqual([loader]);
});

test('every code has a cause and a cure', () => {
  for (const [code, { cause, cure }] of Object.entries(loader.codes)) {
    expect(code).toMatch(/^(?:UKI|BZIMAGE|LINUX|KDUMP)_[A-Z0-9_]+$/);
    expect(cause).toMatch(/^[A-Z].*\.$/);
    expect(cure).toMatch(/^[A-Z].*\.$/);
  }
});
