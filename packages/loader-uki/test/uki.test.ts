import type { Part, Plan, Result } from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { describe, expect, it } from 'vitest';
import { loader } from '../src/index.js';
import {
  bzImage,
  INITRD,
  MICROCODE,
  NOTHING,
  peFile,
  POLICY,
  source,
  ukiImage,
  type Sections,
} from './images.js';

const machine = standardMachines.small;
type Options = Parameters<typeof loader.plan>[1]['options'];

function plan(bytes: Uint8Array, options: Partial<Options> = {}): Result<Plan> {
  const loaded = loader.load(source(bytes));
  if (!loaded.ok) throw new Error(loaded.diagnostics[0].message);
  return loader.plan(loaded.value, {
    machine,
    purpose: 'normal',
    policy: POLICY,
    options: { ...NOTHING, ...options },
  });
}

function partsOf(planned: Result<Plan>, id: string): readonly Part[] {
  const parts = planned.ok ? planned.value.segments.find((segment) => segment.id === id)?.parts : undefined;
  if (parts === undefined || 'deferred' in parts) throw new Error(`no ${id}`);
  return parts;
}

/** What a segment's slices of the image say. */
function contentOf(planned: Result<Plan>, id: string, image: Uint8Array): string {
  return partsOf(planned, id)
    .map((part) => {
      if ('source' in part && part.source === 'image')
        return String.fromCharCode(...image.subarray(part.offset, part.offset + part.length));
      return 'source' in part ? `<${part.source}>` : 'zeros' in part ? '.'.repeat(Number(part.zeros)) : '';
    })
    .join('');
}

function commandLineOf(planned: Result<Plan>): string {
  const [part] = partsOf(planned, 'command-line');
  return part !== undefined && 'bytes' in part ? Buffer.from(part.bytes).toString().replace(/\0.*/, '') : '';
}

const running = machine.commandLine;

describe('the kernel in the image', () => {
  const image = ukiImage();

  it('is planned as its own loader plans it, from where it lies', () => {
    const kernel = bzImage();
    const alone = bzimage.load({ ...source(kernel), id: 'image' });
    if (!alone.ok) throw new Error(alone.diagnostics[0].message);
    const expected = bzimage.plan(alone.value, {
      machine,
      purpose: 'normal',
      policy: POLICY,
      options: { ...NOTHING, commandLine: 'root=/dev/sda1 quiet' },
    });
    const planned = plan(
      peFile({
        sections: [
          ['.cmdline', 'root=/dev/sda1 quiet'],
          ['.linux', kernel],
        ],
      }),
    );
    if (!planned.ok || !expected.ok) throw new Error('no plan');
    const withoutContent = ({ segments, ...rest }: Plan) => ({
      ...rest,
      segments: segments.map((segment) => ({
        ...segment,
        parts: segment.id === 'kernel' ? [] : segment.parts,
      })),
    });
    expect(withoutContent(planned.value)).toEqual(withoutContent(expected.value));
  });

  it('is the code of .linux, byte by byte', () => {
    const [part] = partsOf(plan(image), 'kernel');
    if (part === undefined || !('source' in part)) throw new Error('no slice');
    const kernel = bzImage();
    expect(part.source).toBe('image');
    expect(Buffer.from(image.subarray(part.offset, part.offset + part.length))).toEqual(
      Buffer.from(kernel.subarray(kernel.length - part.length)),
    );
  });

  it('is handed microcode, the initrd and what the user adds, in this order', () => {
    const initrd = [{ source: 'initrd.0', name: 'mine.img', size: 5, arguments: '' }];
    const content = contentOf(plan(image, { initrd }), 'initrd', image);
    expect(content).toBe(`${MICROCODE}...${INITRD}.<initrd.0>`);
  });
});

describe('the command line', () => {
  it.each([
    ['the image’s own', {}, 'root=/dev/sda1 quiet'],
    ['another in its place', { commandLine: 'single' }, 'single'],
    ['none, if that is asked for', { commandLine: '' }, ''],
    [
      'the image’s own, and more',
      { commandLine: 'debug', reuseImageCommandLine: true },
      'root=/dev/sda1 quiet debug',
    ],
    ['the running kernel’s', { reuseCommandLine: true }, running],
    [
      'both',
      { reuseCommandLine: true, reuseImageCommandLine: true },
      `${running} root=/dev/sda1 quiet`.trim(),
    ],
  ])('is %s', (_what, options, expected) => {
    expect(commandLineOf(plan(ukiImage(), options))).toBe(expected);
  });
});

describe('a profile', () => {
  const more: Sections = [
    ['.profile', 'ID=regular\n'],
    ['.profile', 'ID=factory-reset\n'],
    ['.cmdline', 'systemd.unit=factory-reset.target'],
    ['.profile', ''],
    ['.cmdline', 'third'],
  ];

  it.each([
    [undefined, 'root=/dev/sda1 quiet'],
    ['regular', 'root=/dev/sda1 quiet'],
    ['factory-reset', 'systemd.unit=factory-reset.target'],
    ['1', 'systemd.unit=factory-reset.target'],
    ['2', 'third'],
  ])('%j has its own command line', (profile, expected) => {
    expect(commandLineOf(plan(ukiImage({ more }), { profile }))).toBe(expected);
  });

  it('that the image does not have is refused', () => {
    expect(plan(ukiImage({ more }), { profile: 'rescue' })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'UKI_PROFILE_UNKNOWN', expected: '0 (regular), 1 (factory-reset), 2' }],
    });
  });

  it('may have a kernel of its own', () => {
    const other = ukiImage({
      more: [
        ['.profile', 'ID=a'],
        ['.profile', 'ID=b'],
        ['.linux', bzImage({ codeSize: 0x2000 })],
      ],
    });
    const sizeOf = (profile: string): number => {
      const [part] = partsOf(plan(other, { profile }), 'kernel');
      return part !== undefined && 'source' in part ? part.length : 0;
    };
    expect(sizeOf('b') - sizeOf('a')).toBe(0x1000);
  });
});

it('what is wrong with the kernel is told by its place in the image', () => {
  const image = ukiImage({ kernel: bzImage({ jump: 0x10eb }) });
  const found = loader.load(source(image));
  const [{ code, at }] = found.ok ? [{ code: '', at: undefined }] : found.diagnostics;
  expect(code).toBe('BZIMAGE_HEADER_LENGTH');
  const kernel = Buffer.from(image).indexOf(Buffer.from('HdrS')) - 0x202;
  expect(at).toMatchObject({ source: 'image.efi', offset: kernel + 0x200 });
});

it('says what only the stub could hand on', () => {
  const planned = plan(
    ukiImage({
      more: [
        ['.pcrsig', '{}'],
        ['.pcrpkey', 'key'],
      ],
    }),
  );
  expect(planned.diagnostics).toMatchObject([
    { code: 'UKI_NOT_HANDED_ON', severity: 'info', found: '.pcrsig, .pcrpkey' },
  ]);
});

it('tells what it is by what the image is called', () => {
  expect(loader.probe(ukiImage())).toEqual({
    match: true,
    detail: 'unified kernel image for x86-64: Debian GNU/Linux 13 (trixie), 6.12.0-1-amd64',
  });
  expect(loader.probe(ukiImage({ machine: 0xaa64 }))).toEqual({
    match: false,
    reason: 'a unified kernel image for AArch64',
  });
});

it('shows sections, and the kernel by its place in the image', () => {
  const image = ukiImage();
  const loaded = loader.load(source(image));
  if (!loaded.ok) throw new Error(loaded.diagnostics[0].message);
  const facts = loader.inspect?.(loaded.value) ?? [];
  expect(facts.map(({ title }) => title)).toEqual(
    expect.arrayContaining(['Unified kernel image', 'Sections', 'Setup header']),
  );
  const header = facts.flatMap(({ fields }) => fields).find(({ name }) => name === 'header');
  expect(header?.offset).toBe(Buffer.from(image).indexOf(Buffer.from('HdrS')));
});
