import { addressOf, constant, range, type Plan } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { anywhere, planOf, refused, segment, sourceOf } from './inputs.js';

const file = sourceOf('file', new Uint8Array(100));
const sources = new Map([['file', file]]);

/** What a loader in JavaScript, or one for another contract, could hand in: the types would not let us. */
type Loose = Readonly<Record<string, unknown>>;
const first = (change: Loose) => planOf([segment('first', change)]);
const whole = (change: Loose): Plan => ({ ...planOf([segment('first')]), ...change });
const relocation = (change: Loose) =>
  first({ relocations: [{ offset: 0, value: constant(0n), encoding: 'u64', ...change }] });
const placement = (change: Loose) => first({ placements: [{ ...anywhere, ...change }] });
const group = (placements: unknown, offset: unknown = 0n) =>
  whole({
    groups: [{ id: 'g', placements }],
    segments: [segment('first', { placements: [{ group: 'g', offset: offset as bigint }] })],
  });
const expr = (change: Loose) => relocation({ value: { terms: [], constant: 0n, ...change } });
const term = (change: Loose) =>
  expr({ terms: [{ sign: 1, segment: 'first', at: 'start', offset: 0n, ...change }] });
const handoff = (change: Loose) =>
  whole({ handoff: { mode: 'long64', entry: addressOf('first'), registers: {}, ...change } });

const record = (change: Loose) =>
  whole({
    ...planOf([segment('first', { memorySize: 0x1000n })]),
    lastWords: { segment: 'first', offset: 64n, ...change },
  });
const backup = (change: Loose, to: Loose = {}) =>
  whole({
    segments: [segment('first'), segment('backup', { parts: [], memorySize: 0x1000n, ...to })],
    copies: [{ from: range(0n, 0x1000n), to: 'backup', ...change }],
  });

const VALUE = 'LINK_BAD_PLAN_VALUE';
const KIND = 'LINK_BAD_PLAN_KIND';
const REFERENCE = 'LINK_BAD_PLAN_REFERENCE';
const DUPLICATE = 'LINK_BAD_PLAN_DUPLICATE';

describe('a plan that the contract does not allow is refused, naming the loader and the field', () => {
  it.each<[string, Plan, string, string]>([
    ['no segments at all', whole({ segments: undefined }), VALUE, 'segments'],
    ['an empty list of segments', planOf([]), VALUE, 'segments'],
    ['a segment that is none', whole({ segments: [null] }), VALUE, 'segments'],
    ['pokes that are no list', whole({ pokes: 'many' }), VALUE, 'pokes'],
    ['copies that are no list', whole({ copies: {} }), VALUE, 'copies'],
    ['a copy of what is no range', backup({ from: { start: 1n } }), VALUE, 'copies[0].from'],
    ['a copy of nothing', backup({ from: range(1n, 1n) }), VALUE, 'copies[0].from'],
    ['a copy to no segment', backup({ to: 'nowhere' }), REFERENCE, 'copies[0].to'],
    ['a copy to content', backup({ to: 'first', from: range(0n, 1n) }), VALUE, 'copies[0].to'],
    ['a copy that is too large', backup({ from: range(0n, 0x1001n) }), VALUE, 'copies[0].from'],
    [
      'two copies to one place',
      { ...backup({}), copies: [0n, 0x1000n].map((at) => ({ from: range(at, at + 8n), to: 'backup' })) },
      VALUE,
      'copies[1].to',
    ],
    ['last words that are no place', whole({ lastWords: 5 }), VALUE, 'lastWords'],
    ['last words in no segment', record({ segment: 'nowhere' }), REFERENCE, 'lastWords.segment'],
    ['last words in checked content', record({ offset: 56n }), VALUE, 'lastWords.offset'],
    ['last words beyond their segment', record({ offset: 0xf68n }), VALUE, 'lastWords.offset'],
    ['last words at an odd place', record({ offset: 65n }), VALUE, 'lastWords.offset'],
    ['last words at a number', record({ offset: 64 }), VALUE, 'lastWords.offset'],
    ['no handoff', whole({ handoff: undefined }), VALUE, 'handoff'],
    ['no registers', whole({ handoff: { mode: 'long64' } }), VALUE, 'handoff.registers'],
    ['no id', first({ id: '' }), VALUE, 'segments[0].id'],
    ['an id that purgatory cannot print', first({ id: 'zwölf' }), VALUE, 'segments[0].id'],
    ['an id too long for purgatory', first({ id: 'x'.repeat(32) }), VALUE, 'segments[0].id'],
    ["purgatory's own id", first({ id: 'purgatory' }), VALUE, 'segments[0].id'],
    ['one id twice', planOf([segment('a'), segment('a')]), DUPLICATE, 'segments[1].id'],
    [
      'one group twice',
      whole({
        groups: [
          { id: 'g', placements: [anywhere] },
          { id: 'g', placements: [anywhere] },
        ],
      }),
      DUPLICATE,
      'groups[1].id',
    ],
    ['a size that is a number', first({ memorySize: 64 }), VALUE, 'segments[0].memorySize'],
    ['no memory', first({ memorySize: 0n, parts: [] }), VALUE, 'segments[0].memorySize'],
    ['less memory than content', first({ memorySize: 63n }), VALUE, 'segments[0].memorySize'],
    [
      'less memory than deferred content',
      first({ parts: { deferred: { maximum: 65 } } }),
      VALUE,
      'segments[0].memorySize',
    ],
    ['parts of an unknown kind', first({ parts: { streamed: true } }), KIND, 'segments[0].parts'],
    ['no parts', first({ parts: undefined }), KIND, 'segments[0].parts'],
    [
      'deferred without a size',
      first({ parts: { deferred: { maximum: -1 } } }),
      VALUE,
      'segments[0].parts.deferred.maximum',
    ],
    ['deferred by nothing', first({ parts: { deferred: undefined } }), KIND, 'segments[0].parts'],
    [
      'a list that is deferred as well',
      first({ parts: Object.assign([{ zeros: 1n }], { deferred: undefined }) }),
      KIND,
      'segments[0].parts',
    ],
    ['a part of an unknown kind', first({ parts: [{ compressed: 1 }] }), KIND, 'segments[0].parts[0]'],
    ['a part that is none', first({ parts: [7] }), KIND, 'segments[0].parts[0]'],
    ['bytes that are none', first({ parts: [{ bytes: [1, 2] }] }), VALUE, 'segments[0].parts[0].bytes'],
    ['fewer than no zeros', first({ parts: [{ zeros: -1n }] }), VALUE, 'segments[0].parts[0].zeros'],
    ['fewer than no fresh bytes', first({ parts: [{ fresh: -1 }] }), VALUE, 'segments[0].parts[0].fresh'],
    ['half a fresh byte', first({ parts: [{ fresh: 0.5 }] }), VALUE, 'segments[0].parts[0].fresh'],
    [
      'an unknown source',
      first({ parts: [{ source: 'other', offset: 0, length: 1 }] }),
      REFERENCE,
      'segments[0].parts[0].source',
    ],
    [
      'a slice before its source',
      first({ parts: [{ source: 'file', offset: -1, length: 1 }] }),
      VALUE,
      'segments[0].parts[0].offset',
    ],
    [
      'a slice beyond its source',
      first({ parts: [{ source: 'file', offset: 50, length: 51 }] }),
      VALUE,
      'segments[0].parts[0].length',
    ],
    ['no placement', first({ placements: [] }), VALUE, 'segments[0].placements'],
    [
      'a placement of an unknown kind',
      first({ placements: [{ near: 0n }] }),
      KIND,
      'segments[0].placements[0]',
    ],
    [
      'an address that is a number',
      first({ placements: [{ at: 4096 }] }),
      VALUE,
      'segments[0].placements[0].at',
    ],
    ['a negative address', first({ placements: [{ at: -1n }] }), VALUE, 'segments[0].placements[0].at'],
    [
      'a range the wrong way round',
      placement({ within: { start: 2n, end: 1n } }),
      VALUE,
      'segments[0].placements[0].within',
    ],
    ['an empty range', placement({ within: range(1n, 1n) }), VALUE, 'segments[0].placements[0].within'],
    [
      'an alignment that is no power of two',
      placement({ align: 0x3000n }),
      VALUE,
      'segments[0].placements[0].align',
    ],
    ['an alignment of 0', placement({ align: 0n }), VALUE, 'segments[0].placements[0].align'],
    ['an unknown direction', placement({ from: 'middle' }), KIND, 'segments[0].placements[0].from'],
    ['above what is not there', placement({ above: 'none' }), REFERENCE, 'segments[0].placements[0].above'],
    ['above itself', placement({ above: 'first' }), REFERENCE, 'segments[0].placements[0].above'],
    [
      'above a later one',
      planOf([segment('a', { placements: [{ ...anywhere, above: 'b' }] }), segment('b')]),
      REFERENCE,
      'segments[0].placements[0].above',
    ],
    [
      'an unknown group',
      first({ placements: [{ group: 'none', offset: 0n }] }),
      REFERENCE,
      'segments[0].placements[0].group',
    ],
    [
      'a group among alternatives',
      whole({
        groups: [{ id: 'g', placements: [anywhere] }],
        segments: [segment('a', { placements: [{ group: 'g', offset: 0n }, anywhere] })],
      }),
      VALUE,
      'segments[0].placements',
    ],
    ['a negative offset in a group', group([anywhere], -1n), VALUE, 'segments[0].placements[0].offset'],
    ['a group that may go nowhere', group([]), VALUE, 'groups[0].placements'],
    ['a group in a group', group([{ group: 'g', offset: 0n }]), KIND, 'groups[0].placements[0]'],
    [
      'a relocation before the segment',
      relocation({ offset: -1 }),
      VALUE,
      'segments[0].relocations[0].offset',
    ],
    [
      'a relocation beyond the content',
      relocation({ offset: 57 }),
      VALUE,
      'segments[0].relocations[0].offset',
    ],
    [
      'a relocation into a source',
      first({
        parts: [{ source: 'file', offset: 0, length: 64 }],
        relocations: [{ offset: 0, value: constant(0n), encoding: 'u64' }],
      }),
      VALUE,
      'segments[0].relocations[0].offset',
    ],
    [
      'a relocation into deferred content',
      first({
        parts: { deferred: { maximum: 64 } },
        relocations: [{ offset: 0, value: constant(0n), encoding: 'u64' }],
      }),
      VALUE,
      'segments[0].relocations[0].offset',
    ],
    [
      'a relocation across two parts',
      first({
        parts: [{ bytes: new Uint8Array(4) }, { bytes: new Uint8Array(4) }],
        relocations: [{ offset: 0, value: constant(0n), encoding: 'u64' }],
      }),
      VALUE,
      'segments[0].relocations[0].offset',
    ],
    ['an unknown encoding', relocation({ encoding: 'u128' }), KIND, 'segments[0].relocations[0]'],
    [
      'an encoding with a name of Object',
      relocation({ encoding: 'toString' }),
      KIND,
      'segments[0].relocations[0]',
    ],
    [
      'an unknown checksum',
      first({ relocations: [{ offset: 0, checksum: 'crc64', over: { offset: 0, length: 8 } }] }),
      KIND,
      'segments[0].relocations[0]',
    ],
    [
      'a checksum of what is not there',
      first({ relocations: [{ offset: 0, checksum: 'sum8', over: { offset: 0, length: 65 } }] }),
      VALUE,
      'segments[0].relocations[0].over',
    ],
    [
      'a checksum outside what it sums',
      first({ relocations: [{ offset: 9, checksum: 'sum8', over: { offset: 0, length: 8 } }] }),
      VALUE,
      'segments[0].relocations[0].offset',
    ],
    [
      'a 16-bit checksum between two words',
      first({ relocations: [{ offset: 1, checksum: 'internet16', over: { offset: 0, length: 8 } }] }),
      VALUE,
      'segments[0].relocations[0].offset',
    ],
    ['an expression that is none', relocation({ value: 7n }), VALUE, 'segments[0].relocations[0].value'],
    [
      'a constant that is a number',
      expr({ constant: 7 }),
      VALUE,
      'segments[0].relocations[0].value.constant',
    ],
    ['a shift too far', expr({ shift: 64 }), VALUE, 'segments[0].relocations[0].value.shift'],
    ['an unknown half', expr({ part: 'low16' }), KIND, 'segments[0].relocations[0].value.part'],
    ['an unknown sign', term({ sign: 2 }), VALUE, 'segments[0].relocations[0].value.terms[0].sign'],
    ['an unknown end', term({ at: 'middle' }), KIND, 'segments[0].relocations[0].value.terms[0].at'],
    [
      'an offset that is a number',
      term({ offset: 1 }),
      VALUE,
      'segments[0].relocations[0].value.terms[0].offset',
    ],
    [
      'an unknown segment',
      term({ segment: 'none' }),
      REFERENCE,
      'segments[0].relocations[0].value.terms[0].segment',
    ],
    ['an unknown mode', handoff({ mode: 'long128' }), KIND, 'handoff.mode'],
    ['an entry that is a bare address', handoff({ entry: 0x100000n }), VALUE, 'handoff.entry'],
    [
      'a register of another mode',
      handoff({ registers: { eax: constant(0n) } }),
      VALUE,
      'handoff.registers.eax',
    ],
    ['a register that is a bare number', handoff({ registers: { rax: 0n } }), VALUE, 'handoff.registers.rax'],
    ['a mapping the wrong way round', whole({ mappings: [{ start: 2n, end: 1n }] }), VALUE, 'mappings[0]'],
    ['clobbers the wrong way round', whole({ clobbers: [{ start: 2n, end: 1n }] }), VALUE, 'clobbers[0]'],
    ['a poke nowhere', whole({ pokes: [{ at: -1n, value: new Uint8Array(1) }] }), VALUE, 'pokes[0].at'],
    ['a poke of no width', whole({ pokes: [{ at: 0x413n, value: constant(1n) }] }), VALUE, 'pokes[0].width'],
    [
      'a poke too long',
      whole({ pokes: [{ at: 0x413n, value: new Uint8Array(17) }] }),
      VALUE,
      'pokes[0].value',
    ],
    [
      'two at one place',
      planOf(['a', 'b'].map((id) => segment(id, { placements: [{ at: 0x100000n }] }))),
      VALUE,
      'segment b',
    ],
    [
      'two at one offset of a group',
      whole({
        groups: [{ id: 'g', placements: [anywhere] }],
        segments: ['a', 'b'].map((id) => segment(id, { placements: [{ group: 'g', offset: 0n }] })),
      }),
      VALUE,
      'segments g',
    ],
  ])('%s', (_, plan, code, field) => {
    const [problem] = refused(plan, { sources }).diagnostics;
    expect(problem).toMatchObject({ code, severity: 'error', at: { field } });
    expect(problem.message).toContain('loader flat 1.2.3');
    expect(problem.message).toContain(field);
    expect(
      [problem.found, problem.expected, problem.hint].every((each) => each !== undefined && each !== ''),
    ).toBe(true);
  });

  it('names the contract version that an unknown kind would need', () => {
    const [problem] = refused(first({ parts: [{ compressed: 1 }] })).diagnostics;
    expect(problem.message).toBe(
      'loader flat 1.2.3 made a plan whose segments[0].parts[0] is of kind compressed, which contract version 1 does not have',
    );
    expect(problem.hint).toContain('newer than version 1');
  });

  it.each<[string, Plan, string]>([
    ['parts', first({ parts: { streamed: true } }), 'a list, deferred'],
    ['no parts', first({ parts: undefined }), 'a list, deferred'],
    ['the half of a value', expr({ part: 'low16' }), 'low32, high32'],
    ['the end of a segment', term({ at: 'middle' }), 'start, end'],
    ['a direction', placement({ from: 'middle' }), 'bottom, top'],
  ])('names the kinds that are known: %s', (_, plan, expected) => {
    expect(refused(plan).diagnostics[0]).toMatchObject({ code: KIND, expected });
  });

  it('names the mode that a register is not of', () => {
    const [problem] = refused(handoff({ registers: { eax: constant(0n) } })).diagnostics;
    expect(problem).toMatchObject({ found: '"set"', expected: 'a register of long64' });
  });

  it('tells of everything that is wrong in one stage', () => {
    const { diagnostics } = refused(
      planOf([segment('a', { memorySize: 0n }), segment('b', { placements: [] })]),
    );
    expect(diagnostics.map(({ at }) => at?.field)).toEqual([
      'segments[0].memorySize',
      'segments[1].placements',
    ]);
  });
});

describe('finish', () => {
  const plan = planOf([segment('code'), segment('map', { parts: { deferred: { maximum: 10 } } })]);
  const finishing = (made: readonly [string, Uint8Array][]) => ({
    finish: () => ({ ok: true as const, value: new Map(made), diagnostics: [] }),
  });

  it.each<[string, Parameters<typeof refused>[1], string, string]>([
    ['there is none', {}, 'map', 'nothing'],
    ['it leaves out a segment', finishing([]), 'map', 'nothing'],
    ['it makes too much', finishing([['map', new Uint8Array(11)]]), 'map', '11 bytes'],
    [
      'it makes what was not deferred',
      finishing([
        ['map', new Uint8Array(1)],
        ['code', new Uint8Array(1)],
      ]),
      'code',
      'content',
    ],
  ])('is refused when %s', (_, change, field, found) => {
    expect(refused(plan, change).diagnostics[0]).toMatchObject({
      code: 'LINK_BAD_PLAN_FINISH',
      at: { field },
      found,
    });
  });

  it('may fail by itself', () => {
    const own = { code: 'FLAT_FULL', severity: 'error', message: 'full' } as const;
    expect(refused(plan, { finish: () => ({ ok: false, diagnostics: [own] }) }).diagnostics).toEqual([own]);
  });
});
