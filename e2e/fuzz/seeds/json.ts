import { DEFAULT_POLICY, linuxTarget, serializeSubmission } from '@kexec-kit/core';
import { link } from '@kexec-kit/link';
import {
  unwrap,
  type AnyLoader,
  type Machine,
  type SegmentsSubmission,
  type Source,
} from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';
import { loader as multiboot2 } from '@kexec-kit/loader-multiboot2';
import { imageOf, standardMachines } from '@kexec-kit/loader-testkit';
import { serializeMachine } from '@kexec-kit/machine';
import { bzImage, HIGH, optionsFor } from '../insides.js';
import { engines } from '../engines.js';
import type { Seed } from '../target.js';

const FILE = { source: 'file.0', name: 'file.img', size: 0x12345, arguments: '' };
const FILES = { initrd: [FILE], module: [FILE], commandLine: 'console=ttyS0' };

/** An image with one more file, planned and linked on a machine. */
export function submissionOf(loader: AnyLoader, bytes: Uint8Array, machine: Machine): SegmentsSubmission {
  const image = imageOf({ name: 'seed', bytes });
  const loaded: unknown = unwrap(loader.load(image));
  const plan = unwrap(
    loader.plan(loaded, {
      machine,
      purpose: 'normal',
      policy: DEFAULT_POLICY,
      options: optionsFor(loader, FILES),
    }),
  );
  const file: Source = { ...FILE, id: FILE.source, sha256: 'a5'.repeat(32) };
  const linked = link({
    ...{
      loader,
      plan,
      machine,
      engines,
      policy: DEFAULT_POLICY,
      purpose: 'normal',
      target: linuxTarget(machine.architecture),
    },
    sources: new Map<string, Source>([image, file].map((each) => [each.id, each])),
  });
  return unwrap<SegmentsSubmission>(linked);
}

export const textSeed = (name: string, text: string): Seed => ({
  name,
  bytes: new Uint8Array(Buffer.from(text)),
  fields: [],
});

export function submissionSeeds(): Seed[] {
  const { small, uefi, above4g } = standardMachines;
  const made = [
    submissionOf(bzimage, bzImage(), small),
    submissionOf(bzimage, bzImage(), uefi),
    submissionOf(multiboot2, HIGH, above4g),
  ];
  const [{ loader, purpose, architecture, map, sources, facts, diagnostics }] = made as [SegmentsSubmission];
  const file = {
    loader,
    purpose,
    architecture,
    map,
    sources,
    facts,
    diagnostics,
    method: 'file',
    kernel: 'image',
    initrds: ['file.0'],
    commandLine: 'quiet',
  };
  return [
    ...made.map((each, i) => textSeed(`segments ${String(i)}`, serializeSubmission(each, engines))),
    textSeed('file', serializeSubmission(file as unknown as SegmentsSubmission, engines)),
  ];
}

export function snapshotSeeds(): Seed[] {
  return Object.entries<Machine>(standardMachines).map(([name, machine]) =>
    textSeed(name, serializeMachine(machine)),
  );
}
