import {
  fail,
  ok,
  PAGE_SIZE,
  range,
  type Address,
  type CheckedRegion,
  type Diagnostic,
  type Part,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import {
  buildParameters,
  layoutOf,
  type PurgatoryLayout,
  type PurgatoryParameters,
} from '@kexec-kit/purgatory';
import { fromHex } from '@kexec-kit/structures';
import { entryOutside, valueOverflow } from './codes.js';
import { evaluate, littleEndian } from './expr.js';
import type { LinkInput } from './input.js';
import type { Places } from './place.js';
import { countRegions } from './regions.js';

/** The id of purgatory's own segment: no plan may use it. */
export const PURGATORY = 'purgatory';

/** Purgatory's shape for a plan: as large as the number of its regions and pokes asks for. */
export function purgatoryLayout({ plan, sources, target }: LinkInput): PurgatoryLayout {
  const regions = countRegions(plan.segments, sources);
  return layoutOf(target.handoff, { regions, pokes: plan.pokes?.length ?? 0 });
}

/** Purgatory as a segment: it runs wherever it is, so it takes what the image leaves, as high as it can. */
export function purgatorySegment(
  { parametersOffset, parametersSize, memorySize, align }: PurgatoryLayout,
  addressEnd: Address,
): Segment {
  return {
    id: PURGATORY,
    parts: { deferred: { maximum: parametersOffset + parametersSize } },
    memorySize,
    placements: [{ within: range(PAGE_SIZE, addressEnd), align, from: 'top' }],
    checked: false,
    why: 'verifies what was loaded, sets the registers and enters the image; runs anywhere',
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
  const parameters = buildParameters(
    {
      regions: checked.map((region) => ({ ...region, sha256: fromHex(region.sha256) })),
      pokes: pokes.value,
      entry: entry.value,
      mode: input.plan.handoff.mode,
      registers: registers.value,
      console: input.policy.console,
    },
    input.engines,
  );
  return ok(assembled(layout, parameters));
}

function assembled({ blob, parametersOffset }: PurgatoryLayout, parameters: Uint8Array): readonly Part[] {
  const gap = BigInt(parametersOffset - blob.length);
  return [{ bytes: blob }, ...(gap > 0n ? [{ zeros: gap }] : []), { bytes: parameters }];
}

function entryOf({ plan, loader }: LinkInput, places: Places): Result<Address> {
  const entry = evaluate(plan.handoff.entry, places);
  if (entry === undefined) return fail(overflow('handoff.entry'));
  const inside = [...places].some(
    ([id, { start, end }]) => id !== PURGATORY && start <= entry && entry < end,
  );
  return inside ? ok(entry) : fail(entryOutside(loader, entry));
}

function registersOf({ plan }: LinkInput, places: Places): Result<Record<string, bigint>> {
  const values = Object.entries(plan.handoff.registers).map(
    ([name, expr]) => [name, evaluate(expr, places)] as const,
  );
  const wrong = values.find(([, value]) => value === undefined);
  if (wrong !== undefined) return fail(overflow(`handoff.registers.${wrong[0]}`));
  return ok(Object.fromEntries(values.map(([name, value]) => [name, value ?? 0n])));
}

function pokesOf({ plan }: LinkInput, places: Places): Result<PurgatoryParameters['pokes']> {
  const pokes: { at: Address; bytes: Uint8Array }[] = [];
  for (const [i, { at, value, width = 8 }] of (plan.pokes ?? []).entries()) {
    const number = value instanceof Uint8Array ? 0n : evaluate(value, places);
    const bytes =
      value instanceof Uint8Array ? value : number === undefined ? number : littleEndian(number, width);
    if (bytes === undefined) return fail(overflow(`pokes[${i}]`, `u${8 * width}`));
    pokes.push({ at, bytes });
  }
  return ok(pokes);
}

function overflow(field: string, encoding = 'u64'): Diagnostic {
  return valueOverflow(field, 'that the layout gives', encoding);
}
