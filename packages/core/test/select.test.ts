import type { AnyLoader } from '@kexec-kit/loader-api';
import { manifestOf } from '@kexec-kit/loader-api';
import { fromHex } from '@kexec-kit/structures';
import { describe, expect, it } from 'vitest';
import { candidates, createRegistry, hasSignature, looksLike, open, plan, select } from '@kexec-kit/core';
import type { Registry } from '@kexec-kit/core';
import { dotted, flat, flatBang, machine, sourceOf } from './loaders.js';

function registryOf(...loaders: AnyLoader[]): Registry {
  const registry = createRegistry(loaders);
  if (!registry.ok) throw new Error(registry.diagnostics[0].message);
  return registry.value;
}

function codesOf(result: { diagnostics: readonly { code: string }[] }): string[] {
  return result.diagnostics.map(({ code }) => code);
}

describe('createRegistry', () => {
  it('refuses a loader for another contract by name and version', () => {
    const registry = createRegistry([{ ...flat, api: 2 as never }]);
    expect(codesOf(registry)).toEqual(['LOADER_API']);
    expect(registry.diagnostics[0]).toMatchObject({
      message: 'loader flat 1.0.0 is written for contract version 2',
      expected: '1',
    });
  });

  it('refuses two loaders with one name, and an alias that is another loader', () => {
    expect(codesOf(createRegistry([flat, { ...dotted, name: 'flat' }]))).toEqual(['LOADER_NAME_TAKEN']);
    expect(codesOf(createRegistry([flat, { ...dotted, name: 'flat-quiet' }]))).toEqual(['LOADER_NAME_TAKEN']);
  });

  it('refuses options that share a name but not a form', () => {
    const quiet = { type: 'string', name: 'quiet', summary: 'How quiet', placeholder: 'LEVEL' };
    const conflict = createRegistry([flat, { ...dotted, options: { quiet } }]);
    expect(codesOf(conflict)).toEqual(['OPTION_CONFLICT']);
    expect(conflict.diagnostics.at(0)?.message).toBe(
      '--quiet of loader dotted has another form in loader flat',
    );
  });

  it('refuses a loader two of whose options answer to one name', () => {
    const one = { type: 'flag', name: 'one', summary: 'One' };
    expect(
      codesOf(
        createRegistry([{ ...dotted, options: { one, two: { ...one, name: 'two', aliases: ['one'] } } }]),
      ),
    ).toEqual(['OPTION_CONFLICT']);
  });
});

describe('select', () => {
  it('takes the only loader whose probe matches', () => {
    expect(select(registryOf(flat, dotted), sourceOf('FLATcode'))).toMatchObject({
      ok: true,
      value: { loader: { name: 'flat' }, detail: 'flat, 4 bytes' },
    });
  });

  it('lets a match beat what it refines, whatever the order', () => {
    for (const loaders of [
      [flat, flatBang],
      [flatBang, flat],
    ]) {
      expect(select(registryOf(...loaders), sourceOf('FLAT!'))).toMatchObject({
        value: { loader: { name: 'flat-bang' } },
      });
      expect(select(registryOf(...loaders), sourceOf('FLAT?'))).toMatchObject({
        value: { loader: { name: 'flat' } },
      });
    }
  });

  it('names both --type values when two unrelated loaders match', () => {
    const both = select(registryOf(flat, dotted), sourceOf('FLATcode.'));
    expect(codesOf(both)).toEqual(['IMAGE_AMBIGUOUS']);
    expect(both.diagnostics.at(0)?.hint).toBe('choose with --type flat or --type dotted');
  });

  it('gives the reason of every loader and what the file looks like when none matches', () => {
    const none = select(registryOf(flat, dotted), sourceOf(fromHex('ffd8ffe0 00104a46')));
    expect(none.diagnostics[0]).toMatchObject({
      code: 'IMAGE_UNKNOWN',
      found: 'a JPEG picture',
      expected: 'flat: no "FLAT" at 0x0; dotted: no dot at the end',
    });
  });

  it('says so when no loader is installed at all', () => {
    expect(select(registryOf(), sourceOf('x')).diagnostics.at(0)?.expected).toBe('no loader is installed');
  });

  it('honours --type, also to settle an ambiguity, and an alias with what it implies', () => {
    const image = sourceOf('FLATcode.');
    expect(select(registryOf(flat, dotted), image, 'dotted')).toMatchObject({
      value: { loader: { name: 'dotted' }, presets: {} },
    });
    expect(select(registryOf(flat, dotted), image, 'flat-quiet')).toMatchObject({
      value: { loader: { name: 'flat' }, presets: { quiet: true } },
    });
  });

  it('refuses a --type that the probe contradicts, with its reason', () => {
    const wrong = select(registryOf(flat, dotted), sourceOf('FLATcode'), 'dotted');
    expect(wrong.diagnostics[0]).toMatchObject({
      code: 'TYPE_CONTRADICTED',
      message: 'image.bin is not what --type dotted says: no dot at the end',
    });
  });

  it('refuses an unknown --type and names near ones', () => {
    expect(select(registryOf(flat, dotted), sourceOf('FLAT'), 'doted').diagnostics[0]).toMatchObject({
      code: 'TYPE_UNKNOWN',
      hint: 'did you mean dotted?',
    });
  });

  it('does not ask a loader none of whose signatures the image has', () => {
    let asked = 0;
    const counting: AnyLoader = { ...flat, probe: (image) => ((asked += 1), flat.probe(image)) };
    select(registryOf(counting), sourceOf('else'));
    expect(asked).toBe(0);
    select(registryOf(counting), sourceOf('FLATcode'));
    expect(asked).toBe(1);
  });
});

describe('candidates', () => {
  it('needs manifests only', () => {
    const manifests = [flat, dotted].map(manifestOf);
    expect(candidates(manifests, sourceOf('FLAT').bytes).map(({ name }) => name)).toEqual(['flat', 'dotted']);
    expect(candidates(manifests, sourceOf('ELF').bytes).map(({ name }) => name)).toEqual(['dotted']);
  });

  it('finds a signature within the first bytes at its alignment, also at the very end', () => {
    const bytes = fromHex('00 00 00 d6 50 52 e8 00 d6 50 52 e8');
    expect(hasSignature(bytes, { within: 12, align: 4, hex: 'd65052e8' })).toBe(true);
    expect(hasSignature(bytes, { within: 12, align: 5, hex: 'd65052e8' })).toBe(false);
    expect(hasSignature(bytes, { within: 8, align: 4, hex: 'd65052e8' })).toBe(false);
    expect(hasSignature(bytes.subarray(0, 11), { within: 8192, align: 4, hex: 'd65052e8' })).toBe(false);
  });

  it('stays bounded when a manifest asks to search without end or step', () => {
    expect(hasSignature(new Uint8Array(100), { within: Number.MAX_SAFE_INTEGER, align: 0, hex: '01' })).toBe(
      false,
    );
  });
});

describe('looksLike', () => {
  const elf = (type: number): Uint8Array =>
    Uint8Array.from({ length: 64 }, (_, at) => (at === 16 ? type : (fromHex('7f454c460201')[at] ?? 0)));
  const pe = Uint8Array.from(
    { length: 128 },
    (_, at) => ({ 0: 0x4d, 1: 0x5a, 0x3c: 0x40, 0x40: 0x50, 0x41: 0x45 })[at] ?? 0,
  );
  it.each([
    ['an empty file', new Uint8Array(0)],
    ['a JPEG picture', fromHex('ffd8ffe0')],
    ['an ELF shared library', elf(3)],
    ['an ELF program', elf(2)],
    ['an ELF file', elf(77)],
    ['a PE executable (Windows or EFI program)', pe],
    ['an MS-DOS program', fromHex('4d5a9000')],
    ['gzip-compressed data', fromHex('1f8b08')],
    ['a cpio archive (an initrd?)', sourceOf('070701000').bytes],
    ['text', sourceOf('hello\n').bytes],
    ['zeros', new Uint8Array(4096)],
    ['data of no known kind', fromHex('0102feff')],
  ])('%s', (what, bytes) => {
    expect(looksLike(bytes)).toBe(what);
  });
});

describe('open and plan', () => {
  it('passes a loader’s own refusal on', () => {
    expect(codesOf(open(sourceOf('FLAT'), [flat]))).toEqual(['FLAT_EMPTY']);
  });

  it('asks what the loader supports before it plans', () => {
    const opened = open(sourceOf('FLATcode'), [flat]);
    if (!opened.ok) throw new Error('not opened');
    expect(codesOf(plan(opened.value, { machine, purpose: 'crash' }))).toEqual(['PURPOSE_UNSUPPORTED']);
    expect(codesOf(plan(opened.value, { machine: { ...machine, architecture: 'i386' } }))).toEqual([
      'ARCHITECTURE_UNSUPPORTED',
    ]);
  });

  it('applies the presets of the alias under which the loader was asked for, and the default policy', () => {
    const opened = open(sourceOf('FLATcode'), [flat], { type: 'flat-quiet' });
    if (!opened.ok) throw new Error('not opened');
    expect(plan(opened.value, { machine, policy: { video: 'none' } })).toMatchObject({
      ok: true,
      value: {
        options: { quiet: true, initrd: [] },
        policy: { efi: true, video: 'none', console: { serial: { port: 0x3f8 } } },
        purpose: 'normal',
      },
    });
    expect(plan(opened.value, { machine, options: { quiet: false } })).toMatchObject({
      value: { options: { quiet: false } },
    });
  });
});
