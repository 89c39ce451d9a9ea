import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  boot,
  guestMachine,
  probeGuestMachine,
  RAM_PATTERN,
  targetOf,
  type BootOptions,
  type BootResult,
} from '@kexec-kit/backend-qemu';
import { linkPlanned, open, plan, type GivenValue } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  constant,
  range,
  unwrap,
  type Diagnostic,
  type Expr,
  type Firmware,
  type HandoffMode,
  type Machine,
  type Piece,
  type Plan,
  type Policy,
  type Range,
  type ReadSource,
  type Region,
  type SegmentsSubmission,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { fingerprint, intersect, subtract, usableFrom } from '@kexec-kit/memory';
import { loaders } from '@kexec-kit/preset-x86';
import { witness, withScans } from '../witness/build.mjs';

/** So many ranges a witness can look at. */
const MOST_SCANS = 32;

/** What a test asks for: a witness kernel, a guest, and what the kernel is to be handed. */
export interface Request {
  readonly kernel: string;
  readonly guest: Omit<BootOptions, 'timeoutMs'>;
  readonly type?: string;
  readonly options?: Readonly<Record<string, readonly string[]>>;
  /** The content of the files given by `--initrd`. */
  readonly initrds?: readonly Uint8Array[];
  /** The files given by `--module`, each with its own command line. */
  readonly modules?: readonly { readonly bytes: Uint8Array; readonly commandLine: string }[];
  readonly policy?: Partial<Policy>;
  /** What the running kernel is said to know besides what QEMU has. */
  readonly firmware?: Firmware;
  /** What the firmware is said to tell, in place of the guest's own map: finer, its RAM within the guest's. */
  readonly told?: readonly Region[];
  /** Every register that the plan does not name holds garbage, as nothing is promised of it. */
  readonly garbage?: boolean;
  /** Makes another plan of the one that was made: to see that the witness notices. */
  readonly alter?: (plan: Plan) => Plan;
}

/** What was planned, and what the witness told of it. */
export interface Told {
  readonly machine: Machine;
  readonly submission: SegmentsSubmission;
  readonly witness: Witness;
  /** What the witness found in all RAM that is no segment's. */
  readonly around: readonly Scan[];
  /** For who boots the submission in another way. */
  readonly read: ReadSource;
}

/** A number as the witness prints it: `0x` and as many digits as it takes. */
export type Hex = string;

export interface Scan {
  readonly first: Hex;
  readonly others: Hex;
}

/** Common to all witnesses; every one has members of its own besides. */
export interface Witness {
  readonly witness: string;
  readonly mode: HandoffMode;
  readonly entry: Hex;
  readonly zeros: boolean;
  readonly registers: Readonly<Record<string, Hex>>;
  readonly flags: Hex;
  readonly segments: Readonly<Record<string, Hex>>;
  /** Descriptors of the selectors above, as far as the table holds them. */
  readonly gdt: Readonly<Record<'base' | 'limit', Hex>> & Readonly<Record<string, Hex | null>>;
  readonly idt: Readonly<Record<'base' | 'limit', Hex>>;
  readonly control: Readonly<Record<'cr0' | 'cr2' | 'cr3' | 'cr4' | 'efer', Hex>>;
  readonly scans: readonly Scan[];
  readonly [more: string]: unknown;
}

/** The witness and its files as sources, and the way to their bytes. */
interface Sources {
  readonly image: SourceBytes;
  readonly initrds: readonly SourceBytes[];
  readonly modules: readonly SourceBytes[];
  readonly read: ReadSource;
}

/** From the image to its own words, through the same functions as the command line. */
export async function tell(request: Request): Promise<Told> {
  const bytes = Uint8Array.from(readFileSync(witness(request.kernel)));
  const machine = await machineFor(request);
  // Where everything goes does not depend on what the witness is to look at.
  const layout = submissionFor(request, machine, sourcesOf(bytes, request));
  const sources = sourcesOf(withScans(bytes, unclaimed(request, layout)), request);
  const submission = forGuest(request, submissionFor(request, machine, sources));
  const booted = await boot(submission, sources.read, { timeoutMs: 60_000, ...request.guest });
  const told = witnessOf(unwrap(booted), booted.diagnostics);
  return { machine, submission, witness: told, around: told.scans, read: sources.read };
}

function ramOf(told: readonly Region[]): readonly Range[] {
  return told.filter(({ kind }) => kind === 'ram');
}

/** What the witness said, once it has said all. QEMU tells by a diagnostic when somebody else has ended it. */
function witnessOf(booted: BootResult, diagnostics: readonly Diagnostic[]): Witness {
  const { output, lastLine, outcome, debugcon } = booted;
  const told = witnessIn(output);
  if (told !== undefined && lastLine === 'end of witness') return told;
  const heard = JSON.stringify({ outcome, debugcon, output: output.slice(-500), diagnostics });
  throw new Error(`no witness: ${heard}`);
}

/** The witness's line in all that a guest printed. */
export function witnessIn(output: string): Witness | undefined {
  const at = output.indexOf('{"witness"');
  return at < 0 ? undefined : (JSON.parse(output.slice(at).split('\n', 1).join('')) as Witness);
}

/** `boot` takes only what was made for the guest's own map: a finer one is exchanged for it, now that all is placed. */
function forGuest({ guest, told }: Request, submission: SegmentsSubmission): SegmentsSubmission {
  if (told === undefined) return submission;
  const own = guestMachine(guest);
  const map = { fingerprint: fingerprint(own, nodeEngines), told: own.told, usable: own.usable };
  return { ...submission, map };
}

async function machineFor({ guest, firmware, told }: Request): Promise<Machine> {
  const own = guest.firmware === 'seabios' ? unwrap(await probeGuestMachine(guest)) : guestMachine(guest);
  const machine =
    told === undefined ? own : { ...own, told, usable: usableFrom({ told, systemRam: ramOf(told) }) };
  return { ...machine, firmware: { ...machine.firmware, ...firmware } };
}

function submissionFor(request: Request, machine: Machine, sources: Sources): SegmentsSubmission {
  const { type, options = {}, policy = {}, guest } = request;
  const opened = unwrap(open(sources.image, loaders, type === undefined ? {} : { type }));
  const given = { ...options, ...filesOf(sources, request) };
  const asPlanned = unwrap(plan(opened, { machine, options: given, policy }));
  const altered = request.alter?.(asPlanned.plan) ?? asPlanned.plan;
  const planned = { ...asPlanned, plan: request.garbage === true ? withGarbage(altered) : altered };
  return unwrap(
    linkPlanned(planned, {
      target: targetOf(guest),
      engines: nodeEngines,
      sources: [...sources.initrds, ...sources.modules],
    }),
  );
}

/** What a register holds of which nothing is promised: the lower half, or quarter, in the narrower modes. */
const GARBAGE = 0xdead_beef_0bad_f00dn;
const general = {
  long64: 'rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15'.split(' '),
  protected32: 'eax ebx ecx edx esi edi ebp esp'.split(' '),
  real16: 'ax bx cx dx si di bp'.split(' '),
};
const masks = { long64: 0xffff_ffff_ffff_ffffn, protected32: 0xffff_ffffn, real16: 0xffffn };

function withGarbage(planned: Plan): Plan {
  const { handoff } = planned;
  const garbage = Object.fromEntries(
    general[handoff.mode].map((name) => [name, constant(GARBAGE & masks[handoff.mode])]),
  );
  const registers: Readonly<Record<string, Expr>> = { ...garbage, ...handoff.registers };
  return { ...planned, handoff: { ...handoff, registers } };
}

/** The registers that a plan names, as the witness prints them; those it does not name hold what `others` says. */
export function registersOf(
  { mode }: Witness,
  named: Readonly<Record<string, bigint>>,
  others: 'zeros' | 'garbage',
): Readonly<Record<string, Hex>> {
  const { long64, protected32 } = general;
  const [names, mask] = [mode === 'long64' ? long64 : protected32, masks[mode]];
  const rest = others === 'zeros' ? 0n : GARBAGE & mask;
  return Object.fromEntries(names.map((name) => [name, hexOf(named[name] ?? rest)]));
}

/** What a command line would name: an option that is not given is not there, as not every loader has it. */
function filesOf({ initrds, modules }: Sources, request: Request): Record<string, readonly GivenValue[]> {
  const withArguments = modules.map(({ id, name, size }, n) => {
    return { source: id, name, size, arguments: request.modules?.[n]?.commandLine ?? '' };
  });
  return {
    ...(initrds.length === 0 ? {} : { initrd: initrds }),
    ...(modules.length === 0 ? {} : { module: withArguments }),
  };
}

function sourcesOf(bytes: Uint8Array, { kernel, ...request }: Request): Sources {
  const image = sourceOf('image', kernel, bytes);
  const initrds = (request.initrds ?? []).map((content, n) =>
    sourceOf(`initrd.${String(n)}`, `initrd ${String(n)}`, content),
  );
  const modules = (request.modules ?? []).map((module, n) =>
    sourceOf(`module.${String(n)}`, `module ${String(n)}`, module.bytes),
  );
  const all = [image, ...initrds, ...modules];
  const read: ReadSource = (id, offset, into) => {
    const source = all.find((candidate) => candidate.id === id);
    if (source === undefined) return Promise.reject(new Error(`no source ${id}`));
    into.set(source.bytes.subarray(offset, offset + into.length));
    return Promise.resolve();
  };
  return { image, initrds, modules, read };
}

function sourceOf(id: string, name: string, bytes: Uint8Array): SourceBytes {
  return { id, name, size: bytes.length, sha256: sha256(bytes), bytes };
}

/** Where a 32-bit witness keeps three words while it learns where it is: its page is not looked at. */
const BORROWED = 0x1000n;
/** What is filled with the pattern for sure: `RAM_PATTERN`. */
const PATTERNED = range(BORROWED, 256n << 20n);

/** Whether a witness can tell what is in RAM that no segment has: it is mapped, and no BIOS has written there. */
export function seesAround({ guest }: Request): boolean {
  return guest.firmware !== 'seabios' && guest.strictMap !== true;
}

function unclaimed(request: Request, { segments, map }: SegmentsSubmission): Range[] {
  if (!seesAround(request)) return [];
  const taken = segments.map(({ start, memorySize }) => range(start, start + memorySize));
  return subtract(intersect(map.usable, [PATTERNED]), taken).slice(0, MOST_SCANS);
}

/** What the pattern looks like to a witness of that mode. */
export function pattern({ mode }: Witness): Scan {
  const bytes = mode === 'long64' ? 8 : 4;
  return { first: `0x${RAM_PATTERN.toString(16).repeat(bytes)}`, others: '0x0' };
}

/** The one piece of that name. */
export function piece({ segments }: SegmentsSubmission, id: string): Piece {
  const found = segments.flatMap(({ pieces }) => pieces).find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no piece ${id}`);
  return found;
}

/** The map that is told: the machine's, and in it, where there is one, the page of last words, which is reserved. */
export function toldMap({ machine, submission }: Pick<Told, 'machine' | 'submission'>): readonly Region[] {
  const pieces = submission.segments.flatMap((segment) => segment.pieces);
  const page = pieces.find(({ id }) => id === 'last-words');
  if (page === undefined) return machine.told;
  const [from, to] = [page.start, page.start + 0x1000n];
  return machine.told.flatMap((region): readonly Region[] => {
    if (to <= region.start || region.end <= from) return [region];
    const { start, end, kind } = region;
    return [
      { start, end: from, kind },
      { start: from, end: to, kind: 'reserved' },
      { start: to, end, kind },
    ];
  });
}

/** A map in the E820 entries that a witness prints. */
export function e820Of({ told }: Pick<Machine, 'told'>): readonly (readonly [Hex, Hex, Hex])[] {
  const types: Readonly<Record<string, Hex>> = {
    ram: '0x1',
    reserved: '0x2',
    acpi: '0x3',
    nvs: '0x4',
    unusable: '0x5',
  };
  return told.map(({ start, end, kind }) => [hexOf(start), hexOf(end - start), types[kind] ?? kind]);
}

export function hexOf(value: bigint | number): Hex {
  return `0x${value.toString(16)}`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Several initrds as a kernel finds them: one after the other, each but the last padded with zeros to 4 bytes. */
export function concatenated(initrds: readonly Uint8Array[]): Uint8Array {
  const last = initrds.length - 1;
  return Buffer.concat(
    initrds.flatMap((bytes, n) => (n === last ? [bytes] : [bytes, new Uint8Array(-bytes.length & 3)])),
  );
}

/** Bytes that nobody else has. */
export function noise(bytes: number): Uint8Array {
  return Uint8Array.from(randomBytes(bytes));
}
