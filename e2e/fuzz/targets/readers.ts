import {
  Elf32Dyn,
  Elf32Ehdr,
  Elf32Phdr,
  Elf64Dyn,
  Elf64Ehdr,
  Elf64Phdr,
  ElfIdent,
  ElfNhdr,
  isElf,
  parseElf,
  readLoads,
} from '@kexec-kit/elf';
import {
  BootParams,
  EfiInfo,
  EfiMemoryDescriptor,
  EfiSetupData,
  encodeE820,
  kernelVersion,
  readSetupHeader,
  ScreenInfo,
  SetupData,
  SetupHeader,
  setupHeaderBytes,
  setupHeaderFacts,
} from '@kexec-kit/linux-boot';
import type { AnyLoader, Machine, Part } from '@kexec-kit/loader-api';
import { loader as multiboot } from '@kexec-kit/loader-multiboot';
import { loader as multiboot2 } from '@kexec-kit/loader-multiboot2';
import { HvmMemmapTableEntry, HvmModlistEntry, HvmStartInfo, loader as pvh } from '@kexec-kit/loader-pvh';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { parseBootParams } from '@kexec-kit/machine';
import * as multibootInfo from '@kexec-kit/multiboot-info';
import { layoutOf, ParameterBlock } from '@kexec-kit/purgatory';
import { FormatError, parse, type Reader } from '@kexec-kit/structures';
import {
  Directory,
  PeCertificates,
  PeHeader,
  encodeRuntimeMap,
  Elf32Shdr,
  Elf64Shdr,
  InfoTag,
  HeaderTag,
} from '../insides.js';
import { fieldsAt, usable, wordsAt } from '../fields.js';
import { rule } from '../finding.js';
import { mutate } from '../mutate.js';
import { bzImageSeeds, elfSeeds, multiboot2Seeds, multibootSeeds, pvhSeeds } from '../seeds/images.js';
import { submissionOf } from '../seeds/json.js';
import type { Answer, Seed, Sources, Target } from '../target.js';

type AnyReader = Pick<Reader<unknown>, 'structure' | 'read' | 'fields'>;

/** A seed's field table is that of a reader; behind it, words. */
function seedOf(name: string, bytes: Uint8Array, reader: AnyReader, at = 0): Seed {
  const words = wordsAt(0, Math.min(bytes.length, 1024));
  return { name, bytes, fields: usable([...fieldsAt(reader, at), ...words], bytes) };
}

/** Reads one structure: what it is, or an error of the kind that parsers turn into diagnostics, with its place. */
function tryRead(reader: AnyReader, bytes: Uint8Array): { ok: boolean; value: unknown } {
  try {
    return { ok: true, value: parse(reader, bytes) };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { offset, message, found, expected } = error;
    rule(message !== '' && found !== '' && expected !== '', `${reader.structure}: an error without words`);
    // A position that is wanted beyond the end is told as such; it is a whole number all the same.
    rule(Number.isSafeInteger(offset) && offset >= 0, `${reader.structure}: an error at ${String(offset)}`);
    return { ok: false, value: message };
  }
}

interface ReaderGroup {
  readonly name: string;
  readonly readers: readonly AnyReader[];
  /** Readers written by hand over the generated ones. */
  readonly more: Readonly<Record<string, (bytes: Uint8Array) => { ok: boolean; value: unknown }>>;
  readonly seeds: Target['seeds'];
}

function readersTarget({ name, readers, more, seeds }: ReaderGroup): Target {
  return {
    ...{ name, seeds },
    stages: ['any reader', 'half of them', ...Object.keys(more)],
    make: (random, from) => mutate(random, from),
    run(bytes): Answer {
      const read = readers.map((reader) => tryRead(reader, bytes));
      const good = read.filter(({ ok }) => ok).length;
      const others = Object.entries(more).map(([stage, run]) => [stage, run(bytes)] as const);
      const reached = [
        ...(good > 0 ? ['any reader'] : []),
        ...(2 * good >= readers.length ? ['half of them'] : []),
        ...others.flatMap(([stage, { ok }]) => (ok ? [stage] : [])),
      ];
      return { reached, value: [read, others] };
    },
  };
}

/** Runs what throws FormatError, as the loaders do. */
function guarded(
  run: (bytes: Uint8Array) => unknown,
): (bytes: Uint8Array) => { ok: boolean; value: unknown } {
  return (bytes) => {
    try {
      return { ok: true, value: run(bytes) };
    } catch (error) {
      if (error instanceof FormatError) return { ok: false, value: error.message };
      throw error;
    }
  };
}

/** Most nodes of a chain that are followed: it may be a circle. */
const MOST_NODES = 64;

/** As the next kernel walks it; addresses are offsets here. */
function setupDataChain(bytes: Uint8Array): unknown[] {
  const nodes: unknown[] = [];
  for (let at = 0n; at < BigInt(bytes.length) && nodes.length < MOST_NODES;) {
    const node = parse(SetupData, bytes.subarray(Number(at)), { offset: Number(at) });
    nodes.push(node);
    if (node.next === 0n) break;
    at = node.next;
  }
  return nodes;
}

function setupHeader(bytes: Uint8Array): unknown {
  const header = readSetupHeader(bytes);
  return [header, kernelVersion(bytes, header), setupHeaderBytes(bytes, header), setupHeaderFacts(header)];
}

const { manyRanges, uefi, small } = standardMachines as Record<string, Machine>;

function linuxSeeds(sources: Sources): Seed[] {
  const efi = uefi?.firmware.efi;
  const ranges = encodeE820(manyRanges?.told ?? []);
  const chain = new Uint8Array(16 + ranges.length + 16 + 64);
  const view = new DataView(chain.buffer);
  view.setBigUint64(0, BigInt(16 + ranges.length), true);
  view.setUint32(8, 1, true);
  view.setUint32(12, ranges.length, true);
  chain.set(ranges, 16);
  view.setUint32(16 + ranges.length + 8, 4, true);
  view.setUint32(16 + ranges.length + 12, 32, true);
  const heads = [...fieldsAt(SetupData, 0), ...fieldsAt(SetupData, 16 + ranges.length)];
  return [
    ...recordedBootParams(sources).map((bytes, i) => {
      const seed = seedOf(`boot_params ${String(i)}`, bytes, BootParams);
      return { ...seed, fields: [...seed.fields, ...usable(fieldsAt(SetupHeader, 0), bytes)] };
    }),
    ...bzImageSeeds(sources).map((seed) => ({
      ...seed,
      bytes: seed.bytes.slice(0, 4096),
      fields: usable(seed.fields, seed.bytes.slice(0, 4096)),
    })),
    { name: 'setup_data', bytes: chain, fields: usable(heads, chain) },
    seedOf('EFI runtime map', encodeRuntimeMap(efi?.runtimeMap ?? []), EfiMemoryDescriptor),
  ];
}

/** Of real machines: packages/machine/fixtures says how they were recorded. */
function recordedBootParams(sources: Sources): Uint8Array[] {
  return ['small', 'uefi', 'holes', 'microvm'].flatMap((name) => {
    const tree = sources.json(`packages/machine/fixtures/trees/${name}.json`) as Record<
      string,
      { base64?: string }
    >;
    const content = tree['/sys/kernel/boot_params/data']?.base64;
    return content === undefined ? [] : [new Uint8Array(Buffer.from(content, 'base64'))];
  });
}

const {
  MultibootInfo,
  MultibootModule,
  MultibootMmap,
  MultibootHeader,
  MultibootAddresses,
  MultibootGraphics,
} = multibootInfo;

/** What of a linked submission the loaders or purgatory made themselves: the blocks that somebody will read. */
function blocksOf(loader: AnyLoader, image: Uint8Array, machine: Machine): Uint8Array[] {
  return submissionOf(loader, image, machine).segments.flatMap(({ parts }) => parts.flatMap(bytesOf));
}

const bytesOf = (part: Part) =>
  'bytes' in part && part.bytes.length >= 16 ? [new Uint8Array(part.bytes)] : [];

function infoSeeds(sources: Sources): Seed[] {
  const one = multibootSeeds(sources)[0]!.bytes;
  const two = multiboot2Seeds(sources)[0]!.bytes;
  const machines = [small!, uefi!];
  return [
    ...machines
      .flatMap((machine) => blocksOf(multiboot, one, machine))
      .map((bytes, i) => seedOf(`information ${String(i)}`, bytes, MultibootInfo)),
    ...machines
      .flatMap((machine) => blocksOf(multiboot2, two, machine))
      .map((bytes, i) => seedOf(`information2 ${String(i)}`, bytes, multibootInfo.Multiboot2Info)),
    ...multibootSeeds(sources),
    ...multiboot2Seeds(sources),
  ];
}

function structureSeeds(sources: Sources): Seed[] {
  const image = pvhSeeds(sources)[0]!.bytes;
  const blocks = blocksOf(pvh, image, small!);
  const { parametersOffset } = layoutOf('long64', 'protected32', { regions: 2, pokes: 0 });
  return [
    ...blocks.map((bytes, i) => seedOf(`start info ${String(i)}`, bytes, HvmStartInfo)),
    ...blocks
      .filter(({ length }) => length > parametersOffset)
      .map((bytes, i) => seedOf(`parameters ${String(i)}`, bytes.slice(parametersOffset), ParameterBlock)),
    ...elfSeeds(sources),
    ...bzImageSeeds(sources),
  ];
}

const result = (value: { readonly ok: boolean }) => ({ ok: value.ok, value });

export const readerTargets: readonly Target[] = [
  readersTarget({
    name: 'linux-boot',
    readers: [BootParams, ScreenInfo, EfiInfo, EfiMemoryDescriptor, EfiSetupData, SetupData, SetupHeader],
    more: {
      'setup header': guarded(setupHeader),
      'setup_data chain': guarded(setupDataChain),
      'running boot_params': (bytes) => result(parseBootParams(bytes)),
    },
    seeds: linuxSeeds,
  }),
  readersTarget({
    name: 'multiboot-info',
    readers: [
      ...[
        MultibootInfo,
        MultibootModule,
        MultibootMmap,
        MultibootHeader,
        MultibootAddresses,
        MultibootGraphics,
      ],
      ...[
        multibootInfo.Multiboot2Info,
        InfoTag,
        multibootInfo.StringTag,
        multibootInfo.ModuleTag,
        multibootInfo.BasicMemoryTag,
      ],
      ...[
        multibootInfo.MemoryMapTag,
        multibootInfo.MemoryMapEntry,
        multibootInfo.FramebufferTag,
        multibootInfo.ElfSectionsTag,
      ],
      ...[
        multibootInfo.Efi32Tag,
        multibootInfo.Efi64Tag,
        multibootInfo.LoadBaseTag,
        multibootInfo.Multiboot2HeaderFields,
      ],
      ...[
        HeaderTag,
        multibootInfo.InformationRequestTag,
        multibootInfo.AddressTag,
        multibootInfo.EntryAddressTag,
      ],
      ...[
        multibootInfo.ConsoleFlagsTag,
        multibootInfo.FramebufferRequestTag,
        multibootInfo.RelocatableTag,
        Elf32Shdr,
        Elf64Shdr,
      ],
    ],
    more: {
      'information tags': (bytes) => {
        const tags = multibootInfo.readInfoTags(bytes);
        return { ok: tags.length > 0, value: tags };
      },
      'header 1': (bytes) => result(multibootInfo.readMultibootHeader({ name: 'image', bytes })),
      'header 2': (bytes) => result(multibootInfo.readMultiboot2Header({ name: 'image', bytes })),
      profile: (bytes) => ({ ok: true, value: multibootInfo.recogniseProfile(bytes) }),
    },
    seeds: infoSeeds,
  }),
  readersTarget({
    name: 'structures',
    readers: [
      ...[ElfIdent, Elf32Ehdr, Elf64Ehdr, Elf32Phdr, Elf64Phdr, ElfNhdr, Elf32Dyn, Elf64Dyn],
      ...[
        PeCertificates,
        PeHeader,
        Directory,
        HvmStartInfo,
        HvmModlistEntry,
        HvmMemmapTableEntry,
        ParameterBlock,
      ],
    ],
    more: {
      'elf headers': (bytes) => result(parseElf({ name: 'image', bytes })),
      'elf segments': (bytes) => {
        const parsed = isElf(bytes) ? parseElf({ name: 'image', bytes }) : undefined;
        return parsed?.ok === true
          ? result(readLoads({ name: 'image', bytes }, parsed.value))
          : { ok: false, value: undefined };
      },
    },
    seeds: structureSeeds,
  }),
];
