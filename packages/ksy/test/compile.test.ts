import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileKsy, KsyError } from '../src/index.js';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

describe('what is generated', () => {
  it.each(['every-feature', 'record'])('is equal, run after run: %s', async (name) => {
    expect(await compileKsy(fixture(`${name}.ksy`), { file: `${name}.ksy` })).toBe(fixture(`${name}.ts`));
  });
});

/** A .ksy of one line of fields, with whatever else. */
const compile = (seq: string, more = '') =>
  compileKsy(`meta: { id: top, endian: le }\nseq: [${seq}]\n${more}`, { file: 'top.ksy' });

const BIG = '{ id: big, type: u8 }';
const WIDE = '{ id: wide, type: u4 }';
const value = (expression: string) => `instances: { v: { value: '${expression}', -ts-type: number } }`;

describe('a .ksy that would give JavaScript that rounds, throws or does not end is refused', () => {
  it.each([
    ['arithmetic on 64 bits', BIG, value('big + 16'), /"big \+ 16" calculates with a 64-bit field/],
    ['bit operators on 64 bits', BIG, value('big & 0xfff'), /calculates with a 64-bit field/],
    [
      'arithmetic on 64 bits in a position',
      BIG,
      'instances: { v: { pos: big + 1, type: u1 } }',
      /64-bit field/,
    ],
    [
      'arithmetic on 64 bits through a path',
      '{ id: t, type: t }',
      `types: { t: { seq: [${BIG}] } }\n${value('t.big * 2')}`,
      /64-bit field/,
    ],
    [
      'arithmetic on a condition on itself',
      '{ id: big, type: u8, valid: { expr: _ % 2 == 0 } }',
      '',
      /64-bit field/,
    ],
    [
      'a choice by 64 bits',
      `${BIG}, { id: s, type: { switch-on: big, cases: { 1: t } } }`,
      'types: { t: { seq: [{ id: x, type: u1 }] } }',
      /cases are numbers/,
    ],
    ['an enum of 64 bits', '{ id: big, type: u8, enum: e }', 'enums: { e: { 1: a } }', /an enum of 64 bits/],
    ['bit operators on 32 bits', WIDE, value('wide >> 4'), /a bit operator on 32 bits/],
    ['a 32-bit mask', '{ id: small, type: u2 }', value('small & 0x80000000'), /a bit operator on 32 bits/],
    [
      'a literal beyond 2^53',
      BIG,
      value('big == 0xffffffff81000000'),
      /18446744071578845184 is beyond 2\^53/,
    ],
    [
      'a literal beyond 2^53 outside of expressions',
      '{ id: big, type: u8, valid: 0xffffffff81000000 }',
      '',
      /beyond 2\^53/,
    ],
    ['an enum member beyond 2^53', WIDE, 'enums: { e: { 18446744073709551615: a } }', /beyond 2\^53/],
    [
      'a loop without a bound',
      `${WIDE}, { id: a, type: u1, repeat: expr, repeat-expr: wide }`,
      '',
      /"wide" has no upper bound/,
    ],
    [
      'a loop with a calculated bound',
      `${WIDE}, { id: a, type: u1, repeat: expr, repeat-expr: v }`,
      value('wide * 2'),
      /"wide" has no upper bound/,
    ],
    [
      'a loop that need not end',
      '{ id: a, type: t, repeat: eos }',
      'types: { t: { seq: [{ id: x, size: 0 }] } }',
      /may be empty/,
    ],
    [
      'a structure in itself',
      '{ id: a, type: t }',
      'types: { t: { seq: [{ id: x, type: t, if: false }] } }',
      /contains itself/,
    ],
    ['a value of itself', '', value('v + 1'), /"v" is calculated from itself/],
    [
      'a value of itself, by another',
      '',
      'instances: { v: { value: w, -ts-type: number }, w: { pos: v, type: u1 } }',
      /"v" is calculated from itself/,
    ],
    ['a structure in itself, later', '', 'instances: { again: { pos: 0, type: top } }', /contains itself/],
  ])('%s', async (_, seq, more, message) => {
    await expect(compile(seq, more)).rejects.toThrow(message);
    await expect(compile(seq, more)).rejects.toBeInstanceOf(KsyError);
  });

  it('tells the file and the place', async () => {
    await expect(compile(`${BIG}, { id: x, size: big + 1 }`)).rejects.toMatchObject({
      file: 'top.ksy',
      path: '/seq/1/size',
      message:
        'top.ksy: /seq/1/size: "big + 1" calculates with a 64-bit field: compare it here, calculate in TypeScript',
    });
  });

  it.each([
    ['comparing 64 bits', `${BIG}, { id: x, type: u1, if: big > 0x1000 }`, ''],
    ['64 bits as a size', `${BIG}, { id: x, size: big }`, ''],
    [
      'a bounded count',
      '{ id: n, type: u4, valid: { max: 9 } }, { id: x, type: u1, repeat: expr, repeat-expr: n }',
      '',
    ],
    ['a 16-bit count', '{ id: n, type: u2 }, { id: x, size: 0, repeat: expr, repeat-expr: n }', ''],
    ['the stream’s own size beside 64 bits', `${BIG}, { id: size, type: u8 }`, value('_io.size + 1')],
  ])('but not %s', async (_, seq, more) => {
    await expect(compile(seq, more)).resolves.toContain('export const Top');
  });
});

describe('a .ksy that is not one, or wants what is not supported, is refused with the place', () => {
  it.each([
    ['seq: [', /^top\.ksy: \/: not YAML/],
    ['- 1', /^top\.ksy: \/: not a mapping/],
    ['meta: { endian: le }', /^top\.ksy: \/meta: there is no id/],
    ['meta: { id: a, imports: [b] }', /\/meta: "imports" is not supported/],
    ['meta: { id: a }\nparams: []', /"params" is not supported/],
    ['meta: { id: a, endian: { switch-on: 1 } }', /calculated endianness/],
    ['meta: { id: a }\nseq: [{ id: x, size: 1, process: zlib }]', /\/seq\/0: "process" is not supported/],
    ['meta: { id: a }\nseq: [{ id: x }]', /\/seq\/0: give a type, a size or contents/],
    ['meta: { id: a }\nseq: [{ id: x, type: y }]', /there is no type "y"/],
    ['meta: { id: a }\nseq: [{ id: x, type: u1, enum: y }]', /no such enum/],
    ['meta: { id: a }\nseq: [{ id: x, type: y(1) }]', /parameters and arrays/],
    ['meta: { id: a }\nseq: [{ id: x, type: b33 }]', /33 bits/],
    ['meta: { id: a }\nseq: [{ id: x, type: str, size: 2, encoding: UTF-16LE }]', /encoding UTF-16LE/],
    ['meta: { id: a }\nseq: [{ id: x, type: u2 }]', /Kaitai refuses it/],
    ['meta: { id: a }\nseq: [{ id: a_1, type: u1 }, { id: a1, type: u1 }]', /become one name/],
    ['meta: { id: a }\ntypes: { map: {} }', /"Map" has a meaning of its own/],
    ['meta: { id: a }\ntypes: { x: {} }\nenums: { x: { 1: b } }', /a second "X"/],
    ['meta: { id: a }\ninstances: { v: { value: "true and false" } }', /-ts-type/],
  ])('%s', async (text, message) => {
    await expect(compileKsy(text, { file: 'top.ksy' })).rejects.toThrow(message);
  });
});
