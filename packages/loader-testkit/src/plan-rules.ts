import {
  hex,
  toIndex,
  type Encoding,
  type Expr,
  type Handoff,
  type Part,
  type Plan,
  type Relocation,
  type Segment,
} from '@kexec-kit/loader-api';
import { demand } from './assert.js';

/** The length of a part, in bytes. */
export function lengthOf(part: Part): bigint {
  if ('bytes' in part) return BigInt(part.bytes.length);
  if ('zeros' in part) return part.zeros;
  return BigInt('fresh' in part ? part.fresh : part.length);
}

/** How many bytes of content a segment has, or may get from `finish`. */
export function contentOf({ parts }: Segment): bigint {
  if ('deferred' in parts) return BigInt(parts.deferred.maximum);
  return parts.reduce((sum, part) => sum + lengthOf(part), 0n);
}

/** Every expression of a plan, with a name for it. */
export function expressions(plan: Plan): [string, Expr][] {
  const registers = Object.entries<Expr | undefined>(plan.handoff.registers);
  return [
    ['handoff.entry', plan.handoff.entry],
    ...registers.flatMap(([name, expr]): [string, Expr][] => (expr === undefined ? [] : [[name, expr]])),
    ...plan.segments.flatMap((segment) =>
      (segment.relocations ?? []).flatMap((each): [string, Expr][] =>
        'value' in each ? [[`${segment.id}, relocation at ${hex(each.offset)}`, each.value]] : [],
      ),
    ),
    ...(plan.pokes ?? []).flatMap(({ at, value }): [string, Expr][] =>
      value instanceof Uint8Array ? [] : [[`the poke at ${hex(at)}`, value]],
    ),
  ];
}

/** Every `id` once, and none empty. */
export function idsAreUnique({ segments, groups = [] }: Plan): void {
  for (const [what, ids] of [
    ['segment', segments.map(({ id }) => id)],
    ['group', groups.map(({ id }) => id)],
  ] as const) {
    const twice = ids.find((id, index) => id === '' || ids.indexOf(id) !== index);
    demand(twice === undefined, `the ${what} id ${JSON.stringify(twice)} is empty or given twice`);
  }
}

/** Whatever is named exists. */
export function referencesResolve(plan: Plan): void {
  const segments = new Set(plan.segments.map(({ id }) => id));
  const groups = new Set((plan.groups ?? []).map(({ id }) => id));
  for (const { id, placements } of [...plan.segments, ...(plan.groups ?? [])]) {
    demand(placements.length > 0, `${id} has no placement`);
    for (const each of placements) {
      if ('group' in each)
        demand(groups.has(each.group), `${id} is placed in the group ${each.group}, which is not there`);
      if ('within' in each && each.above !== undefined) {
        demand(segments.has(each.above), `${id} is placed above ${each.above}, which is not there`);
        demand(each.above !== id, `${id} is placed above itself`);
      }
    }
  }
  for (const [what, { terms }] of expressions(plan)) {
    const missing = terms.find(({ segment }) => !segments.has(segment));
    demand(
      missing === undefined,
      `${what} names the segment ${String(missing?.segment)}, which is not there`,
    );
  }
}

const SIZES: Readonly<Record<Encoding, number>> = { u16: 2, u32: 4, u64: 8, 'hex16-text': 16 };

/** What a relocation writes, in bytes from the segment's start. */
function writtenBy(each: Relocation): { offset: number; size: number } {
  if ('value' in each) return { offset: each.offset, size: SIZES[each.encoding] };
  return { offset: each.offset, size: each.checksum === 'sum8' ? 1 : 2 };
}

/** Values and checksums are written into bytes that the loader made, and nowhere else. */
export function relocationsAreInRange({ segments }: Plan): void {
  for (const segment of segments) {
    for (const each of segment.relocations ?? []) {
      const { offset, size } = writtenBy(each);
      const at = `the relocation at ${hex(offset)} of ${segment.id}`;
      demand(withinBytes(segment, offset, size), `${at} does not lie within one part of bytes`);
      if ('checksum' in each) {
        const { offset: from, length } = each.over;
        demand(from >= 0 && length > 0, `${at} sums up an empty range`);
        demand(BigInt(from) + BigInt(length) <= contentOf(segment), `${at} sums up more than the content`);
      }
    }
  }
}

function withinBytes(segment: Segment, offset: number, size: number): boolean {
  if (!Number.isSafeInteger(offset) || offset < 0) return false;
  // What `finish` makes is bytes, and it makes them once everything is placed: nothing is left to relocate.
  if ('deferred' in segment.parts) return false;
  let start = 0n;
  for (const part of segment.parts) {
    const end = start + lengthOf(part);
    if ('bytes' in part && BigInt(offset) >= start && BigInt(offset + size) <= end) return true;
    start = end;
  }
  return false;
}

/** Content fits the memory, and slices lie within their sources. */
export function contentFits({ segments }: Plan, sources: ReadonlyMap<string, number>): void {
  for (const segment of segments) {
    const { id, parts, memorySize } = segment;
    demand(memorySize > 0n, `${id} takes ${String(memorySize)} bytes of memory`);
    demand(
      contentOf(segment) <= memorySize,
      `${id} has ${hex(contentOf(segment))} bytes for ${hex(memorySize)} bytes of memory`,
    );
    if ('deferred' in parts) continue;
    for (const part of parts) {
      demand(lengthOf(part) >= 0n, `${id} has a part of ${String(lengthOf(part))} bytes`);
      if (!('source' in part)) continue;
      const size = sources.get(part.source);
      demand(size !== undefined, `${id} takes bytes of the source ${part.source}, which nobody gave`);
      demand(
        part.offset >= 0 && part.offset + part.length <= size,
        `${id} takes bytes ${hex(part.offset)}-${hex(part.offset + part.length)} of ${part.source}, which has ${hex(size)}`,
      );
    }
  }
}

/** The registers that a mode has: a plan may name no other. */
const REGISTERS: Readonly<Record<Handoff['mode'], readonly string[]>> = {
  long64: 'rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15'.split(' '),
  protected32: 'eax ebx ecx edx esi edi ebp esp'.split(' '),
  real16: 'ax bx cx dx si di bp sp cs ds es fs gs ss'.split(' '),
};

/** The CPU enters a mode that the loader supports, in a segment that has content there. */
export function handoffIsPossible(plan: Plan, modes: readonly string[]): void {
  const { mode, registers, entry } = plan.handoff;
  demand(modes.includes(mode), `the mode ${mode} is not in supports.handoffs`);
  const unknown = Object.keys(registers).find((name) => !REGISTERS[mode].includes(name));
  demand(unknown === undefined, `${mode} has no register ${String(unknown)}`);
  demand(entersContent(plan, entry), 'handoff.entry does not lie in a segment');
}

function entersContent({ segments }: Plan, { terms, constant, shift, part }: Expr): boolean {
  // A real-mode entry is a paragraph, or half of something: only the linker can tell where it lies.
  if (shift !== undefined || part !== undefined || terms.length > 1) return true;
  const [term] = terms;
  if (term === undefined)
    return segments.some((each) => startsOf(each).some((at) => isIn(each, constant - at)));
  const segment = segments.find(({ id }) => id === term.segment);
  if (segment === undefined || term.sign !== 1) return false;
  const offset = (term.at === 'end' ? segment.memorySize : 0n) + term.offset + constant;
  return isIn(segment, offset);
}

function startsOf({ placements }: Segment): bigint[] {
  return placements.flatMap((each) => ('at' in each ? [each.at] : []));
}

function isIn({ memorySize }: Segment, offset: bigint): boolean {
  return offset >= 0n && offset < memorySize;
}

const HIGHEST: Readonly<Record<Encoding, bigint>> = {
  u16: 1n << 16n,
  u32: 1n << 32n,
  u64: 1n << 64n,
  'hex16-text': 1n << 64n,
};

/** An address that is written in 16 or 32 bits is of a segment that cannot be placed beyond them. */
export function narrowAddressesStayLow(plan: Plan): void {
  for (const { id, relocations = [] } of plan.segments) {
    for (const each of relocations) {
      if (!('value' in each)) continue;
      const { terms, constant, shift = 0, part } = each.value;
      const [term] = terms;
      if (part !== undefined || terms.length !== 1 || term?.sign !== 1) continue;
      const highest = (highestEnd(plan, term.segment) + constant) >> BigInt(toIndex(BigInt(shift), 64));
      demand(
        highest <= HIGHEST[each.encoding],
        `${id} writes an address of ${term.segment} as ${each.encoding}, but it may be placed up to ${hex(highest)}`,
      );
    }
  }
}

function highestEnd(plan: Plan, id: string): bigint {
  const segment = plan.segments.find((each) => each.id === id);
  const ends = (segment?.placements ?? []).map((each) => {
    if ('at' in each) return each.at + (segment?.memorySize ?? 0n);
    if ('within' in each) return each.within.end;
    const group = plan.groups?.find((candidate) => candidate.id === each.group);
    const bases = (group?.placements ?? []).map((base) =>
      'at' in base ? base.at + each.offset : base.within.end,
    );
    return bases.reduce((a, b) => (a > b ? a : b), 0n);
  });
  return ends.reduce((a, b) => (a > b ? a : b), 0n);
}
