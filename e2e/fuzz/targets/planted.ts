/** Broken on purpose: what the fuzzer must catch. Each is a good loader, or a reader, with one of the classic mistakes. */
import type { AnyLoader, SourceBytes } from '@kexec-kit/loader-api';
import { loader as multiboot } from '@kexec-kit/loader-multiboot';
import { mutate } from '../mutate.js';
import { multibootSeeds } from '../seeds/images.js';
import type { Target } from '../target.js';
import { loaderTarget } from './loaders.js';

/** ELF32: e_phnum at 0x2c, e_phoff at 0x1c. */
const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  new DataView(buffer, byteOffset, byteLength);
const phnum = (bytes: Uint8Array) => (bytes.length < 64 ? 0 : viewOf(bytes).getUint16(0x2c, true));

/** A loader that does something wrong before it does what it should. */
function plantedLoader(name: string, wrong: (image: SourceBytes) => void): Target {
  const load = (image: SourceBytes) => {
    wrong(image);
    return multiboot.load(image);
  };
  const loader: AnyLoader = { ...multiboot, name, load };
  return { ...loaderTarget(loader, { seeds: multibootSeeds }), planted: true };
}

/** A reader that gives a number. */
function plantedReader(name: string, read: (bytes: Uint8Array) => unknown): Target {
  return {
    ...{ name, stages: [], planted: true, seeds: multibootSeeds },
    make: mutate,
    run: (bytes) => ({ reached: [], value: read(bytes) }),
  };
}

let calls = 0;

export const plantedTargets: readonly Target[] = [
  plantedLoader('planted-throws', ({ bytes }) => {
    if (phnum(bytes) > 100) (undefined as unknown as { field: () => void }).field();
  }),
  plantedLoader('planted-loops', ({ bytes }) => {
    while (phnum(bytes) > 0x8000);
  }),
  plantedLoader('planted-allocates', ({ bytes }) => {
    new Uint8Array(phnum(bytes) * 0x1000).fill(1);
  }),
  plantedLoader('planted-gathers', ({ bytes }) => {
    const kept: unknown[] = [];
    for (let i = 0; phnum(bytes) > 0x8000; i += 1) kept.push(new Array<number>(10_000).fill(i));
  }),
  plantedLoader('planted-writes', ({ bytes }) => {
    if (phnum(bytes) > 100) bytes[0] = 0;
  }),
  plantedLoader('planted-remembers', (image) => {
    calls += 1;
    if (phnum(image.bytes) > 100) Object.defineProperty(image, 'name', { value: String(calls) });
  }),
  {
    ...loaderTarget({ ...multiboot, name: 'planted-hides', codes: {} }, { seeds: multibootSeeds }),
    planted: true,
  },
  {
    ...loaderTarget(
      {
        ...multiboot,
        name: 'planted-overlaps',
        plan(image, input) {
          const planned = multiboot.plan(image as never, input as never);
          if (!planned.ok) return planned;
          const [first] = planned.value.segments;
          const twice = {
            ...planned.value,
            segments: [...planned.value.segments, { ...first!, memorySize: -1n }],
          };
          return { ...planned, value: twice };
        },
      },
      { seeds: multibootSeeds },
    ),
    planted: true,
  },
  // The whole buffer instead of the part of it: what lies before the input, and what lies behind.
  plantedReader('planted-whole-buffer', ({ buffer }) => new DataView(buffer).getUint32(0x1000, true)),
  plantedReader(
    'planted-behind',
    ({ buffer, byteOffset, length }) => new Uint8Array(buffer)[byteOffset + length],
  ),
  plantedReader('planted-writes-behind', ({ buffer, byteOffset, length }) => {
    new Uint8Array(buffer)[byteOffset + length] = 1;
  }),
];
