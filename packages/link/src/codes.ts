import {
  hex,
  type Attempt,
  type Codes,
  type Diagnostic,
  type HandoffMode,
  type Range,
  type RefusedHole,
  type SegmentId,
  type Target,
} from '@kexec-kit/loader-api';
import { destinations } from '@kexec-kit/memory';
import { canEnter } from '@kexec-kit/purgatory';
import type { LinkFailure, LinkInput } from './input.js';
import type { Unit } from './pack.js';

/** Every code that {@link link} gives. */
export const linkCodes = {
  LINK_BAD_PLAN_VALUE: {
    cause: 'A loader made a plan with a value that the contract does not allow.',
    cure: 'Report it to the author of the loader that the message names: it is a bug there.',
  },
  LINK_BAD_PLAN_KIND: {
    cause: 'A loader made a plan with something that this version does not know.',
    cure: 'Use a kexec-kit for the contract version that the loader was written for.',
  },
  LINK_BAD_PLAN_REFERENCE: {
    cause: 'A plan refers to a segment, group or source that it does not have, or not yet.',
    cure: 'Report it to the author of the loader that the message names: it is a bug there.',
  },
  LINK_BAD_PLAN_DUPLICATE: {
    cause: 'A plan names two things alike.',
    cure: 'Report it to the author of the loader that the message names: it is a bug there.',
  },
  LINK_BAD_PLAN_FINISH: {
    cause: 'A loader made other content for deferred segments than its plan promised.',
    cure: 'Report it to the author of the loader that the message names: it is a bug there.',
  },
  LINK_HANDOFF_UNSUPPORTED: {
    cause:
      'No purgatory leads from the state in which the running kernel hands over to the one that the image wants.',
    cure: 'Choose another entry of the image, if it has one: an i386 kernel starts a 64-bit kernel by its 32-bit entry.',
  },
  LINK_NO_RAM: {
    cause: 'There is no memory in which anything may be placed.',
    cure: 'Read the memory map as root; for a crash kernel, boot with crashkernel=.',
  },
  LINK_NO_PLACE: {
    cause: 'A segment fits nowhere that it may go.',
    cure: 'Give it room: a smaller initrd, more memory, wider --mem-min and --mem-max.',
  },
  LINK_MOVED: {
    cause:
      'An image lies elsewhere than where it was linked, since that place may not be had; it said that it can be moved.',
    cure: 'Nothing: it is worth knowing when addresses in its messages are compared with its symbols.',
  },
  LINK_PAGE_ZERO: {
    cause: 'An image wants to lie in the first page, which holds live data of the firmware.',
    cure: 'Link the image at 0x1000 or above.',
  },
  LINK_TOO_MANY_SEGMENTS: {
    cause: 'More segments and mappings are needed than the running kernel takes.',
    cure: 'Give fewer modules or initrds: several initrds may be concatenated to one.',
  },
  LINK_MAPPING_UNREACHABLE: {
    cause: 'The image needs memory mapped that the running kernel does not map at hand-over.',
    cure: 'Start the image from another kernel or hypervisor, whose target maps what is asked for.',
  },
  LINK_ENTRY_OUTSIDE: {
    cause: 'The entry point lies in none of the segments.',
    cure: 'Check the entry address of the image.',
  },
  LINK_VALUE_OVERFLOW: {
    cause: 'A value that is known only after placement does not fit where it has to be written.',
    cure: 'Place things lower: give --mem-max, often 4 GiB.',
  },
  LINK_SOURCE_NOT_AT_HAND: {
    cause: 'A slice of a file has to be hashed and the bytes of the file were not handed in.',
    cure: 'Hand in the source with its bytes, or plan it as a whole: then its own digest is used.',
  },
} as const satisfies Codes;

type Rest = Omit<Diagnostic, 'code' | 'severity' | 'message'>;

function error(code: keyof typeof linkCodes, message: string, rest: Rest = {}): Diagnostic {
  return { code, severity: 'error', message, ...rest };
}

type Loader = LinkInput['loader'];
const named = ({ name, version }: Loader) => `loader ${name} ${version}`;
const report = ({ name }: Loader) => `this is a bug of ${name}: report it to its author`;

/** One value that a plan should not have. */
export interface Wrong {
  /** Its path in the plan, e.g. `segments[2].memorySize`. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

export function badValue(loader: Loader, { field, found, expected }: Wrong): Diagnostic {
  return error(
    'LINK_BAD_PLAN_VALUE',
    `${named(loader)} made a plan whose ${field} is ${found}, not ${expected}`,
    {
      at: { field },
      found,
      expected,
      hint: report(loader),
    },
  );
}

export function badKind(loader: Loader, { field, found, expected }: Wrong, api: number): Diagnostic {
  const message = `${named(loader)} made a plan whose ${field} is of kind ${found}, which contract version ${api} does not have`;
  return error('LINK_BAD_PLAN_KIND', message, {
    at: { field },
    found,
    expected,
    hint: `use a kexec-kit whose contract is newer than version ${api}, as ${named(loader)} needs`,
  });
}

export function badReference(loader: Loader, { field, found, expected }: Wrong): Diagnostic {
  return error(
    'LINK_BAD_PLAN_REFERENCE',
    `${named(loader)} made a plan whose ${field} refers to ${found}, which is not ${expected}`,
    {
      at: { field },
      found,
      expected,
      hint: report(loader),
    },
  );
}

export function duplicate(loader: Loader, { field, found, expected }: Wrong): Diagnostic {
  return error(
    'LINK_BAD_PLAN_DUPLICATE',
    `${named(loader)} made a plan whose ${field} is ${found} once more`,
    {
      at: { field },
      found,
      expected,
      hint: report(loader),
    },
  );
}

export function badFinish(loader: Loader, segment: SegmentId, found: string, expected: string): Diagnostic {
  return error(
    'LINK_BAD_PLAN_FINISH',
    `${named(loader)} finished segment ${segment} with ${found}, not ${expected}`,
    {
      at: { field: segment },
      found,
      expected,
      hint: report(loader),
    },
  );
}

const MODES: readonly HandoffMode[] = ['long64', 'protected32', 'real16'];

export function handoffUnsupported(loader: Loader, { name, handoff }: Target, mode: HandoffMode): Diagnostic {
  const possible = MODES.filter((each) => canEnter(handoff, each)).join(' or ');
  return error(
    'LINK_HANDOFF_UNSUPPORTED',
    `no purgatory leads from ${handoff}, in which ${name} hands over, to ${mode}, which ${loader.name} wants`,
    {
      at: { field: 'handoff.mode' },
      found: `${handoff} to ${mode}`,
      expected: `${handoff} to ${possible}`,
      hint: `use another entry of the image, if ${loader.name} offers one: ${possible}`,
    },
  );
}

export function noRam({ machine, purpose }: LinkInput): Diagnostic {
  const [region] = destinations(machine, purpose);
  return purpose === 'crash'
    ? error('LINK_NO_RAM', 'not enough memory is reserved for a crash kernel', {
        found: region === undefined ? 'no crash kernel region' : `${hex(region.start)}-${hex(region.end)}`,
        expected:
          'more than what the running kernel takes for its own: a MiB, and a page for each GiB of memory',
        hint: 'boot the running kernel with crashkernel=256M',
      })
    : error('LINK_NO_RAM', 'the memory map has no usable RAM', {
        found: 'no usable range',
        expected: 'at least one range of System RAM that the firmware calls RAM',
        hint: 'read the map as root: to others /proc/iomem shows zeros',
      });
}

/** The segments that found no place, with every hole in `found` and, as data, in `search`. */
export function noPlace({ members }: Unit, attempts: readonly Attempt[], input: LinkInput): LinkFailure {
  const segments = members.map(({ segment }) => segment.id);
  const names = segments.join(', ');
  const size = members.reduce((total, { segment }) => total + segment.memorySize, 0n);
  const zero = pageZero(attempts);
  const diagnostic = error(
    zero ? 'LINK_PAGE_ZERO' : 'LINK_NO_PLACE',
    zero
      ? `${names} is linked in page 0, which holds live data of the firmware`
      : `there is no place for ${names} (${hex(size)} bytes)`,
    {
      at: { field: names },
      found: attempts.map(attemptInWords).join('\n'),
      expected: attempts.map(({ wanted }) => wanted).join(', or '),
      hint: zero ? 'link the image at 0x1000 or above' : roomHint(input),
    },
  );
  return { ok: false, diagnostics: [diagnostic], search: { segments, attempts } };
}

/** What was to lie in one range, and lies in another. */
export interface Move {
  readonly segments: readonly SegmentId[];
  readonly from: Range;
  readonly to: Range;
  /** What refused the first range. */
  readonly refused: readonly RefusedHole[];
}

export function moved({ segments, from, to, refused }: Move): Diagnostic {
  const [before, after] = [from, to].map(({ start, end }) => `${hex(start)}-${hex(end)}`);
  const names = segments.join(', ');
  return {
    code: 'LINK_MOVED',
    severity: 'info',
    message: `${names} moved from ${before} to ${after}: ${refused.map(holeInWords).join(', ')}`,
    at: { field: names },
    found: `${after}`,
    expected: `${before}`,
  };
}

function pageZero(attempts: readonly Attempt[]): boolean {
  const [only, ...more] = attempts;
  return (
    only !== undefined &&
    more.length === 0 &&
    only.wanted.startsWith('at ') &&
    only.refused.some(({ start }) => start < 0x1000n)
  );
}

function roomHint({ machine, purpose, target }: LinkInput): string {
  if (purpose === 'normal')
    return 'give the machine more memory, use a smaller initrd, or widen --mem-min and --mem-max';
  const [region] = destinations(machine, purpose);
  return region !== undefined && region.end > target.addressEnd
    ? `reserve memory below ${hex(target.addressEnd)}, where ${target.name} ends for ${target.callerAbi} programs: crashkernel=256M, without ",high"`
    : 'reserve more memory with crashkernel=, or use a smaller kernel or initrd';
}

/** So many holes are worth reading; all of them are in the data. */
const HOLES_IN_WORDS = 40;

function attemptInWords({ wanted, refused }: Attempt): string {
  const words = refused.slice(0, HOLES_IN_WORDS).map(holeInWords);
  const more = refused.length > HOLES_IN_WORDS ? [`and ${refused.length - HOLES_IN_WORDS} more`] : [];
  return [`${wanted}:`, ...(words.length === 0 ? ['nothing is free'] : words), ...more].join('\n  ');
}

function holeInWords({ start, end, reason }: RefusedHole): string {
  return `${hex(start)}-${hex(end)} (${reason})`;
}

export function tooManySegments(
  segments: number,
  mappings: number,
  limit: number,
  target: string,
): Diagnostic {
  return error(
    'LINK_TOO_MANY_SEGMENTS',
    `${segments} segments and ${mappings} mappings are needed, and ${target} takes ${limit}`,
    {
      found: `${segments + mappings}`,
      expected: `at most ${limit}`,
      hint: 'give fewer modules or initrds',
    },
  );
}

export function mappingUnreachable(mappings: readonly Range[], { name, handoff }: Target): Diagnostic {
  const found = mappings.map(({ start, end }) => `${hex(start)}-${hex(end)}`).join(', ');
  const [does, expected] =
    handoff === 'protected32'
      ? ['reaches what lies below 4 GiB', 'below 0x100000000']
      : ['maps RAM, segments and the first MiB', 'RAM, or below 0x100000'];
  return error('LINK_MAPPING_UNREACHABLE', `the image needs ${found} mapped, and ${name} ${does} only`, {
    found,
    expected,
    hint: 'start the image from a kernel or hypervisor that maps it',
  });
}

export function entryOutside(loader: Loader, entry: bigint): Diagnostic {
  return error(
    'LINK_ENTRY_OUTSIDE',
    `the entry ${hex(entry)} that ${named(loader)} gives lies in no segment`,
    {
      at: { field: 'handoff.entry' },
      found: hex(entry),
      expected: 'an address in one of the segments',
      hint: 'check the entry address of the image',
    },
  );
}

/** Where a value was to be written: a segment and an offset in it, or a field of the plan. */
export function valueOverflow(where: string, value: string, encoding: string): Diagnostic {
  return error('LINK_VALUE_OVERFLOW', `the value ${value} for ${where} does not fit ${encoding}`, {
    at: { field: where },
    found: value,
    expected: encoding,
    hint: 'place things lower with --mem-max, e.g. --mem-max=0xffffffff',
  });
}

export function sourceNotAtHand(segment: SegmentId, source: string): Diagnostic {
  return error(
    'LINK_SOURCE_NOT_AT_HAND',
    `a slice of ${source} in segment ${segment} has to be hashed, and its bytes are not at hand`,
    {
      at: { source, field: segment },
      found: 'a digest of the whole source only',
      expected: 'the bytes of the source',
      hint: `hand in ${source} with its bytes`,
    },
  );
}
