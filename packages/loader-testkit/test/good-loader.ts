import {
  addressOf,
  constant,
  defineLoader,
  fail,
  ok,
  range,
  type AnyLoader,
  type Diagnostic,
  type Plan,
  type PlanInput,
  type Result,
} from '@kexec-kit/loader-api';
import type { Sample } from '@kexec-kit/loader-testkit';

// A format made up for this test, with one of everything that the kit looks at:
// "GOOD!FMT", u32 entry, u32 length, u64 load size, the code, then a tail that may be lost.

export const HEADER = 24;
const MAGIC = Array.from('GOOD!FMT', (letter) => letter.charCodeAt(0));

export interface Good {
  readonly entry: number;
  readonly length: number;
  readonly memory: bigint;
}

const codes = {
  GOOD_TRUNCATED: { cause: 'The image ends before its header says.', cure: 'Get the whole file.' },
  GOOD_FIELD: { cause: 'A field of the header cannot be.', cure: 'Build the image again.' },
  GOOD_UNSUPPORTED: { cause: 'This cannot be planned here.', cure: 'Use another purpose or machine.' },
  GOOD_TAIL_LOST: { cause: 'The signature behind the code is missing.', cure: 'Get the whole file.' },
};

const diagnostic = (
  code: keyof typeof codes,
  offset: number,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic => ({ code, severity, message: codes[code].cause, at: { source: 'image', offset } });

export const options = {
  initrd: { type: 'file', name: 'initrd', summary: 'Hand this file on', placeholder: 'FILE' },
  quiet: { type: 'flag', name: 'quiet', summary: 'Say less' },
} as const;

export const good = defineLoader({
  api: 1,
  name: 'good',
  version: '1.0.0',
  summary: 'A loader without a fault',
  aliases: [{ name: 'goodQuiet', summary: 'The same, saying less', presets: { quiet: true } }],
  supports: { purposes: ['normal', 'crash'], handoffs: ['long64'], architectures: ['x86_64'] },
  options,
  codes,
  signatures: [{ at: 0, hex: '474f4f4421464d54' }],
  probe: (bytes) =>
    magic(bytes) ? { match: true, detail: 'the good format' } : { match: false, reason: 'no "GOOD!FMT"' },
  load: ({ bytes }) => load(bytes),
  plan,
  finish: () => ok(new Map([['table', new Uint8Array(16)]])),
  planFile: (_image, { options }) =>
    ok({ commandLine: 'quiet', initrds: options.initrd === undefined ? [] : [options.initrd.source] }),
  inspect: ({ entry }) => [
    { title: 'header', fields: [{ name: 'entry', value: String(entry), offset: 8, size: 4 }] },
  ],
  payload: ({ length }) => ok({ what: 'the code', offset: HEADER, length, unpackedSize: length }),
});

function magic(bytes: Uint8Array): boolean {
  return bytes.length >= 8 && MAGIC.every((byte, index) => bytes[index] === byte);
}

export function load(bytes: Uint8Array): Result<Good> {
  if (bytes.length < HEADER || !magic(bytes)) return fail(diagnostic('GOOD_TRUNCATED', bytes.length));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entry = view.getUint32(8, true);
  const length = view.getUint32(12, true);
  const memory = view.getBigUint64(16, true);
  if (bytes.length < HEADER + length) return fail(diagnostic('GOOD_TRUNCATED', bytes.length));
  if (entry >= length || memory < BigInt(length)) return fail(diagnostic('GOOD_FIELD', 8));
  const tail = bytes.length > HEADER + length ? [] : [diagnostic('GOOD_TAIL_LOST', bytes.length, 'warning')];
  return ok({ entry, length, memory }, tail);
}

const anywhere = { within: range(0x3000n, 1n << 46n), align: 0x1000n, from: 'top' } as const;

export function plan(image: Good, input: PlanInput<typeof options>): Result<Plan> {
  if (input.machine.architecture !== 'x86_64') return fail(diagnostic('GOOD_UNSUPPORTED', 0));
  const { initrd } = input.options;
  return ok({
    segments: [
      {
        id: 'code',
        parts: [{ source: 'image', offset: HEADER, length: image.length }],
        memorySize: image.memory,
        placements: [{ group: 'image', offset: 0n }],
      },
      { id: 'table', parts: { deferred: { maximum: 16 } }, memorySize: 16n, placements: [anywhere] },
      {
        id: 'block',
        parts: [{ bytes: new Uint8Array(16) }, { zeros: 16n }],
        memorySize: 64n,
        placements: [{ at: 0x10_0000n }, { ...anywhere, within: range(0x3000n, 1n << 32n) }, anywhere],
        relocations: [
          { offset: 0, value: addressOf('code'), encoding: 'u64' },
          { offset: 8, value: constant(7n), encoding: 'u32' },
          { offset: 12, checksum: 'sum8', over: { offset: 0, length: 16 } },
        ],
      },
      ...(initrd === undefined
        ? []
        : [
            {
              id: 'initrd',
              parts: [{ source: initrd.source, offset: 0, length: initrd.size }],
              memorySize: BigInt(initrd.size),
              placements: [anywhere],
            },
          ]),
    ],
    groups: [{ id: 'image', placements: [anywhere] }],
    handoff: {
      mode: 'long64',
      entry: addressOf('code', BigInt(image.entry)),
      registers: { rsi: addressOf('block') },
    },
  });
}

/** 64 bytes of code entered at `entry`, and a tail of 8 bytes. */
export function image(entry: number, memory = 0x4000n): Uint8Array {
  const bytes = new Uint8Array(HEADER + 64 + 8).fill(0x90);
  bytes.set(MAGIC);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, entry, true);
  view.setUint32(12, 64, true);
  view.setBigUint64(16, memory, true);
  return bytes;
}

export const samples: readonly Sample[] = [
  { name: 'plain', bytes: image(0), declaredEnd: HEADER + 64 },
  {
    name: 'with an initrd',
    bytes: image(16, 0x2_0000n),
    declaredEnd: HEADER + 64,
    options: { initrd: { source: 'initrd.0', name: 'initrd.img', size: 5000, arguments: '' } },
  },
];

export const rejects = [{ name: 'an entry beyond the code', bytes: image(64) }];

/** The good loader with one thing changed. */
export function broken(change: Partial<AnyLoader>): AnyLoader {
  return { ...good, ...change };
}
