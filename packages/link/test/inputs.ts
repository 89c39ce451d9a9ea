import { createHash } from 'node:crypto';
import {
  addressOf,
  range,
  type Engines,
  type Machine,
  type Placement,
  type Plan,
  type Range,
  type Region,
  type Segment,
  type SegmentsSubmission,
  type Source,
  type SourceBytes,
  type Target,
} from '@kexec-kit/loader-api';
import { expect } from 'vitest';
import { link, type LinkInput, type LinkResult } from '../src/index.js';

export const engines: Engines = {
  sha256() {
    const hash = createHash('sha256');
    return {
      update: (bytes) => void hash.update(bytes),
      digest: () => Uint8Array.from(hash.digest()),
    };
  },
};

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export const target: Target = {
  name: 'linux-x86_64',
  handoff: 'long64',
  maxSegments: 16,
  addressEnd: 1n << 52n,
  maps: 'ram',
  callerAbi: 'x86_64',
};

export const i386: Target = {
  name: 'linux-i386',
  handoff: 'protected32',
  maxSegments: 16,
  addressEnd: 1n << 32n,
  maps: 'ram',
  callerAbi: 'i386',
};

/** QEMU's q35 with 128 MiB, as SeaBIOS tells it. */
export const q35 = machineOf(
  [range(0x1000n, 0x9f000n), range(0x100000n, 0x7fe0000n)],
  [
    region(0x9fc00n, 0xa0000n, 'reserved'),
    region(0xf0000n, 0x100000n, 'reserved'),
    region(0x7fe0000n, 0x8000000n, 'reserved'),
  ],
);

export function region(start: bigint, end: bigint, kind: Region['kind']): Region {
  return { start, end, kind };
}

export function machineOf(usable: readonly Range[], other: readonly Region[] = []): Machine {
  return {
    architecture: 'x86_64',
    told: [...usable.map((each) => ({ ...each, kind: 'ram' as const })), ...other].sort((a, b) =>
      a.start < b.start ? -1 : 1,
    ),
    usable,
    crashKernel: [],
    commandLine: '',
    cpus: 1,
    firmware: {},
  };
}

export const anywhere: Extract<Placement, { within: unknown }> = {
  within: range(0n, 1n << 64n),
  align: 1n,
  from: 'bottom',
};

export function segment(id: string, change: Partial<Segment> = {}): Segment {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i + id.length);
  return { id, parts: [{ bytes }], memorySize: 64n, placements: [anywhere], ...change };
}

export function planOf(segments: readonly Segment[], change: Partial<Plan> = {}): Plan {
  const entry = addressOf(segments[0]?.id ?? 'none');
  return { segments, handoff: { mode: 'long64', entry, registers: {} }, ...change };
}

export function sourceOf(id: string, bytes: Uint8Array): SourceBytes {
  return { id, name: `${id}.img`, size: bytes.length, sha256: sha256(bytes), bytes };
}

export function withoutBytes({ id, name, size, sha256: digest }: SourceBytes): Source {
  return { id, name, size, sha256: digest };
}

export function inputOf(plan: Plan, change: Partial<LinkInput> = {}): LinkInput {
  return {
    loader: { name: 'flat', version: '1.2.3' },
    plan,
    machine: q35,
    purpose: 'normal',
    policy: { efi: true, video: 'auto', console: { serial: { port: 0x3f8 } } },
    target,
    engines,
    sources: new Map(),
    ...change,
  };
}

export function linked(plan: Plan, change: Partial<LinkInput> = {}): SegmentsSubmission {
  const result = link(inputOf(plan, change));
  expect(result.diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
  if (!result.ok) throw new Error('not linked');
  return result.value;
}

export function refused(plan: Plan, change: Partial<LinkInput> = {}): Exclude<LinkResult, { ok: true }> {
  const result = link(inputOf(plan, change));
  if (result.ok) throw new Error('linked');
  return result;
}

export function startOf(submission: SegmentsSubmission, id: string): bigint {
  const piece = submission.segments.flatMap(({ pieces }) => pieces).find((each) => each.id === id);
  if (piece === undefined) throw new Error(`no piece ${id}`);
  return piece.start;
}

export function segmentOf(
  submission: SegmentsSubmission,
  id: string,
): SegmentsSubmission['segments'][number] {
  const found = submission.segments.find(({ pieces }) => pieces.some((each) => each.id === id));
  if (found === undefined) throw new Error(`no segment with ${id}`);
  return found;
}

/** The final memory: what a backend would write, by address; nothing where no segment lies. */
export function memoryImage(
  submission: SegmentsSubmission,
  sources: LinkInput['sources'],
): (start: bigint, length: bigint) => Uint8Array {
  const images = submission.segments.map(({ start, memorySize, parts }) => {
    const bytes = new Uint8Array(Number(memorySize));
    let offset = 0;
    for (const part of parts) {
      if ('bytes' in part) bytes.set(part.bytes, offset);
      if ('source' in part) {
        const source = sources.get(part.source) as SourceBytes;
        bytes.set(source.bytes.subarray(part.offset, part.offset + part.length), offset);
      }
      if ('fresh' in part) bytes.fill(0xa5, offset, offset + part.fresh);
      offset +=
        'bytes' in part
          ? part.bytes.length
          : 'source' in part
            ? part.length
            : 'zeros' in part
              ? Number(part.zeros)
              : part.fresh;
    }
    return { start, bytes };
  });
  return (start, length) => {
    const image = images.find(
      (each) => each.start <= start && start + length <= each.start + BigInt(each.bytes.length),
    );
    if (image === undefined) throw new Error(`nothing at ${start.toString(16)}`);
    const from = Number(start - image.start);
    return image.bytes.subarray(from, from + Number(length));
  };
}
