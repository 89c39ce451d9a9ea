import { nodeEngines } from '@kexec-kit/host-node';
import type { Architecture, HandoffMode, Target } from '@kexec-kit/loader-api';
import { buildParameters, canEnter, type PurgatoryParameters } from '@kexec-kit/purgatory';
import {
  narrowWitness,
  purgatorySegment,
  run,
  segment,
  sha256,
  stateOf,
  witness,
  type Guest,
  type State,
} from './guest.js';

/** From a running kernel to an entry mode. */
export interface Way {
  readonly running: Architecture;
  readonly mode: HandoffMode;
}

const handoffs = { x86_64: 'long64', i386: 'protected32' } as const satisfies Record<
  Architecture,
  Target['handoff']
>;

export const allWays: readonly Way[] = (['x86_64', 'i386'] as const).flatMap((running) =>
  (['long64', 'protected32', 'real16'] as const).map((mode) => ({ running, mode })),
);

/** Whether purgatory has such a way at all. */
export function leads({ running, mode }: Way): boolean {
  return canEnter(handoffs[running], mode);
}

const MIB = 1n << 20n;
/** Real mode reaches what is below 1 MiB: there the kernel is so far into its segment. */
const IP = 0x100n;

/** Where purgatory and the kernel lie, by mode. */
export const places = {
  long64: { purgatory: 4n * MIB, kernel: 8n * MIB },
  protected32: { purgatory: 4n * MIB, kernel: 8n * MIB },
  real16: { purgatory: 0x7000n, kernel: 0x2_0000n },
} as const satisfies Record<HandoffMode, unknown>;

/** Bytes of no other make, in low memory: verified, and there to be copied. */
export const DATA = 0x6_0000n;
export const data = Uint8Array.from({ length: 5003 }, (_, i) => (i * 31 + 7) & 0xff);
/** Room that purgatory writes to: a copy of low memory, a record. */
export const BACKUP = 16n * MIB;
export const RECORD = 20n * MIB;
const BEFORE = 24n * MIB;
export const LOW_MEMORY = 0xa_0000n;

const WIDE = ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp'];

/** A value of its own for every register of a mode. */
export const registers: Readonly<Record<HandoffMode, Readonly<Record<string, bigint>>>> = {
  long64: Object.fromEntries(
    [
      ...WIDE.map((name) => `r${name}`),
      ...['8', '9', '10', '11', '12', '13', '14', '15'].map((n) => `r${n}`),
    ].map((name, n) => [name, 0xfedc_ba98_7654_3200n + BigInt(n)]),
  ),
  protected32: Object.fromEntries(WIDE.map((name, n) => [`e${name}`, 0xfedc_ba90n + BigInt(n)])),
  real16: {
    ...Object.fromEntries(WIDE.map((name, n) => [name, 0xfed0n + BigInt(n)])),
    ...{ cs: (places.real16.kernel - IP) >> 4n, ds: 0x1111n, es: 0x2222n, fs: 0x3333n, gs: 0x4444n },
    ss: 0x5555n,
  },
};

/** What a witness told, and QEMU's monitor after it. */
export interface Entered {
  readonly state: State;
  readonly debugcon: string;
  readonly output: string;
  readonly answers: readonly string[];
}

export interface Asked {
  readonly parameters: Partial<PurgatoryParameters>;
  /** Code that runs before purgatory. */
  readonly before?: Uint8Array;
}

/** mov $TO, %eax; jmp *%eax, or %rax. */
function jump(to: bigint): Uint8Array {
  return Uint8Array.of(
    0xb8,
    Number(to & 0xffn),
    Number((to >> 8n) & 0xffn),
    Number(to >> 16n),
    0,
    0xff,
    0xe0,
  );
}

/** Enters the witness kernel on that way, with what purgatory is asked for besides. */
export async function enterBy(
  { running, mode }: Way,
  { parameters, before = new Uint8Array() }: Asked,
  how: Partial<Guest> = {},
): Promise<Entered> {
  const { purgatory, kernel: at } = places[mode];
  const kernel = mode === 'long64' ? witness() : narrowWitness(mode, mode === 'real16' ? IP : at);
  const region = (name: string, start: bigint, bytes: Uint8Array) => ({
    ...{ name, start, length: BigInt(bytes.length), sha256: sha256(bytes) },
  });
  const block = buildParameters(
    {
      regions: [region('kernel', at, kernel), region('data', DATA, data)],
      ...{ pokes: [], entry: at, mode, registers: registers[mode], console: {} },
      ...parameters,
    },
    nodeEngines,
  );
  const booted = await run(
    { model: 'q35', memory: 64n * MIB, architecture: running, ...how },
    [
      purgatorySegment(purgatory, block, handoffs[running]),
      segment(BEFORE, before, jump(purgatory)),
      segment(at, kernel),
      segment(DATA, data),
      segment(BACKUP, new Uint8Array(Number(LOW_MEMORY))),
      segment(RECORD, new Uint8Array(0x1000)),
    ],
    BEFORE,
  );
  const { debugcon, output, answers = [] } = booted;
  return { state: stateOf(booted), debugcon, output, answers };
}
