import type { MapHole } from '@kexec-kit/linux-boot';
import { addressOf, type Diagnostic, type Machine, type Policy } from '@kexec-kit/loader-api';
import { noFirmwareTables, noScreen } from './codes.js';
import { informationLeftOut, type Missing, requiredInformation } from './codes2.js';
import { HEADER_TAG } from './constants.js';
import type { Framebuffer } from './framebuffer.js';
import type { Multiboot2Kernel } from './kernels.js';
import type { Module } from './modules.js';
import type { InfoBlock } from './multiboot-info.js';
import type { Multiboot2Header } from './multiboot2-header.js';
import {
  basicMemoryTag,
  efiSystemTableTag,
  elfSectionsTag,
  framebufferTag,
  loadBaseTag,
  memoryMapTag,
  moduleTag,
  stringTag,
} from './multiboot2-info.js';
import { type Give, infoTag, infoTags, infoTagWords, type ProfileName } from './profiles.js';

/** Types of information tags (Multiboot2 2.0, 3.6). */
export const TAG = {
  commandLine: 1,
  bootLoaderName: 2,
  module: 3,
  basicMemory: 4,
  memoryMap: 6,
  framebuffer: 8,
  elfSymbols: 9,
  efi32: 11,
  efi64: 12,
  smbios: 13,
  oldAcpi: 14,
  newAcpi: 15,
  efiMemoryMap: 17,
  loadBase: 21,
} as const;

/** Everything that can be told. */
export interface Known {
  readonly machine: Machine;
  readonly policy: Policy;
  readonly profile: ProfileName;
  readonly commandLine: string;
  readonly bootLoaderName: string;
  readonly modules: readonly Module[];
  readonly screen: Framebuffer | undefined;
  /** A segment that the map tells of by itself. */
  readonly hole: MapHole | undefined;
}

/** Whether the header asks for information of that type, be it required or not. */
export function asks({ requests, framebuffer, console }: Multiboot2Header, type: number): boolean {
  if (type === TAG.framebuffer && (framebuffer || console !== undefined)) return true;
  return requests.some(({ types }) => types.includes(type));
}

/** The tags that this kernel is given on this machine, as its profile says: what is known, and given to it. */
export function informationTags(image: Multiboot2Kernel, known: Known): InfoBlock[] {
  return infoTags
    .filter(({ type, give }) => isGiven(give[known.profile], image.header, type))
    .flatMap(({ type }) => BUILDERS[type]?.(image, known) ?? []);
}

function isGiven(give: Give, header: Multiboot2Header, type: number): boolean {
  return give === 'always' || give === 'known' || (give === 'asked' && asks(header, type));
}

type Builder = (image: Multiboot2Kernel, known: Known) => readonly InfoBlock[];

/** By type: the tags, none for what is not known. */
const BUILDERS: Readonly<Record<number, Builder>> = {
  [TAG.commandLine]: (_, { commandLine }) => [stringTag(1, commandLine)],
  [TAG.bootLoaderName]: (_, { bootLoaderName }) => [stringTag(2, bootLoaderName)],
  [TAG.module]: (_, { modules }) => modules.map(moduleTag),
  [TAG.basicMemory]: (_, { machine, hole }) => [basicMemoryTag(machine.told, hole)],
  [TAG.memoryMap]: (_, { machine, hole }) => [memoryMapTag(machine.told, hole)],
  [TAG.framebuffer]: (_, { screen }) => (screen === undefined ? [] : [framebufferTag(screen)]),
  [TAG.elfSymbols]: ({ sections }) => (sections === undefined ? [] : [elfSectionsTag(sections.headers)]),
  [TAG.efi32]: systemTable(32),
  [TAG.efi64]: systemTable(64),
  [TAG.loadBase]: ({ header, body }) => {
    const [first] = body.chunks;
    return header.relocatable === undefined || first === undefined ? [] : [loadBaseTag(addressOf(first.id))];
  },
};

function systemTable(bits: 32 | 64): Builder {
  return (_, { machine: { firmware }, policy }) =>
    policy.efi && firmware.efi?.bits === bits ? [efiSystemTableTag(firmware.efi)] : [];
}

/** The first request that must be met and cannot be: for types that are never given, or that nobody defines. */
export function refusedRequest(
  { source, header }: Multiboot2Kernel,
  profile: ProfileName,
): Diagnostic | undefined {
  for (const { types, optional, offset } of header.requests) {
    const missing = impossible(types, profile);
    if (!optional && missing.length > 0) return requiredInformation(source.name, offset, missing);
  }
  return undefined;
}

function impossible(types: readonly number[], profile: ProfileName): Missing {
  return types.flatMap((type) => {
    const row = infoTag(type);
    if (row !== undefined && row.give[profile] !== 'never') return [];
    return [{ name: infoTagWords(type), why: row?.why ?? 'the specification does not define it' }];
  });
}

/** What is said of information that this machine has, or that would be liked, and that is not given. */
export function remarks(image: Multiboot2Kernel, known: Known): Diagnostic[] {
  const { header } = image;
  const { profile, machine, policy } = known;
  // What had to be met and cannot be was refused: only wishes are left.
  const liked = header.requests.flatMap(({ types }) => types);
  const missing = impossible([...new Set([...knownTypes(known), ...liked])], profile);
  const efi = policy.efi ? machine.firmware.efi : undefined;
  const isTold =
    efi !== undefined && infoTag(efi.bits === 32 ? TAG.efi32 : TAG.efi64)?.give[profile] !== 'never';
  return [
    ...(missing.length === 0 ? [] : [informationLeftOut(missing)]),
    ...(efi !== undefined && !isTold ? [noFirmwareTables(`the profile ${profile} leaves it out`)] : []),
    ...(header.types.includes(HEADER_TAG.framebuffer) && known.screen === undefined
      ? [noScreen('the framebuffer tag', 'info')]
      : []),
  ];
}

/** What the machine has besides what every kernel is told. */
function knownTypes({ machine: { firmware }, policy }: Known): number[] {
  const { efi, acpiRsdp } = firmware;
  return [
    ...(efi === undefined || !policy.efi
      ? []
      : [
          efi.bits === 32 ? TAG.efi32 : TAG.efi64,
          TAG.efiMemoryMap,
          ...(efi.smbios === undefined ? [] : [TAG.smbios]),
        ]),
    ...(acpiRsdp === undefined ? [] : [TAG.oldAcpi, TAG.newAcpi]),
  ];
}
