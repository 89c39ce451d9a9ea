import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../tools/workspace.mjs';
import { madeUpSystem, type System } from '../cli/system.js';
import { markdownBlocks } from './blocks.js';
import { commands, kexecKit } from './cli.js';
import { hello, helloKernel } from './kernel.js';
import { typeErrors } from './types.js';

// The page is the schema: its types are compiled against what the commands print, member by member, both ways.
const page = markdownBlocks('docs/reference/json.md');
const types = page.flatMap(({ info, code }) => (info === 'ts no-run' ? [code] : [])).join('\n\n');
const compiled = join(root, '.cache/docs-json');

let folder: string;
let system: System;
beforeAll(() => {
  system = madeUpSystem({ programs: { systemctl: 0 } });
  system.put('/run/systemd/system/.keep', '');
  system.put(
    '/boot/grub/grub.cfg',
    'menuentry x { linux /boot/vmlinuz quiet }\nmenuentry y { multiboot /xen a\nmodule /missing b }',
  );
  writeFileSync(join(system.root, 'boot/vmlinuz'), helloKernel('6.12.1'));
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-json-'));
  writeFileSync(join(folder, 'vmlinuz'), helloKernel('6.12.1'));
  writeFileSync(join(folder, 'vmlinuz.gz'), gzipSync(helloKernel('6.12.1')));
  writeFileSync(join(folder, 'initrd.img'), new Uint8Array(5000).fill(0x6b));
  writeFileSync(join(folder, 'initrd.img.gz'), gzipSync(new Uint8Array(5000).fill(0x6b)));
  chmodSync(folder, 0o700);
  rmSync(compiled, { recursive: true, force: true });
  mkdirSync(compiled, { recursive: true });
});
afterAll(() => {
  system.remove();
  rmSync(folder, { recursive: true });
});

interface Case {
  readonly line: string;
  /** The name of the page's type. */
  readonly type: string;
  readonly status: number;
  readonly holds?: object;
  /** On a machine that is made up: always for what changes a machine. */
  readonly on?: 'made-up';
}

const changing: readonly string[] = ['load', 'exec', 'unload', 'status', 'apply', 'boot-entry'];

/** `@` stands for the folder with the files. */
const cases: readonly Case[] = [
  { line: 'inspect @/vmlinuz', type: 'Inspect', status: 0 },
  { line: 'inspect @/vmlinuz.gz', type: 'Inspect', status: 0, holds: { source: { decompressed: 'gzip' } } },
  { line: 'inspect @/nothing', type: 'Failure', status: 1 },
  { line: 'probe @/vmlinuz', type: 'Probe', status: 0, holds: { loader: 'bzimage' } },
  {
    line: 'probe @/initrd.img',
    type: 'Failure',
    status: 1,
    holds: { diagnostics: [{ code: 'IMAGE_UNKNOWN' }] },
  },
  { line: 'extract @/vmlinuz.gz -o @/out', type: 'Failure', status: 1 },
  {
    line: 'extract @/initrd.img.gz -o @/out',
    type: 'Extract',
    status: 0,
    holds: { compression: 'gzip', size: 5000, diagnostics: [{ code: 'EXTRACT_NOT_ELF' }] },
  },
  { line: 'plan @/vmlinuz --memory 64M --initrd @/initrd.img', type: 'Plan', status: 0 },
  { line: 'plan @/vmlinuz --memory 64M -o @/plan.json --svg @/map.svg', type: 'Plan', status: 0 },
  { line: 'plan @/vmlinuz --memory 64M --mem-max 2M', type: 'Failure', status: 1 },
  {
    line: 'boot @/vmlinuz --memory 64M',
    type: 'Boot',
    status: 0,
    holds: { outcome: 'exited', output: hello },
  },
  { line: 'boot @/vmlinuz --memory 64M --until 21', type: 'Boot', status: 0, holds: { outcome: 'seen' } },
  { line: 'boot @/vmlinuz --memory 64M --until Linux', type: 'Boot', status: 3, holds: { ok: false } },
  { line: 'boot @/nothing', type: 'Failure', status: 1 },
  {
    line: 'bundle @/vmlinuz --memory 64M -o @/image.elf --boot-protocol pvh',
    type: 'BundleImage',
    status: 0,
    holds: { form: 'image', protocols: ['pvh'] },
  },
  { line: 'bundle @/plan.json --as-module -o @/module', type: 'BundleModule', status: 0 },
  { line: 'bundle @/nothing -o @/image.elf', type: 'Failure', status: 1 },
  { line: 'doctor', type: 'Doctor', status: 0, on: 'made-up' },
  { line: 'doctor @/vmlinuz --crash', type: 'Doctor', status: 4, on: 'made-up', holds: { purpose: 'crash' } },
  { line: 'doctor @/nothing', type: 'Failure', status: 1, on: 'made-up' },
  { line: 'load @/vmlinuz --dry-run --method segments', type: 'Load', status: 0, holds: { loaded: false } },
  { line: 'load @/vmlinuz --initrd @/initrd.img', type: 'Load', status: 0, holds: { loaded: true } },
  { line: 'load @/nothing', type: 'Failure', status: 1 },
  { line: 'boot-entry list', type: 'BootEntries', status: 0, holds: { entries: [{ id: 'x' }, { id: 'y' }] } },
  { line: 'boot-entry load --dry-run', type: 'Load', status: 0, holds: { loaded: false } },
  { line: 'boot-entry load y', type: 'Failure', status: 1 },
  { line: 'status', type: 'Status', status: 0, holds: { normal: { loaded: true } } },
  { line: 'exec', type: 'Exec', status: 0 },
  { line: 'unload', type: 'Unload', status: 0 },
  { line: 'status', type: 'Status', status: 0, holds: { normal: { loaded: false } } },
  { line: 'exec', type: 'Failure', status: 1 },
  { line: 'plan @/vmlinuz -o @/own.json', type: 'Plan', status: 0, on: 'made-up' },
  { line: 'apply @/own.json', type: 'Load', status: 0, holds: { method: 'segments' } },
  { line: 'apply @/plan.json', type: 'Failure', status: 1 },
  { line: 'last-words', type: 'Failure', status: 1, holds: { diagnostics: [{ code: 'CLI_NO_LAST_WORDS' }] } },
  { line: 'loaders', type: 'Loaders', status: 0 },
  { line: 'explain link_no_place', type: 'Explain', status: 0, holds: { code: 'LINK_NO_PLACE' } },
  { line: 'explain', type: 'ExplainAll', status: 0 },
  { line: 'explain NO_SUCH_CODE', type: 'Failure', status: 1 },
];

describe('--json prints one document of the shape that is documented', () => {
  it.each(cases)('kexec-kit $line --json: $type', async ({ line, type, status, holds = {}, on }) => {
    const words = line.replaceAll('@', folder).split(' ');
    const isMadeUp = on === 'made-up' || changing.includes(words[0] ?? '');
    const ran = await (isMadeUp ? system.kexecKit : kexecKit)(...words, '--json');
    expect(ran).toMatchObject({ status });
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: status === 0, ...holds });
    expect(shapeErrors(line, type, ran.stdout)).toEqual([]);
  });

  it('kexec-kit machine --json: Machine, or a Failure for those who may not read the map', async () => {
    const ran = await kexecKit('machine', '--redact', '--json');
    const type = (JSON.parse(ran.stdout) as { ok: boolean }).ok ? 'Machine' : 'Failure';
    expect(shapeErrors('machine', type, ran.stdout)).toEqual([]);
  });

  it('a command line that is wrong prints nothing on stdout', async () => {
    expect(await kexecKit('plan', '--json')).toMatchObject({ status: 2, stdout: '' });
  });

  it('every command that has --json is tried', () => {
    const tried = new Set([...cases.map(({ line }) => line.split(' ')[0]), 'machine']);
    const offered = commands.filter(({ options }) => options.some(({ name }) => name === 'json'));
    expect(offered.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});

describe('the page', () => {
  const examples = page.flatMap(({ info, code }) => {
    const type = /^json (\w+)$/.exec(info)?.[1];
    return type === undefined ? [] : [{ type, code }];
  });

  it.each(examples)('shows a $type as it is', ({ type, code }) => {
    expect(shapeErrors('example', type, code)).toEqual([]);
  });

  it('has an example of every type that a command prints', () => {
    const shown = examples.map(({ type }) => type);
    expect([...new Set(cases.map(({ type }) => type))].filter((type) => !shown.includes(type))).toEqual([]);
  });
});

describe('a change of shape is found', () => {
  const explained = { ok: true, code: 'X', cause: '', cure: '', diagnostics: [] };
  it.each([
    ['a member too many', { ...explained, more: 1 }],
    ['one too few', { ...explained, cure: undefined }],
    ['one of another type', { ...explained, cause: 1 }],
    [
      'a diagnostic of no known severity',
      { ...explained, diagnostics: [{ code: '', severity: 'bad', message: '' }] },
    ],
  ])('%s', (_what, document) => {
    expect(shapeErrors('changed', 'Explain', JSON.stringify(document))).not.toEqual([]);
  });
});

/** A literal may have no member that its type does not name, and none of another type. */
function shapeErrors(name: string, type: string, json: string): readonly string[] {
  const path = join(compiled, `${name.replaceAll(/\W+/g, '_')}-${type}.ts`);
  writeFileSync(path, `// ${name}\n${types}\n\nexport const document: ${type} = ${json};\n`);
  return typeErrors([path]);
}
