import {
  addressOf,
  constant,
  type Expr,
  range,
  type Range,
  type Result,
  type Segment,
  unwrap,
} from '@kexec-kit/loader-api';
import { ascii, parse } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import type { TagShape } from '../../../tools/multiboot-file.mjs';
import {
  asks as wants,
  besides,
  BOOT_LOADER_NAME,
  infoTag,
  type Multiboot2Kernel,
  type MultibootInput,
  MultibootInfo,
  type MultibootTexts,
  planMultiboot,
  planMultiboot2,
  type ProfileName,
  readInfoTags,
} from '../src/index.js';
import {
  BARE,
  blockOf,
  inputOf,
  module,
  multiboot1,
  multiboot2,
  SCREEN,
  settled,
  SMALL,
  TEXT_SCREEN,
  UEFI,
} from './kernels.js';

const TEXTS: MultibootTexts = { commandLine: 'kernel a b', modules: [] };
const DYN = { header: { e_type: 3 } };
const ANYWHERE = { within: range(0x100000n, 1n << 32n), align: 0x1000n, from: 'bottom' };

const one = (image = multiboot1(), input = inputOf(), texts = TEXTS) => planMultiboot(image, input, texts);
const two = (image = multiboot2(), input = inputOf(), texts = TEXTS) => planMultiboot2(image, input, texts);
const withTags = (tags: readonly TagShape[], input = inputOf()) => two(multiboot2(tags), input);

type Planned = ReturnType<typeof one>;
const idsOf = (plan: Planned) => unwrap(plan).segments.map(({ id }) => id);
const codesOf = ({ diagnostics }: Result<unknown>) => diagnostics.map(({ code }) => code);
const valuesOf = (plan: Planned) =>
  unwrap(plan).facts?.flatMap(({ fields }) => fields.map((each) => each.value));

function segmentOf(plan: Planned, id: string): Segment {
  const found = unwrap(plan).segments.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no segment ${id}`);
  return found;
}

const tagsOf = (plan: Planned) => readInfoTags(blockOf(segmentOf(plan, 'multiboot2-info')).bytes);
const typesOf = (plan: Planned) => tagsOf(plan).map(({ type }) => type);

describe.each([
  ['Multiboot', one, multiboot1, 'multiboot-info', 0x2badb002n],
  ['Multiboot2', two, multiboot2, 'multiboot2-info', 0x36d76289n],
] as const)('a plan of %s', (_, planOf, kernelOf, info, magic) => {
  const plan = planOf as (image?: unknown, input?: MultibootInput, texts?: MultibootTexts) => Planned;
  const dynamic = () => (info === 'multiboot-info' ? multiboot1({}, DYN) : multiboot2([], {}, DYN));

  test('has the image, the information, the modules, in this order: who may go to one place only chooses first', () => {
    const input = inputOf({}, { module: [module(0), module(1)] });
    const planned = plan(kernelOf(), input, { ...TEXTS, modules: ['m0', 'm1 x'] });
    expect(idsOf(planned)).toEqual(['load.0', info, 'module.0', 'module.1']);
    for (const { why } of unwrap(planned).segments) expect(why).toMatch(/\w/);
    expect(unwrap(planned).groups).toEqual([]);
    expect(planned.diagnostics).toEqual([]);
  });

  test('has a page for last words in the largest RAM, not at its ends, of which the map tells', () => {
    const planned = plan(kernelOf(), inputOf({ machine: SMALL }));
    expect(idsOf(planned)).toEqual(['load.0', info, 'last-words']);
    const { lastWords } = unwrap(planned);
    expect(lastWords).toEqual({ segment: 'last-words', offset: 0n });
    const [placement] = segmentOf(planned, 'last-words').placements as readonly { within: Range }[];
    expect(placement!.within).toEqual(range(0x101000n, 0x7fdf000n));
    const pointers = segmentOf(planned, info).relocations as readonly { value: Expr }[];
    expect(
      pointers.some(({ value: { terms } }) => terms.some(({ segment }) => segment === 'last-words')),
    ).toBe(true);
  });

  test('has no such page where it might take the place of a module', () => {
    const [whole, half] = [0x7ede000, 0x3f6f000].map((size) => module(0, size));
    const withOne = (each: typeof whole) =>
      idsOf(plan(kernelOf(), inputOf({ machine: SMALL }, { module: [each!] }), { ...TEXTS, modules: ['m'] }));
    expect(withOne(half)).toContain('last-words');
    expect(withOne(whole)).not.toContain('last-words');
  });

  test('has no such page above 4 GiB', () => {
    const high = {
      ...SMALL,
      told: [{ kind: 'ram', ...range(1n << 32n, 1n << 33n) }] as const,
      usable: [range(1n << 32n, 1n << 33n)],
    };
    const planned = plan(kernelOf(), inputOf({ machine: high }));
    expect(idsOf(planned)).not.toContain('last-words');
    expect(unwrap(planned)).not.toHaveProperty('lastWords');
  });

  test('enters the image in 32-bit mode, the protocol in eax and the information in ebx', () => {
    expect(unwrap(plan()).handoff).toEqual({
      mode: 'protected32',
      entry: addressOf('load.0', 0x180n),
      registers: { eax: constant(magic), ebx: addressOf(info) },
    });
  });

  test('has the information at a multiple of 8 behind the image, as large as it is', () => {
    const { body } = kernelOf();
    const segment = segmentOf(plan(), info);
    expect(segment.placements).toEqual(besides(body, 8n));
    expect(segment.memorySize).toBe(BigInt(blockOf(segment).bytes.length));
  });

  test('may move an image whose own format says so, and no other', () => {
    const [group] = unwrap(plan(dynamic())).groups ?? [];
    expect(group).toEqual({ id: 'image', placements: [{ at: 0x200000n }, ANYWHERE] });
    expect(segmentOf(plan(dynamic()), 'load.0').placements).toEqual([{ group: 'image', offset: 0n }]);
    expect(segmentOf(plan(), 'load.0').placements).toEqual([{ at: 0x200000n }]);
  });

  test('is refused for a crash kernel, for text with a NUL, and for an empty module', () => {
    expect(plan(kernelOf(), inputOf({ purpose: 'crash' }))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MULTIBOOT_PURPOSE', found: 'crash' }],
    });
    const nul = plan(kernelOf(), inputOf(), { commandLine: '\0', modules: [] });
    expect(nul).toMatchObject({ ok: false, diagnostics: [{ code: 'MULTIBOOT_COMMAND_LINE_NUL' }] });
    expect(nul.diagnostics[0].message).toContain('the kernel');
    expect(plan(kernelOf(), inputOf({}, { module: [module(0, 0)] }))).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MULTIBOOT_MODULE_EMPTY', at: { source: 'm0' } }],
    });
  });

  test('tells people where the image was linked, whether it moves, where it is entered, and what it is told', () => {
    const input = inputOf({}, { module: [module(0)] });
    const own = info === 'multiboot-info' ? [] : ['default'];
    const values = (moves: string, count: string) => {
      return ['0x200000-0x205000', moves, '0x200180', ...own, 'kernel a b', count];
    };
    expect(valuesOf(plan(kernelOf(), input, { ...TEXTS, modules: ['m0'] }))).toEqual(
      values('no', info === 'multiboot-info' ? '1' : '1'),
    );
    expect(valuesOf(plan(dynamic()))).toEqual(values('yes', '0'));
    const [facts] = unwrap(plan()).facts ?? [];
    for (const name of [facts?.title, ...(facts?.fields ?? []).map((each) => each.name)])
      expect(name).toMatch(/^\w/);
  });
});

describe('Multiboot information', () => {
  test('has the command line, who boots, the modules, each where it will be', () => {
    const input = inputOf({}, { module: [module(0), module(1, 7)] });
    const plan = one(multiboot1(), input, { ...TEXTS, modules: ['m0 x', 'm1'] });
    const bases = { 'multiboot-info': 0x300000n, 'module.0': 0x400000n, 'module.1': 0x500000n };
    const bytes = settled(blockOf(segmentOf(plan, 'multiboot-info')), bases);
    const info = parse(MultibootInfo, bytes);
    const text = (address: number) => ascii(bytes.subarray(address - 0x300000), { untilNul: true });
    expect([text(info.cmdline), text(info.boot_loader_name)]).toEqual(['kernel a b', BOOT_LOADER_NAME]);
    const view = new DataView(bytes.buffer, info.mods_addr - 0x300000);
    expect([0, 4, 16, 20].map((at) => view.getUint32(at, true))).toEqual([
      ...[0x400000, 0x401001],
      ...[0x500000, 0x500007],
    ]);
    expect([text(view.getUint32(8, true)), text(view.getUint32(24, true))]).toEqual(['m0 x', 'm1']);
  });

  const VIDEO = { flags: 4, graphics: [0, 80, 25, 0] };
  const told = (input: MultibootInput, header = {}) =>
    parse(MultibootInfo, blockOf(segmentOf(one(multiboot1(header), input), 'multiboot-info')).bytes);

  test('has the screen if the kernel asks for it and it is known', () => {
    const screen = inputOf({ machine: SCREEN });
    expect(told(screen, VIDEO)).toMatchObject({ flags: 0x124d, framebuffer_addr: 0xb8000n });
    expect(told(screen)).toMatchObject({ flags: 0x24d, framebuffer_addr: 0n });
    expect(one(multiboot1(VIDEO), screen).diagnostics).toEqual([]);
  });

  test('has none if it is not known, and a kernel that asks is warned of', () => {
    expect(told(inputOf(), VIDEO)).toMatchObject({ flags: 0x24d });
    expect(one(multiboot1(VIDEO)).diagnostics).toMatchObject([
      { code: 'MULTIBOOT_NO_SCREEN', severity: 'warning' },
    ]);
  });

  test('has no place for EFI, of which is warned where there is any that may be handed on', () => {
    const policy = { ...inputOf().policy, efi: false };
    expect(codesOf(one(multiboot1(), inputOf({ machine: UEFI })))).toEqual(['MULTIBOOT_NO_FIRMWARE_TABLES']);
    expect(codesOf(one(multiboot1(), inputOf({ machine: UEFI, policy })))).toEqual([]);
  });
});

describe('an image with a relocation tag', () => {
  const moves = (...data: number[]): TagShape => ({ type: 10, data });
  const placements = (...data: number[]) => unwrap(withTags([moves(...data)])).groups?.[0]?.placements;
  const within = (start: bigint, end: bigint) => ({ ...ANYWHERE, within: range(start, end) });

  test('moves within its bounds, the last address of which is taken, at its alignment', () => {
    expect(placements(0x1000000, 0x1ffffff, 0x4000, 0)).toEqual([
      { ...within(0x1000000n, 0x2000000n), align: 0x4000n },
    ]);
    expect(placements(0x100000, 0x204fff, 0x200000, 0)?.[0]).toEqual({ at: 0x200000n });
    expect(placements(0x100000, 0x204ffe, 0x200000, 0)?.[0]).toMatchObject({ from: 'bottom' });
  });

  test('moves by pages if it names no alignment', () => {
    expect(placements(0x1000000, 0x1ffffff, 0, 0)).toEqual([within(0x1000000n, 0x2000000n)]);
  });

  test('goes where it prefers to go', () => {
    const from = (preference: number) => placements(0x100000, 0xffffffff, 0, preference);
    expect(from(0)).toEqual([{ at: 0x200000n }, ANYWHERE]);
    expect(from(1)).toEqual([ANYWHERE]);
    expect(from(2)).toEqual([{ ...ANYWHERE, from: 'top' }]);
  });

  test('lies below 1 MiB only if it can lie nowhere else', () => {
    expect(placements(0x8000, 0xfffff, 0, 1)).toEqual([within(0x8000n, 0x100000n)]);
    expect(placements(0x8000, 0x100000, 0, 1)).toEqual([within(0x100000n, 0x100001n)]);
    expect(placements(0x200000, 0x2fffff, 0, 1)).toEqual([within(0x200000n, 0x300000n)]);
  });

  test('is told where it went', () => {
    const plan = withTags([moves(0x100000, 0xffffffff, 0, 0)]);
    expect(typesOf(plan)).toContain(21);
    expect(blockOf(segmentOf(plan, 'multiboot2-info')).relocations).toMatchObject([
      { value: addressOf('load.0'), encoding: 'u32' },
    ]);
    expect(typesOf(withTags([]))).not.toContain(21);
  });

  test('says to people what it may', () => {
    const [, words] = valuesOf(withTags([moves(0x100000, 0xffffffff, 0, 2)])) ?? [];
    for (const each of ['0x100000-0xffffffff', 'high']) expect(words).toContain(each);
  });
});

describe('Multiboot2 information', () => {
  const asks = (optional: boolean, ...data: number[]): TagShape => ({ type: 1, optional, data });
  const as = (profile: ProfileName | undefined, image = multiboot2(), machine = UEFI) =>
    two(image, inputOf({ machine }, { profile }));

  test('is for every kernel the command line, who boots, the memory; the modules if there are any', () => {
    const texts = { ...TEXTS, modules: ['m0 x'] };
    const plan = two(multiboot2(), inputOf({}, { module: [module(0)] }), texts);
    expect(typesOf(plan)).toEqual([1, 2, 3, 4, 6]);
    expect(typesOf(two())).toEqual([1, 2, 4, 6]);
    const [line, name, own] = tagsOf(plan).map(({ bytes }) => bytes);
    expect(ascii(line!.subarray(8), { untilNul: true })).toBe('kernel a b');
    expect(ascii(name!.subarray(8), { untilNul: true })).toBe(BOOT_LOADER_NAME);
    expect(ascii(own!.subarray(16), { untilNul: true })).toBe('m0 x');
  });

  test.each<[string, TagShape[]]>([
    ['by a request', [asks(true, 8)]],
    ['by a required one', [asks(false, 4, 8)]],
    ['by the framebuffer tag', [{ type: 5, data: [0, 0, 0] }]],
    ['by the console tag', [{ type: 4, data: [2] }]],
  ])('has the screen if it is asked for %s and known', (_, tags) => {
    expect(typesOf(withTags(tags, inputOf({ machine: SCREEN })))).toContain(8);
    expect(typesOf(withTags(tags))).not.toContain(8);
    expect(typesOf(withTags([asks(true, 9)], inputOf({ machine: SCREEN })))).not.toContain(8);
  });

  const headers = { bytes: new Uint8Array(40), num: 1, entsize: 40, shndx: 0, relocations: [] };
  const parts = [{ source: 'image', offset: 0x70, length: 0x31 }];

  test('has symbols if they are asked for and there; what is not in memory of them is loaded, page by page', () => {
    const image = multiboot2([asks(true, 9)], { sections: { headers, parts, size: 0x31n } });
    const plan = two(image, inputOf({}, { module: [module(0)] }));
    expect(typesOf(plan)).toContain(9);
    expect(idsOf(plan)).toEqual(['load.0', 'multiboot2-info', 'module.0', 'elf-sections']);
    expect(segmentOf(plan, 'elf-sections')).toMatchObject({
      ...{ parts, memorySize: 0x31n, placements: besides(image.body, 0x1000n) },
      why: expect.stringMatching(/\w/) as string,
    });
    const loaded = two({ ...image, sections: { headers, parts: [], size: 0n } });
    expect([typesOf(loaded).includes(9), idsOf(loaded)]).toEqual([true, ['load.0', 'multiboot2-info']]);
    expect(typesOf(withTags([asks(true, 9)]))).not.toContain(9);
  });

  test.each([
    [64, 12],
    [32, 11],
  ] as const)('has the system table of EFI of %d bits, for whom it is good', (bits, type) => {
    const efi = { ...UEFI.firmware.efi!, bits };
    const machine = { ...UEFI, firmware: { ...UEFI.firmware, efi } };
    const own = (plan: Planned) => typesOf(plan).filter((each) => each === 11 || each === 12);
    expect(own(as(undefined, multiboot2(), machine))).toEqual([type]);
    expect(own(as('tboot', multiboot2(), machine))).toEqual([type]);
    expect(own(as('xen', multiboot2(), machine))).toEqual([]);
    expect(own(as(undefined, multiboot2([], { profile: 'xen' }), machine))).toEqual([]);
    expect(own(as('default', multiboot2([], { profile: 'xen' }), machine))).toEqual([type]);
    const policy = { ...inputOf().policy, efi: false };
    expect(own(two(multiboot2(), inputOf({ machine, policy })))).toEqual([]);
    expect(own(two(multiboot2()))).toEqual([]);
  });

  test('has nothing that a profile never gives, though a kernel asks for it', () => {
    expect(typesOf(as('xen', multiboot2([asks(true, 12)])))).not.toContain(12);
    expect(typesOf(as('tboot', multiboot2([asks(true, 12)])))).toContain(12);
  });

  test('is asked for by any of the requests, and the screen by two other tags, which ask for nothing else', () => {
    const { header } = multiboot2([asks(true, 4), asks(false, 9, 6), { type: 5, data: [0, 0, 0] }]);
    const { header: silent } = multiboot2([asks(true, 4)]);
    const asked = [4, 6, 8, 9, 12].filter((type) => wants(header, type));
    expect(asked).toEqual([4, 6, 8, 9]);
    expect([8, 9].filter((type) => wants(silent, type))).toEqual([]);
    const { header: console } = multiboot2([{ type: 4, data: [2] }]);
    expect([8, 9].filter((type) => wants(console, type))).toEqual([8]);
  });

  test('says for whom it is', () => {
    expect(valuesOf(as('tboot'))).toContain('tboot');
    expect(valuesOf(as(undefined, multiboot2([], { profile: 'xen' })))).toContain('xen');
  });
});

describe('what is left out of it', () => {
  const asks = (optional: boolean, ...data: number[]): TagShape => ({ type: 1, optional, data });
  const leftOut = (plan: Planned) =>
    plan.diagnostics.find(({ code }) => code === 'MULTIBOOT2_INFORMATION_LEFT_OUT')?.found;
  const firmware = (change: object) => inputOf({ machine: { ...BARE, firmware: change } });
  const efi = { ...UEFI.firmware.efi!, bits: 64 } as const;
  const { smbios: _, ...withoutSmbios } = efi;

  test.each<[string, object, RegExp | undefined]>([
    ['nothing, where nothing is known', {}, undefined],
    ['the RSDP', { acpiRsdp: 0xf59d0n }, /^14 \(.+\), 15 \(.+\)$/],
    ['the map of EFI', { efi: withoutSmbios }, /^17 \([^,]+\)$/],
    ['the SMBIOS tables', { efi }, /^17 \(.+\), 13 \([^,]+\)$/],
  ])('%s', (_, change, words) => {
    const plan = two(multiboot2(), firmware(change));
    if (words === undefined) expect(plan.diagnostics).toEqual([]);
    else expect(leftOut(plan)).toMatch(words);
  });

  test('is said to a kernel that would like it, once', () => {
    const plan = two(multiboot2([asks(true, 4, 14, 4711), asks(true, 4711)]), firmware({ acpiRsdp: 1n }));
    expect(leftOut(plan)).toMatch(/^14 \(.+\), 15 \(.+\), 4711$/);
    const said = plan.diagnostics.find(({ code }) => code === 'MULTIBOOT2_INFORMATION_LEFT_OUT');
    expect(said?.message).toMatch(/14 \(.+\): \w.+; .+4711: \w/);
    expect(said?.message).toContain(infoTag(14)?.why);
    expect(said?.message).not.toContain('undefined');
    expect(plan.ok).toBe(true);
  });

  test('is not said of EFI that is not to be handed on, nor of what could be there and is not', () => {
    const policy = { ...inputOf().policy, efi: false };
    expect(
      two(multiboot2(), inputOf({ machine: { ...BARE, firmware: { efi } }, policy })).diagnostics,
    ).toEqual([]);
    expect(withTags([asks(true, 3, 8, 9, 11, 12, 21)]).diagnostics).toEqual([]);
  });

  test.each([64, 32] as const)('is warned of where it is the tables of EFI of %d bits', (bits) => {
    const machine = { ...BARE, firmware: { efi: { ...withoutSmbios, bits } } };
    const said = (profile: ProfileName) => two(multiboot2(), inputOf({ machine }, { profile }));
    expect(codesOf(said('xen'))).toEqual(['MULTIBOOT2_INFORMATION_LEFT_OUT', 'MULTIBOOT_NO_FIRMWARE_TABLES']);
    expect(said('xen').diagnostics[1]?.message).toContain('xen');
    expect(leftOut(said('xen'))).toMatch(bits === 32 ? /^11 / : /^12 /);
    expect(codesOf(said('tboot'))).toEqual(['MULTIBOOT2_INFORMATION_LEFT_OUT']);
  });

  test('is worth a word where the kernel wishes for a screen by its tag, and none is known', () => {
    const tags = [{ type: 5, data: [0, 0, 0] }];
    expect(withTags(tags).diagnostics).toMatchObject([{ code: 'MULTIBOOT_NO_SCREEN', severity: 'info' }]);
    expect(withTags(tags, inputOf({ machine: SCREEN })).diagnostics).toEqual([]);
    expect(withTags([asks(true, 8)]).diagnostics).toEqual([]);
    const none = inputOf({ machine: { ...BARE, firmware: { screen: TEXT_SCREEN } } });
    const policy = { ...none.policy, video: 'none' } as const;
    expect(codesOf(withTags(tags, { ...none, policy }))).toEqual(['MULTIBOOT_NO_SCREEN']);
  });
});

describe('a Multiboot2 kernel that requires', () => {
  const requires = (types: number[], change: Partial<Multiboot2Kernel> = {}, profile?: ProfileName) => {
    const tags = [
      { type: 1, optional: true, data: [4711] },
      { type: 1, data: [4, 6] },
      { type: 1, data: types },
    ];
    return two(multiboot2(tags, change), inputOf({}, { profile }));
  };

  test.each([
    ['what is never given', [6, 18], /^18 \(.+\)$/],
    ['two such things', [14, 15], /^14 \(.+\), 15 \(.+\)$/],
    ['what nobody defines', [4711, 1], /^4711$/],
  ])('%s is refused by its name, at the request', (_, types, found) => {
    const planned = requires(types);
    const { requests } = multiboot2([
      { type: 1, optional: true, data: [4711] },
      { type: 1, data: [4, 6] },
      { type: 1, data: types },
    ]).header;
    expect(planned).toMatchObject({
      ok: false,
      diagnostics: [
        {
          ...{ code: 'MULTIBOOT2_REQUIRED_INFORMATION', found: expect.stringMatching(found) as string },
          at: { source: 'kernel', offset: requests[2]?.offset },
        },
      ],
    });
  });

  test('what its profile leaves out is refused, and not by another', () => {
    expect(requires([12], {}, 'xen').ok).toBe(false);
    expect(requires([12], { profile: 'xen' }).ok).toBe(false);
    expect(requires([12], { profile: 'xen' }, 'tboot').ok).toBe(true);
  });

  test('a console is refused where no screen is known, at its tag', () => {
    const console = (flags: number, optional = false) => [{ type: 4, optional, data: [flags] }];
    const refused = withTags(console(3));
    expect(refused).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'MULTIBOOT2_NO_CONSOLE', at: { source: 'kernel', offset: 0x60 + 16 } }],
    });
    expect(withTags(console(3), inputOf({ machine: SCREEN })).ok).toBe(true);
    expect(withTags(console(3, true)).ok).toBe(true);
    expect(withTags(console(2)).ok).toBe(true);
  });
});
