import {
  fail,
  hex,
  LAST_WORDS_SIZE,
  ok,
  range,
  sizeOf,
  type Address,
  type CheckedRegion,
  type Diagnostic,
  type Expr,
  type HandoffMode,
  type Part,
  type Plan,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import {
  buildParameters,
  layoutOf,
  reachOf,
  type MemoryCopy,
  type PurgatoryLayout,
  type PurgatoryParameters,
} from '@kexec-kit/purgatory';
import { fromHex } from '@kexec-kit/structures';
import { min } from '@kexec-kit/memory';
import { entryOutside, valueOverflow } from './codes.js';
import { evaluate, littleEndian } from './expr.js';
import type { LinkInput } from './input.js';
import type { Places } from './place.js';
import { countRegions } from './regions.js';

/** The id of purgatory's own segment: no plan may use it. */
export const PURGATORY = 'purgatory';

/** Purgatory's shape for a plan: as large as the number of its regions and pokes asks for. */
export function purgatoryLayout(input: LinkInput): PurgatoryLayout {
  const { plan, target } = input;
  const regions = countRegions(input);
  const { pokes = [], copies = [] } = plan;
  return layoutOf(target.handoff, plan.handoff.mode, { regions, pokes: pokes.length, copies: copies.length });
}

const WHERE: Readonly<Record<HandoffMode, string>> = {
  long64: 'runs anywhere',
  protected32: 'runs below 4 GiB, as the image does at its entry',
  real16: 'runs below 640 KiB, since it enters the image in real mode',
};

/** Purgatory as a segment: it runs wherever its mode can reach, so it takes what the image leaves, as high as it can. */
export function purgatorySegment(
  { parametersOffset, parametersSize, memorySize, align, within }: PurgatoryLayout,
  { plan, target }: LinkInput,
): Segment {
  const end = min(within.end, target.addressEnd);
  return {
    id: PURGATORY,
    parts: { deferred: { maximum: parametersOffset + parametersSize } },
    memorySize,
    placements: [{ within: range(within.start, end), align, from: 'top' }],
    checked: false,
    why: `verifies what was loaded, sets the registers and enters the image; ${WHERE[plan.handoff.mode]}`,
  };
}

/** Purgatory's content, now that everything that it verifies and enters is known. */
export function purgatoryContent(
  input: LinkInput,
  layout: PurgatoryLayout,
  places: Places,
  checked: readonly CheckedRegion[],
): Result<readonly Part[]> {
  const entry = entryOf(input, places);
  if (!entry.ok) return entry;
  const registers = registersOf(input, places);
  if (!registers.ok) return registers;
  const pokes = pokesOf(input, places);
  if (!pokes.ok) return pokes;
  const lastWords = lastWordsOf(input.plan, layout, places);
  const outOfReach = refuseLastWords(input, lastWords);
  if (outOfReach !== undefined) return fail(outOfReach);
  const { console, resetVga = false, resetPic = false } = input.policy;
  const parameters = buildParameters(
    {
      regions: checked.map((region) => ({ ...region, sha256: fromHex(region.sha256) })),
      pokes: pokes.value,
      entry: entry.value,
      mode: input.plan.handoff.mode,
      registers: registers.value,
      console,
      resetVga,
      resetPic,
      copies: copiesOf(input.plan, places),
      lastWords,
    },
    input.engines,
  );
  return ok(assembled(layout, parameters));
}

function assembled({ blob, parametersOffset }: PurgatoryLayout, parameters: Uint8Array): readonly Part[] {
  const gap = BigInt(parametersOffset - blob.length);
  return [{ bytes: blob }, ...(gap > 0n ? [{ zeros: gap }] : []), { bytes: parameters }];
}

/** The last byte of the record. */
const RECORD_END = BigInt(LAST_WORDS_SIZE) - 1n;

/** How wide a register of a mode is, in bytes. */
const WIDTH: Readonly<Record<HandoffMode, number>> = { long64: 8, protected32: 4, real16: 2 };

function entryOf({ plan, loader }: LinkInput, places: Places): Result<Address> {
  const { mode, entry: expr, registers } = plan.handoff;
  const entry = evaluate(expr, places);
  if (entry === undefined) return fail(overflow('handoff.entry'));
  const inside = [...places].some(
    ([id, { start, end }]) => id !== PURGATORY && start <= entry && entry < end,
  );
  if (!inside) return fail(entryOutside(loader, entry));
  const cs = 'cs' in registers ? registers.cs : undefined;
  const base = cs === undefined ? 0n : 16n * (evaluate(cs, places) ?? 0n);
  if (fits(entry - base, WIDTH[mode])) return ok(entry);
  const field = mode === 'real16' ? 'handoff.entry - 16 * handoff.registers.cs' : 'handoff.entry';
  return fail(valueOverflow(field, hex(entry - base), `u${8 * WIDTH[mode]}`));
}

function registersOf({ plan }: LinkInput, places: Places): Result<Record<string, bigint>> {
  const width = WIDTH[plan.handoff.mode];
  const registers: Record<string, bigint> = {};
  for (const [name, expr] of Object.entries<Expr>(plan.handoff.registers)) {
    const value = evaluate(expr, places);
    if (value === undefined || !fits(value, width)) {
      return fail(overflow(`handoff.registers.${name}`, value, width));
    }
    registers[name] = value;
  }
  return ok(registers);
}

function pokesOf({ plan, target }: LinkInput, places: Places): Result<PurgatoryParameters['pokes']> {
  const pokes: { at: Address; bytes: Uint8Array }[] = [];
  for (const [i, { at, value, width = 8 }] of (plan.pokes ?? []).entries()) {
    const number = value instanceof Uint8Array ? undefined : evaluate(value, places);
    const written = number === undefined ? undefined : littleEndian(number, width);
    const bytes = value instanceof Uint8Array ? value : written;
    if (bytes === undefined) return fail(overflow(`pokes[${i}]`, number, width));
    const { end } = reachOf(target.handoff);
    if (at + BigInt(bytes.length) > end) {
      return fail(valueOverflow(`pokes[${i}].at`, hex(at), `below ${hex(end)}`));
    }
    pokes.push({ at, bytes });
  }
  return ok(pokes);
}

/** What purgatory copies, now that its destinations have addresses. */
export function copiesOf({ copies = [] }: Plan, places: Places): MemoryCopy[] {
  return copies.map(({ from, to }) => ({
    from: from.start,
    to: places.get(to)?.start ?? 0n,
    length: sizeOf(from),
  }));
}

/** Where purgatory keeps its record: as the plan says, or behind its own parameter block. */
export function lastWordsOf({ lastWords }: Plan, layout: PurgatoryLayout, places: Places): Address {
  const { segment, offset } = lastWords ?? { segment: PURGATORY, offset: BigInt(layout.lastWordsOffset) };
  return (places.get(segment)?.start ?? 0n) + offset;
}

/** On the way to the narrower modes the last that is written is written in 32-bit mode. */
function refuseLastWords({ plan }: LinkInput, lastWords: Address): Diagnostic | undefined {
  const { mode } = plan.handoff;
  if (mode === 'long64' || fits(lastWords + RECORD_END, 4)) return undefined;
  return valueOverflow('lastWords', hex(lastWords), `below 4 GiB for ${mode}`);
}

function fits(value: bigint, width: number): boolean {
  return value >= 0n && littleEndian(value, width) !== undefined;
}

function overflow(field: string, value?: bigint, width = 8): Diagnostic {
  return valueOverflow(field, value === undefined ? 'that the layout gives' : hex(value), `u${8 * width}`);
}
