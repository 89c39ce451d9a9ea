import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { linkPlanned, linuxTarget, open, plan, type GivenValue, type Planned } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  type Failure,
  type Machine,
  type Part,
  type SegmentsSubmission,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { loaders } from '@kexec-kit/preset-x86';
import { ParameterBlock } from '@kexec-kit/purgatory';
import { parse } from '@kexec-kit/structures';
import type { Case } from './case.js';
import type { Loaded, Scene } from './memory.js';

/** What we make of a case: what we would load, or why we do not. */
export type Ours =
  { readonly ok: true; readonly scene: Scene } | { readonly ok: false; readonly said: string };

/** A case that we planned. Placed and read by {@link sceneOf}. */
export type PlannedCase =
  { readonly ok: true; readonly planned: Planned; readonly files: readonly SourceBytes[] } | Failure;

const PURGATORY = 'purgatory';
/** `type` of our own for each of theirs: both are told what the image is. */
const TYPES = {
  bzimage64: 'bzimage',
  bzimage32: 'bzimage',
  elf: 'elf',
  multiboot: 'multiboot',
  multiboot2: 'multiboot2',
} as const;

/** Plans a case through the same calls as any program that uses the library. */
export function planCase(
  made: Case,
  machine: Machine,
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): PlannedCase {
  // Both call a file what it is called on the command line: it becomes part of what Multiboot kernels are told.
  const sources = [...files].map(([id, bytes]) => sourceOf(id, join(folder, id), bytes));
  const [image, ...others] = sources;
  if (image === undefined) throw new Error('a case without an image');
  const opened = open(image, loaders, { type: TYPES[made.image.format] });
  if (!opened.ok) return opened;
  const { memory, efi } = made.options;
  const planned = plan(opened.value, {
    machine,
    purpose: made.purpose,
    options: optionsOf(made, sources),
    files: new Map(others.map((source) => [source.id, source])),
    policy: { efi, ...(memory && { memory }) },
  });
  return planned.ok ? { ok: true, planned: planned.value, files: sources } : planned;
}

function sourceOf(id: string, name: string, bytes: Uint8Array): SourceBytes {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id, name, size: bytes.length, sha256, bytes };
}

function optionsOf({ image, options }: Case, sources: readonly SourceBytes[]): Record<string, GivenValue> {
  const path = (wanted: string) => sources.find(({ id }) => id === wanted)?.name ?? wanted;
  const modules = options.modules.map(({ text }, i) => path(`module.${i}`) + (text && ` ${text}`));
  const initrd = sources.filter(({ id }) => id === 'initrd.0').map(({ name }) => name);
  return {
    ...(options.commandLine === '' ? {} : { 'command-line': [options.commandLine] }),
    ...(options.reuse ? { 'reuse-cmdline': true } : {}),
    ...(initrd.length === 0 ? {} : { initrd }),
    ...(modules.length === 0 ? {} : { module: modules }),
    ...(image.format === 'elf' ? { args: [image.args] } : {}),
    ...(image.format === 'bzimage32' ? { 'entry-32bit': true } : {}),
    ...(image.format === 'bzimage64' ? { entry: ['64'] } : {}),
  } as Record<string, GivenValue>;
}

/** More than a kernel takes: how many there are is not what is compared here. */
const target = { ...linuxTarget('x86_64'), maxSegments: 1024 };

export function linkCase(planned: Planned, files: readonly SourceBytes[]): ReturnType<typeof linkPlanned> {
  return linkPlanned(planned, { target, engines: nodeEngines, sources: files.slice(1) });
}

/** A linked plan as memory: piece by piece, and the state in which purgatory's own parameters enter it. */
export function sceneOf(submission: SegmentsSubmission, files: readonly SourceBytes[]): Scene {
  const sources = new Map(files.map((file) => [file.id, file.bytes]));
  const pieces = submission.segments.flatMap((segment) => {
    const bytes = bytesOf(segment.parts, sources);
    return segment.pieces.map((piece) => {
      const from = Number(piece.start - segment.start);
      return {
        id: piece.id,
        start: piece.start,
        memorySize: piece.memorySize,
        bytes: bytes.subarray(from, from + Number(piece.size)),
      };
    });
  });
  const purgatory = pieces.find(({ id }) => id === PURGATORY);
  if (purgatory === undefined) throw new Error('a submission without purgatory');
  return { pieces: pieces.filter((piece) => piece !== purgatory), state: stateOf(purgatory) };
}

const MAGIC = Buffer.from('kkpurg64');
const DIGEST = 32;

function stateOf({ bytes }: Loaded): Scene['state'] {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).lastIndexOf(MAGIC) - DIGEST;
  const block = parse(ParameterBlock, bytes.subarray(at));
  const { entry, mode, registers } = block;
  const wide = Object.fromEntries(
    Object.entries(registers).filter((pair): pair is [string, bigint] => typeof pair[1] === 'bigint'),
  );
  if (mode === 64) return { mode: 'long64', entry, registers: wide };
  const narrow = Object.entries(wide)
    .slice(0, 8)
    .map(([name, value]) => [name.replace('r', 'e'), value] as const);
  return { mode: 'protected32', entry, registers: Object.fromEntries(narrow) };
}

function bytesOf(parts: readonly Part[], sources: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return Buffer.concat(
    parts.map((part) => {
      if ('bytes' in part) return part.bytes;
      if ('zeros' in part) return new Uint8Array(Number(part.zeros));
      if ('fresh' in part) return new Uint8Array(part.fresh).fill(0xff);
      const { source, offset, length } = part;
      return sources.get(source)?.subarray(offset, offset + length) ?? new Uint8Array();
    }),
  );
}

/** A failure in a line. */
export function saidBy({ diagnostics: [{ code, message }] }: Failure): string {
  return `${code}: ${message}`;
}
