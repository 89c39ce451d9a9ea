import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { discover } from '../src/discover.js';

let top: string;
let self: string;

beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'kexec-kit-discover-')));
  self = put('app/node_modules/@kexec-kit/cli', {});
});

afterEach(() => {
  rmSync(top, { recursive: true, force: true });
});

/** A package on disk, without anything that others can write. */
function put(
  folder: string,
  description: object,
  manifest: object = { name: folder.split('/').at(-1) },
): string {
  const at = join(top, folder);
  mkdirSync(at, { recursive: true, mode: 0o755 });
  for (let up = at; up !== top; up = dirname(up)) chmodSync(up, 0o755);
  write(
    join(at, 'package.json'),
    JSON.stringify({ name: folder.split('node_modules/').at(-1), ...description }),
  );
  write(join(at, 'loader.json'), JSON.stringify(manifest));
  write(join(at, 'index.js'), 'throw new Error("nothing may run while looking")');
  return at;
}

function write(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o644);
}

const kexec = { api: 1, entry: './index.js', manifest: './loader.json' };
const found = (startedAs: string) => discover(startedAs, self).loaders.map(({ packageName }) => packageName);

describe('discover', () => {
  it('finds official and third-party loaders beside the program, and runs none of them', () => {
    put('app/node_modules/@kexec-kit/loader-bzimage', { kexec });
    put('app/node_modules/kexec-loader-plan9', { kexec });
    put('app/node_modules/@somebody/kexec-loader-own', { kexec });
    put('app/node_modules/@kexec-kit/loader-api', {});
    put('app/node_modules/left-pad', { kexec });
    expect(new Set(found(join(self, 'bin.mjs')))).toEqual(
      new Set(['@kexec-kit/loader-bzimage', 'kexec-loader-plan9', '@somebody/kexec-loader-own']),
    );
  });

  it('takes nothing from a node_modules that does not hold this very program, even if it was started through there', () => {
    put('evil/node_modules/kexec-loader-evil', { kexec });
    put('evil/node_modules/@kexec-kit/cli', {});
    expect(found(join(top, 'evil/node_modules/.bin/kexec-kit'))).toEqual([]);
  });

  it('follows the links it was started through, one at a time', () => {
    put('app/node_modules/kexec-loader-plan9', { kexec });
    mkdirSync(join(top, 'bin'));
    symlinkSync('../app/node_modules/@kexec-kit/cli/package.json', join(top, 'bin/kexec-kit'));
    expect(found(join(top, 'bin/kexec-kit'))).toEqual(['kexec-loader-plan9']);
  });

  it('finds the members of a preset from where the preset is', () => {
    put('app/node_modules/@kexec-kit/preset-x86', {
      kexec: { api: 1, preset: ['@kexec-kit/loader-bzimage'] },
    });
    put('app/node_modules/@kexec-kit/preset-x86/node_modules/@kexec-kit/loader-bzimage', { kexec });
    expect(found(join(self, 'bin.mjs'))).toEqual(['@kexec-kit/loader-bzimage']);
  });

  it('skips what others can write, and says which file and how to mend it', () => {
    const folder = put('app/node_modules/kexec-loader-open', { kexec });
    chmodSync(join(folder, 'index.js'), 0o666);
    const { loaders, skipped } = discover(join(self, 'bin.mjs'), self);
    expect(loaders).toEqual([]);
    expect(skipped).toEqual([
      { folder, reason: `${join(folder, 'index.js')} can be written by others (mode 666): chmod go-w it` },
    ]);
  });

  it.each([
    ['package.json', 0o666],
    ['.', 0o777],
    ['..', 0o777],
  ])('believes no preset whose %s others can write: its members are not looked for', (path, mode) => {
    const preset = put('app/node_modules/@kexec-kit/preset-x86', {
      kexec: { api: 1, preset: ['@kexec-kit/loader-bzimage'] },
    });
    put('app/node_modules/@kexec-kit/preset-x86/node_modules/@kexec-kit/loader-bzimage', { kexec });
    chmodSync(join(preset, path), mode);
    expect(discover(join(self, 'bin.mjs'), self)).toEqual({
      loaders: [],
      skipped: [
        {
          folder: preset,
          reason: `${join(preset, path)} can be written by others (mode ${mode.toString(8)}): chmod go-w it`,
        },
      ],
    });
  });

  it('skips a loader that others can put another in the place of', () => {
    const folder = put('app/node_modules/@somebody/kexec-loader-own', { kexec });
    chmodSync(dirname(folder), 0o777);
    expect(discover(join(self, 'bin.mjs'), self).skipped).toEqual([
      { folder, reason: `${dirname(folder)} can be written by others (mode 777): chmod go-w it` },
    ]);
  });

  describe('a loader that is linked into place', () => {
    const modules = 'app/node_modules';

    /** A folder with a loader in it, and links to both, beside the program. */
    function linked(mode: number): void {
      put('elsewhere/kexec-loader-own', { name: 'kexec-loader-own', kexec });
      mkdirSync(join(top, 'safe'), { mode: 0o755 });
      symlinkSync('../elsewhere', join(top, 'safe/folder'));
      symlinkSync(join(top, 'safe/folder/kexec-loader-own'), join(top, 'elsewhere/alias'));
      chmodSync(join(top, 'elsewhere'), mode);
    }

    it.each([
      ['the loader', 'elsewhere/kexec-loader-own'],
      ['a link to the loader', 'elsewhere/alias'],
      ['the loader, by a link to its folder', 'safe/folder/kexec-loader-own'],
    ])('from a folder where others can put another is skipped: %s', (_, target) => {
      linked(0o777);
      symlinkSync(join(top, target), join(top, modules, 'kexec-loader-own'));
      expect(discover(join(self, 'bin.mjs'), self)).toEqual({
        loaders: [],
        skipped: [
          {
            folder: join(top, modules, 'kexec-loader-own'),
            reason: `${join(top, 'elsewhere')} can be written by others (mode 777): chmod go-w it`,
          },
        ],
      });
    });

    it.each([
      ['that others cannot write', 0o755],
      ['where others cannot take away what is ours, as /tmp', 0o1777],
    ])('from a folder %s is taken', (_, mode) => {
      linked(mode);
      symlinkSync(join(top, 'elsewhere/alias'), join(top, modules, 'kexec-loader-own'));
      expect(found(join(self, 'bin.mjs'))).toEqual(['kexec-loader-own']);
    });

    it('is skipped where the folder with the link to it, which a preset led to, can be written by others', () => {
      linked(0o755);
      put('app/node_modules/@kexec-kit/preset-x86', { kexec: { api: 1, preset: ['kexec-loader-own'] } });
      const own = put('app/node_modules/@kexec-kit/preset-x86/node_modules/other', {});
      const member = join(dirname(own), 'kexec-loader-own');
      symlinkSync(join(top, 'elsewhere/kexec-loader-own'), member);
      chmodSync(dirname(own), 0o777);
      expect(discover(join(self, 'bin.mjs'), self).skipped).toEqual([
        { folder: member, reason: `${dirname(own)} can be written by others (mode 777): chmod go-w it` },
      ]);
    });
  });

  it('says once what is wrong with a loader that is found in two ways', () => {
    const member = put('app/node_modules/@kexec-kit/loader-bzimage', { kexec: { ...kexec, api: 2 } });
    put('app/node_modules/@kexec-kit/preset-x86', {
      kexec: { api: 1, preset: ['@kexec-kit/loader-bzimage'] },
    });
    expect(discover(join(self, 'bin.mjs'), self).skipped.map(({ folder }) => folder)).toEqual([member]);
  });

  it('says which member of a preset is not installed, and keeps the rest', () => {
    put('app/node_modules/@kexec-kit/preset-x86', { kexec: { api: 1, preset: ['@kexec-kit/loader-gone'] } });
    put('app/node_modules/kexec-loader-good', { kexec });
    const { loaders, skipped } = discover(join(self, 'bin.mjs'), self);
    expect(loaders.map(({ packageName }) => packageName)).toEqual(['kexec-loader-good']);
    expect(skipped[0]?.folder).toMatch(/preset-x86.*loader-gone$/);
  });

  it.each([
    ['without a description', undefined, /ENOENT/],
    ['whose description is empty', '', /JSON/],
    ['whose description is null', 'null', /null/],
    ['whose members are no list', '{"kexec":{"api":1,"preset":7}}', /./],
  ])('says of a preset %s why it is skipped, and keeps the rest', (_, description, reason) => {
    const preset = put('app/node_modules/@kexec-kit/preset-x86', {});
    rmSync(join(preset, 'package.json'));
    if (description !== undefined) write(join(preset, 'package.json'), description);
    put('app/node_modules/kexec-loader-good', { kexec });
    const { loaders, skipped } = discover(join(self, 'bin.mjs'), self);
    expect(loaders.map(({ packageName }) => packageName)).toEqual(['kexec-loader-good']);
    expect(skipped).toEqual([{ folder: preset, reason: expect.stringMatching(reason) as string }]);
  });

  it('skips a loader made for another contract, and a broken one, and keeps the rest', () => {
    put('app/node_modules/kexec-loader-future', { kexec: { ...kexec, api: 2 } });
    const broken = put('app/node_modules/kexec-loader-broken', { kexec });
    write(join(broken, 'loader.json'), '{');
    put('app/node_modules/kexec-loader-good', { kexec });
    const { loaders, skipped } = discover(join(self, 'bin.mjs'), self);
    expect(loaders.map(({ packageName }) => packageName)).toEqual(['kexec-loader-good']);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/JSON/) as string,
      'made for contract 2, this program speaks 1',
    ]);
  });
});
