import { fail, ok, type CheckedRegion, type Part, type Result, type Source } from '@kexec-kit/loader-api';
import { toHex } from '@kexec-kit/structures';
import { sourceNotAtHand } from './codes.js';
import {
  bytesOf,
  chunks,
  lengthOf,
  placedParts,
  totalOf,
  withoutZeroTail,
  type PlacedPart,
} from './content.js';
import type { Contents } from './finish.js';
import type { LinkInput } from './input.js';
import type { Places } from './place.js';

type Sources = LinkInput['sources'];

/** Parts of one segment that are verified by one digest. */
interface Run {
  readonly name: string;
  readonly parts: readonly PlacedPart[];
  /** The source that the run is, from its first byte to its last: its digest is known. */
  readonly whole?: Source;
}

/** How many regions purgatory will verify: known before anything has an address. */
export function countRegions({ plan, sources, policy }: LinkInput): number {
  if (policy.checks === false) return 0;
  return plan.segments.reduce((count, { id, parts, checked = true }) => {
    if (!checked) return count;
    return count + ('deferred' in parts ? 1 : runs(id, parts, sources).length);
  }, 0);
}

/** What purgatory verifies, with its digests, ascending. */
export function digestRegions(input: LinkInput, contents: Contents, places: Places): Result<CheckedRegion[]> {
  const regions: CheckedRegion[] = [];
  if (input.policy.checks === false) return ok(regions);
  for (const { id, checked = true } of input.plan.segments) {
    const start = places.get(id)?.start ?? 0n;
    for (const run of checked ? runs(id, contents.get(id) ?? [], input.sources) : []) {
      const missing = notAtHand(run, input.sources);
      if (missing !== undefined) return fail(sourceNotAtHand(id, missing));
      const length = totalOf(run.parts.map(({ part }) => part));
      regions.push({
        name: run.name,
        start: start + (run.parts[0]?.offset ?? 0n),
        length,
        sha256: digest(run, input),
      });
    }
  }
  return ok(regions.sort((a, b) => (a.start < b.start ? -1 : 1)));
}

/**
 * Cuts a segment's content into what can be verified by one digest each: a source taken whole keeps its own digest,
 * fresh bytes have none, all else goes together with its neighbours. Zeros at the end need no digest.
 */
function runs(id: string, parts: readonly Part[], sources: Sources): Run[] {
  const cut: { parts: PlacedPart[]; whole?: Source }[] = [];
  let open = false;
  for (const placed of placedParts(withoutZeroTail(parts))) {
    const whole = wholeSource(placed.part, sources);
    const alone = whole !== undefined || 'fresh' in placed.part;
    if (open && !alone) cut.at(-1)?.parts.push(placed);
    else if (!('fresh' in placed.part)) cut.push({ parts: [placed], ...(whole && { whole }) });
    open = !alone;
  }
  return named(id, cut.filter(hasContent));
}

function hasContent({ parts }: { readonly parts: readonly PlacedPart[] }): boolean {
  return parts.some(({ part }) => lengthOf(part) > 0n);
}

/** `initrd` alone, else `initrd[0]`, `initrd[1]`; the zeros between them are `initrd padding[0]`, so that they take no number. */
function named(id: string, cut: readonly Omit<Run, 'name'>[]): Run[] {
  const isPadding = ({ parts }: Omit<Run, 'name'>) => parts.every(({ part }) => 'zeros' in part);
  const padding = cut.filter(isPadding);
  const content = cut.filter((run) => !isPadding(run));
  return cut.map((run) => {
    if (isPadding(run)) return { ...run, name: `${id} padding[${padding.indexOf(run)}]` };
    return { ...run, name: content.length === 1 ? id : `${id}[${content.indexOf(run)}]` };
  });
}

function wholeSource(part: Part, sources: Sources): Source | undefined {
  if (!('source' in part) || part.offset !== 0) return undefined;
  const source = sources.get(part.source);
  return source?.size === part.length ? source : undefined;
}

function notAtHand({ parts, whole }: Run, sources: Sources): string | undefined {
  if (whole !== undefined) return undefined;
  const slices = parts.flatMap(({ part }) => ('source' in part ? [part.source] : []));
  return slices.find((source) => bytesOf(sources, source) === undefined);
}

function digest({ parts, whole }: Run, { engines, sources }: LinkInput): string {
  if (whole !== undefined) return whole.sha256;
  const hasher = engines.sha256();
  for (const chunk of chunks(
    parts.map(({ part }) => part),
    sources,
  ))
    hasher.update(chunk);
  return toHex(hasher.digest());
}
