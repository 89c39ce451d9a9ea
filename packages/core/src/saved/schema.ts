import type { Submission } from '@kexec-kit/loader-api';
import * as v from 'valibot';
import { fromBase64 } from './base64.js';

/** What stands in `format` of every saved submission. */
export const SAVED_FORMAT = 'kexec-kit submission';
/** The version of the saved form that this package writes and reads. */
export const SAVED_VERSION = 1;

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const address = v.pipe(
  v.string(),
  v.regex(/^0x(?:0|[1-9a-f][0-9a-f]{0,15}|10{16})$/, 'lower-case 0x…, at most 2^64'),
  v.transform((digits) => BigInt(digits)),
);
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'));
const bytes = v.pipe(
  v.string(),
  v.regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'base64'),
  v.transform(fromBase64),
  v.instance(Uint8Array, 'base64 with unused bits zero'),
);
const range = { start: address, end: address };

const part = v.union([
  v.strictObject({ bytes }),
  v.strictObject({ source: text, offset: count, length: count }),
  v.strictObject({ zeros: address }),
  v.strictObject({ fresh: count }),
]);

const attempt = v.strictObject({
  wanted: text,
  chosen: v.exactOptional(address),
  refused: v.array(v.strictObject({ ...range, reason: text })),
});

const piece = v.strictObject({
  id: text,
  start: address,
  size: address,
  memorySize: address,
  why: v.exactOptional(text),
  search: v.array(attempt),
});

const segment = v.strictObject({
  start: address,
  memorySize: address,
  parts: v.array(part),
  pieces: v.array(piece),
});

const region = v.strictObject({
  ...range,
  kind: v.picklist([
    'ram',
    'reserved',
    'acpi',
    'nvs',
    'unusable',
    'persistent',
    'persistent-legacy',
    'soft-reserved',
  ]),
});

const source = v.strictObject({
  id: text,
  name: text,
  size: count,
  sha256,
  decompressed: v.exactOptional(text),
});

const facts = v.array(
  v.strictObject({
    title: text,
    fields: v.array(
      v.strictObject({
        name: text,
        value: text,
        offset: v.exactOptional(count),
        size: v.exactOptional(count),
        spec: v.exactOptional(text),
      }),
    ),
  }),
);

const diagnostic = v.strictObject({
  code: text,
  severity: v.picklist(['error', 'warning', 'info']),
  message: text,
  at: v.exactOptional(
    v.strictObject({
      source: v.exactOptional(text),
      offset: v.exactOptional(count),
      field: v.exactOptional(text),
    }),
  ),
  found: v.exactOptional(text),
  expected: v.exactOptional(text),
  hint: v.exactOptional(text),
  spec: v.exactOptional(text),
});

const target = v.strictObject({
  name: text,
  handoff: v.picklist(['long64', 'protected32']),
  maxSegments: count,
  addressEnd: address,
  maps: v.picklist(['ram', 'segments']),
  callerAbi: v.picklist(['x86_64', 'i386']),
});

const crash = v.strictObject({
  systemRam: v.array(v.strictObject(range)),
  cpuNotes: v.array(v.strictObject({ cpu: count, ...range })),
  vmcoreinfo: v.exactOptional(v.strictObject(range)),
  kernel: v.exactOptional(v.strictObject({ ...range, virtualStart: address })),
  pageOffset: v.exactOptional(address),
});

const base = {
  loader: v.strictObject({ name: text, version: text }),
  purpose: v.picklist(['normal', 'crash']),
  architecture: v.picklist(['x86_64', 'i386']),
  map: v.strictObject({
    fingerprint: sha256,
    told: v.array(region),
    usable: v.array(v.strictObject(range)),
    crashKernel: v.exactOptional(v.array(v.strictObject(range))),
    crash: v.exactOptional(crash),
  }),
  sources: v.array(source),
  facts,
  diagnostics: v.array(diagnostic),
};

const submission = v.variant('method', [
  v.strictObject({
    method: v.literal('segments'),
    ...base,
    target,
    entry: address,
    segments: v.array(segment),
    mappings: v.array(v.strictObject(range)),
    checked: v.array(v.strictObject({ name: text, start: address, length: address, sha256 })),
    copies: v.exactOptional(v.array(v.strictObject({ from: address, to: address, length: address }))),
    lastWords: v.exactOptional(address),
  }),
  v.strictObject({
    method: v.literal('file'),
    ...base,
    kernel: text,
    initrds: v.array(text),
    commandLine: text,
  }),
]);

/** A saved submission with its envelope. */
export interface Saved {
  readonly format: typeof SAVED_FORMAT;
  readonly version: typeof SAVED_VERSION;
  /** `sha256:` and the digest of the canonical JSON of the rest. A checksum, not a signature. */
  readonly integrity: string;
  readonly submission: Submission;
}

/** The saved form; the published JSON Schema is made from this. */
export const savedSchema: v.GenericSchema<unknown, Saved> = v.strictObject({
  format: v.literal(SAVED_FORMAT),
  version: v.literal(SAVED_VERSION),
  integrity: v.pipe(
    v.string(),
    v.regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 lower-case hexadecimal digits'),
  ),
  submission,
});
