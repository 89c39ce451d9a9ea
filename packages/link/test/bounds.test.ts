import {
  addressOf,
  constant,
  LAST_WORDS_SIZE,
  ok,
  range,
  type Expr,
  type Part,
  type Plan,
  type Relocation,
} from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { link } from '../src/index.js';
import { anywhere, inputOf, planOf, refused, segment, sourceOf } from './inputs.js';

const sources = new Map([['file', sourceOf('file', new Uint8Array(100))]]);

type Loose = Readonly<Record<string, unknown>>;
const first = (change: Loose) => planOf([segment('first', change)]);
const whole = (change: Loose): Plan => ({ ...planOf([segment('first')]), ...change });
const relocation = (change: Loose) =>
  first({ relocations: [{ offset: 0, value: constant(0n), encoding: 'u64', ...change }] });
const checksum = (change: Loose) =>
  first({ relocations: [{ offset: 0, checksum: 'sum8', over: { offset: 0, length: 8 }, ...change }] });
const expr = (change: Loose) => relocation({ value: { terms: [], constant: 0n, ...change } });
const term = (change: Loose) =>
  expr({ terms: [{ sign: 1, segment: 'first', at: 'start', offset: 0n, ...change }] });
const poke = (change: Loose) => whole({ pokes: [{ at: 0x413n, value: constant(1n), width: 1, ...change }] });
const content = (parts: unknown, memorySize = 64n) => first({ parts, memorySize });
const record = (offset: bigint) => ({
  ...planOf([segment('first', { memorySize: 0x1000n })]),
  lastWords: { segment: 'first', offset },
});
const backup = (end: bigint) => ({
  ...planOf([segment('first')]),
  segments: [segment('first'), segment('backup', { parts: [], memorySize: 0x1000n })],
  copies: [{ from: range(0n, end), to: 'backup' }],
});

/** A group of two, and another segment in front of, between or behind them. */
const grouped = (offsets: readonly bigint[], sizes: readonly bigint[], more: Loose = {}) =>
  whole({
    groups: [{ id: 'g', placements: [{ ...anywhere, ...more }] }],
    segments: offsets.map((offset, i) =>
      segment(`m${i}`, { parts: [], memorySize: sizes[i] ?? 0n, placements: [{ group: 'g', offset }] }),
    ),
    handoff: { mode: 'long64', entry: addressOf('m0'), registers: {} },
  });
const ordered = (above: string) => {
  const member = (id: string, offset: bigint) => segment(id, { placements: [{ group: 'g', offset }] });
  return planOf([segment('before'), member('m0', 0n), segment('between'), member('m1', 64n)], {
    groups: [{ id: 'g', placements: [{ ...anywhere, above }] }],
  });
};

/** What is wrong with a plan: code and place. */
function problemsOf(plan: Plan): string[] {
  const finish = () => ok(new Map([['first', new Uint8Array()]]));
  const result = link(inputOf(plan, { sources, finish }));
  return result.diagnostics.map(({ code, at }) => `${code} ${at?.field ?? ''}`);
}

describe('a plan at the bounds of the contract is taken', () => {
  it.each<[string, Plan]>([
    ['memory that its content fills', content([{ bytes: new Uint8Array(64) }])],
    ['memory that deferred content may fill', content({ deferred: { maximum: 64 } })],
    ['deferred content of no bytes', content({ deferred: { maximum: 0 } })],
    ['no zeros, no fresh bytes', content([{ zeros: 0n }, { fresh: 0 }])],
    ['a source to its last byte', content([{ source: 'file', offset: 50, length: 50 }])],
    ['a source of which nothing is taken', content([{ source: 'file', offset: 0, length: 0 }])],
    ['zeros beyond its memory, since they come with that', content([{ zeros: 64n }])],
    [
      'the same zeros with nothing behind them',
      content([{ bytes: new Uint8Array(64) }, { zeros: 64n }, { bytes: new Uint8Array() }, { fresh: 0 }]),
    ],
    ['a relocation of its last bytes', relocation({ offset: 56 })],
    ['a checksum in the first byte of what it sums', checksum({ offset: 8, over: { offset: 8, length: 8 } })],
    ['a checksum in the last byte of what it sums', checksum({ offset: 15, over: { offset: 8, length: 8 } })],
    [
      'a 16-bit checksum in the last word',
      checksum({ checksum: 'internet16', offset: 9, over: { offset: 3, length: 8 } }),
    ],
    ['a shift by 63', expr({ shift: 63 })],
    ['a shift by 0', expr({ shift: 0 })],
    ['a low half', expr({ part: 'low32' })],
    ['a high half', expr({ part: 'high32' })],
    ['the end of a segment', term({ at: 'end' })],
    ['a segment, less itself', expr({ terms: [...addressOf('first').terms, ...minus('first')] })],
    ['bytes poked, as many as one poke holds', poke({ value: new Uint8Array(16), width: undefined })],
    ['no mapping and no clobber', whole({ mappings: [], clobbers: [] })],
    ['mappings and clobbers of nothing', whole({ mappings: [range(1n, 1n)], clobbers: [range(0n, 0n)] })],
    ['a copy as large as its destination', backup(0x1000n)],
    ['last words right behind the content', record(64n)],
    ['last words at the end of the memory', record(0x1000n - BigInt(LAST_WORDS_SIZE))],
    ['members of a group side by side', grouped([0n, 64n], [64n, 64n])],
    ['members of a group the other way round', grouped([64n, 0n], [64n, 64n])],
    ['members of two groups at one offset', twoGroups()],
    ['a group above a segment in front of its members', ordered('before')],
    ['a segment above the one in front of it', above('a')],
    ['the whole address space', first({ placements: [{ ...anywhere, within: range(0n, 1n << 64n) }] })],
    [
      'two fixed segments side by side',
      planOf([0x100000n, 0x100040n].map((at, i) => segment(`f${i}`, { placements: [{ at }] }))),
    ],
    ...[1, 2, 4, 8].map((width): [string, Plan] => [`a poke of ${width} bytes`, poke({ width })]),
  ])('%s', (_, plan) => {
    expect(problemsOf(plan)).toEqual([]);
  });

  it.each([
    ['long64', 'rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15'],
    ['protected32', 'eax ebx ecx edx esi edi ebp esp'],
    ['real16', 'ax bx cx dx si di bp sp cs ds es fs gs ss'],
  ] as const)('every register of %s, and no other', (mode, own) => {
    const all = 'rax rip rflags r16 r07 eax eip r8d ax cs ip flags al RAX'.split(' ');
    const entered = (name: string) => {
      const at = segment('first', { placements: [{ at: 0x8000n }] });
      const registers = { [name]: constant(name === 'cs' ? 0x800n : 0n) };
      return problemsOf({ segments: [at], handoff: { mode, entry: addressOf('first'), registers } });
    };
    for (const name of own.split(' ')) expect(entered(name)).toEqual([]);
    for (const name of all.filter((each) => !own.split(' ').includes(each)))
      expect(entered(name)).toEqual([`LINK_BAD_PLAN_VALUE handoff.registers.${name}`]);
  });
});

function above(id: string): Plan {
  return planOf([segment('a'), segment('b', { placements: [{ ...anywhere, above: id }] })]);
}

function twoGroups(): Plan {
  const ids = ['g', 'h'];
  const members = ids.map((group) => segment(`in-${group}`, { placements: [{ group, offset: 0n }] }));
  return planOf(members, { groups: ids.map((id) => ({ id, placements: [anywhere] })) });
}

function minus(id: string): Expr['terms'] {
  return addressOf(id).terms.map((each) => ({ ...each, sign: -1 }));
}

describe('a plan right beyond the bounds is refused', () => {
  const where = 'segments[0].relocations[0]';

  it.each<[string, Plan, string]>([
    ['content larger than memory', content([{ bytes: new Uint8Array(65) }]), 'segments[0].memorySize'],
    [
      'a source that is not begun',
      content([{ source: 'file', offset: 0.5, length: 1 }]),
      'segments[0].parts[0].offset',
    ],
    [
      'a slice of no size',
      content([{ source: 'file', offset: 0, length: -1 }]),
      'segments[0].parts[0].length',
    ],
    [
      'a slice one byte too long',
      content([{ source: 'file', offset: 50, length: 51 }]),
      'segments[0].parts[0].length',
    ],
    ['zeros that are a number', content([{ zeros: 1 }]), 'segments[0].parts[0].zeros'],
    ['fresh bytes that are a bigint', content([{ fresh: 1n }]), 'segments[0].parts[0].fresh'],
    ['memory beyond 64 bits', first({ memorySize: (1n << 64n) + 1n }), 'segments[0].memorySize'],
    ['a relocation one byte too far', relocation({ offset: 57 }), `${where}.offset`],
    ['a relocation at a bigint', relocation({ offset: 0n }), `${where}.offset`],
    ['a checksum over nothing', checksum({ over: undefined }), `${where}.over`],
    ['a checksum over what begins nowhere', checksum({ over: { offset: -1, length: 8 } }), `${where}.over`],
    ['a checksum over no length', checksum({ over: { offset: 0, length: 0.5 } }), `${where}.over`],
    [
      'a checksum in front of what it sums',
      checksum({ offset: 7, over: { offset: 8, length: 8 } }),
      `${where}.offset`,
    ],
    [
      'a checksum behind what it sums',
      checksum({ offset: 16, over: { offset: 8, length: 8 } }),
      `${where}.offset`,
    ],
    [
      'a 16-bit checksum that ends behind what it sums',
      checksum({ checksum: 'internet16', offset: 15, over: { offset: 8, length: 8 } }),
      `${where}.offset`,
    ],
    ['a shift by a half', expr({ shift: 0.5 }), `${where}.value.shift`],
    ['a shift to the left', expr({ shift: -1 }), `${where}.value.shift`],
    ['terms that are no list', expr({ terms: {} }), `${where}.value`],
    ['no expression', relocation({ value: null }), `${where}.value`],
    ['a term that is none', expr({ terms: [null] }), `${where}.value.terms[0]`],
    ['no sign', term({ sign: 0 }), `${where}.value.terms[0].sign`],
    ['a poke of 3 bytes', poke({ width: 3 }), 'pokes[0].width'],
    ['a poke of what is no expression', poke({ value: 1n }), 'pokes[0].value'],
    ['a poke beyond 64 bits', poke({ at: (1n << 64n) + 1n }), 'pokes[0].at'],
    ['a poke of 17 bytes', poke({ value: new Uint8Array(17) }), 'pokes[0].value'],
    ['a mapping that is no range', whole({ mappings: [range(0n, 1n), {}] }), 'mappings[1]'],
    ['a clobber that is no range', whole({ clobbers: [range(0n, 1n), {}] }), 'clobbers[1]'],
    ['mappings that are no list', whole({ mappings: 1 }), 'mappings'],
    ['clobbers of no objects', whole({ clobbers: [1] }), 'clobbers'],
    ['groups that are no list', whole({ groups: 'g' }), 'groups'],
    ['registers that are none', whole({ handoff: { mode: 'long64', registers: 5 } }), 'handoff.registers'],
    [
      'an alignment that is a number',
      first({ placements: [{ ...anywhere, align: 4096 }] }),
      'segments[0].placements[0].align',
    ],
    ['placements that are no list', first({ placements: anywhere }), 'segments[0].placements'],
    ['a placement that is none', first({ placements: [null] }), 'segments[0].placements[0]'],
    [
      'a group that may go to no list',
      whole({ groups: [{ id: 'g', placements: anywhere }] }),
      'groups[0].placements',
    ],
    ['a copy one byte too large', backup(0x1001n), 'copies[0].from'],
    ['last words 8 bytes into the content', record(56n), 'lastWords.offset'],
    ['last words 8 bytes too far', record(0x1008n - BigInt(LAST_WORDS_SIZE)), 'lastWords.offset'],
    ['members of a group one byte apart too few', grouped([0n, 63n], [64n, 64n]), 'segments g'],
    ['the same, the other way round', grouped([63n, 0n], [64n, 64n]), 'segments g'],
    ['a group above a segment behind its first member', ordered('between'), 'groups[0].placements[0].above'],
    ['a group above itself', ordered('m0'), 'groups[0].placements[0].above'],
    [
      'two fixed segments on each other',
      planOf([0x100000n, 0x10003fn].map((at, i) => segment(`f${i}`, { placements: [{ at }] }))),
      'segment f1',
    ],
    ['a value where a checksum is named', relocation({ encoding: 'sum8' }), where],
    ['a checksum where an encoding is named', checksum({ checksum: 'u64' }), where],
    ['no encoding', relocation({ encoding: undefined }), where],
    ['an encoding in a list, which reads like its name', relocation({ encoding: ['u64'] }), where],
  ])('%s', (_, plan, field) => {
    const [problem] = refused(plan, { sources }).diagnostics;
    expect(problem.code).toMatch(/^LINK_BAD_PLAN_/);
    expect(problem.at?.field).toBe(field);
  });

  it.each<[string, Plan, string[]]>([
    [
      'both values of a relocation',
      relocation({ offset: 60, value: { terms: [], constant: 5 } }),
      [`${where}.offset`, `${where}.value.constant`],
    ],
    [
      'all of an expression',
      expr({ constant: 1, shift: 64, part: 'all', terms: [{ sign: 2, at: 'top', offset: 1, segment: 'x' }] }),
      [
        ...['constant', 'shift', 'part'].map((each) => `${where}.value.${each}`),
        ...['sign', 'at', 'offset', 'segment'].map((each) => `${where}.value.terms[0].${each}`),
      ],
    ],
    [
      'all of a placement',
      first({ placements: [{ within: 5, align: 3n, from: 'left', above: 'x' }] }),
      ['within', 'align', 'from', 'above'].map((each) => `segments[0].placements[0].${each}`),
    ],
    [
      'two alternatives of a segment',
      first({ placements: [{ at: -1n }, anywhere, { at: -1n }] }),
      [0, 2].map((i) => `segments[0].placements[${i}].at`),
    ],
    [
      'both parts of a segment',
      content([{ zeros: -1n }, { bytes: new Uint8Array(1) }, { fresh: -1 }]),
      [0, 2].map((i) => `segments[0].parts[${i}].${i === 0 ? 'zeros' : 'fresh'}`),
    ],
    [
      'a poke in all its values',
      whole({ pokes: [{ at: -1n, value: 1n, width: 3 }] }),
      ['at', 'width', 'value'].map((each) => `pokes[0].${each}`),
    ],
    ['lists that are none', whole({ groups: 1, mappings: 1, pokes: 1 }), ['groups', 'mappings', 'pokes']],
  ])('in %s, each of which is named', (_, plan, fields) => {
    expect(refused(plan, { sources }).diagnostics.map(({ at }) => at?.field)).toEqual(fields);
  });
});

describe('content', () => {
  const parts = (...all: Part[]) => content(all, 0x1000n);
  const relocating = (own: Part[], offset: number) => {
    const relocations: Relocation[] = [{ offset, value: constant(1n), encoding: 'u16' }];
    return first({ parts: own, memorySize: 0x1000n, relocations });
  };

  it('is relocated in the part that holds it whole, whatever stands in front of it', () => {
    const own: Part[] = [
      { zeros: 3n },
      { bytes: new Uint8Array(4) },
      { fresh: 2 },
      { bytes: new Uint8Array(2) },
    ];
    const fields = (offset: number) => problemsOf(relocating(own, offset));
    expect([3, 4, 5, 9].flatMap(fields)).toEqual([]);
    for (const offset of [0, 2, 6, 7, 8, 10])
      expect(fields(offset)).toEqual(['LINK_BAD_PLAN_VALUE segments[0].relocations[0].offset']);
  });

  it('may be of no bytes at all', () => {
    expect(problemsOf(parts())).toEqual([]);
    expect(problemsOf(parts({ bytes: new Uint8Array() }))).toEqual([]);
  });
});
