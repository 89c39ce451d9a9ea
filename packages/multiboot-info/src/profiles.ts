import { encodeText } from '@kexec-kit/structures';

/**
 * When a tag is given: always; if it is known of the machine (or of the image); if it is known and the kernel asks for it in its
 * header; never.
 */
export type Give = 'always' | 'known' | 'asked' | 'never';

/** Who the information is for. */
export type ProfileName = 'default' | 'xen' | 'tboot';

export interface Profile {
  readonly name: ProfileName;
  /** One line for people. */
  readonly summary: string;
  /** Text that every such image has in it: by this it is known when nobody names the profile. */
  readonly marker?: string;
}

/** The kinds of kernel that are told apart. */
export const profiles: readonly Profile[] = [
  { name: 'default', summary: 'what the specification says' },
  {
    name: 'xen',
    summary: 'the Xen hypervisor: no EFI system table, at which it stops unless boot services still run',
    marker: 'Xen version %d.%d',
  },
  {
    name: 'tboot',
    summary: 'tboot: with the EFI system table, without which it boots in a circle',
    marker: 'TBOOT: ',
  },
];

/** A type of information tag, and who is given it when. */
export interface InfoTagRow {
  readonly type: number;
  readonly name: string;
  readonly spec: string;
  readonly give: Readonly<Record<ProfileName, Give>>;
  /** Why it is what it is, where it is not plain. */
  readonly why?: string;
}

const all = (give: Give): InfoTagRow['give'] => ({ default: give, xen: give, tboot: give });
const clause = (number: number) => `Multiboot2 2.0, 3.6.${number}`;
const EFI_OVER = 'EFI boot services ended when the running kernel started';
const NEEDS_BYTES = 'it holds a copy of the table, and of that only the address is known';
const SYSTEM_TABLE = {
  give: { default: 'known', xen: 'never', tboot: 'known' },
  why: 'Xen stops at it unless EFI boot services still run; tboot boots in a circle without',
} as const;

/** Every information tag that the specification has. */
export const infoTags: readonly InfoTagRow[] = [
  { type: 1, name: 'boot command line', spec: clause(5), give: all('always') },
  { type: 2, name: 'boot loader name', spec: clause(9), give: all('always') },
  { type: 3, name: 'modules', spec: clause(6), give: all('known') },
  { type: 4, name: 'basic memory information', spec: clause(3), give: all('always') },
  {
    type: 5,
    name: 'BIOS boot device',
    spec: clause(4),
    give: all('never'),
    why: 'nothing was booted from a disk',
  },
  { type: 6, name: 'memory map', spec: clause(8), give: all('always') },
  {
    type: 7,
    name: 'VBE info',
    spec: clause(11),
    give: all('never'),
    why: 'the running kernel keeps none of it',
  },
  {
    type: 8,
    name: 'framebuffer info',
    spec: clause(12),
    give: all('asked'),
    why: 'asked for by header tags 4 and 5, too',
  },
  {
    type: 9,
    name: 'ELF symbols',
    spec: clause(7),
    give: all('asked'),
    why: 'symbols are loaded for it, as large as they are',
  },
  {
    type: 10,
    name: 'APM table',
    spec: clause(10),
    give: all('never'),
    why: 'the running kernel keeps none of it',
  },
  { type: 11, name: 'EFI 32-bit system table', spec: clause(13), ...SYSTEM_TABLE },
  { type: 12, name: 'EFI 64-bit system table', spec: clause(14), ...SYSTEM_TABLE },
  { type: 13, name: 'SMBIOS tables', spec: clause(15), give: all('never'), why: NEEDS_BYTES },
  { type: 14, name: 'ACPI old RSDP', spec: clause(16), give: all('never'), why: NEEDS_BYTES },
  { type: 15, name: 'ACPI new RSDP', spec: clause(17), give: all('never'), why: NEEDS_BYTES },
  {
    type: 16,
    name: 'networking information',
    spec: clause(18),
    give: all('never'),
    why: 'nothing was booted from a network',
  },
  {
    type: 17,
    name: 'EFI memory map',
    spec: clause(19),
    give: all('never'),
    why: 'of it the running kernel keeps the runtime services only: as a map of memory it would be wrong',
  },
  { type: 18, name: 'EFI boot services not terminated', spec: clause(20), give: all('never'), why: EFI_OVER },
  { type: 19, name: 'EFI 32-bit image handle', spec: clause(21), give: all('never'), why: EFI_OVER },
  { type: 20, name: 'EFI 64-bit image handle', spec: clause(22), give: all('never'), why: EFI_OVER },
  {
    type: 21,
    name: 'image load base physical address',
    spec: clause(23),
    give: all('known'),
    why: 'known of an image with header tag 10',
  },
];

/** The row of a tag; undefined for a type that the specification does not have. */
export function infoTag(type: number): InfoTagRow | undefined {
  return infoTags.find((row) => row.type === type);
}

/** `12 (EFI 64-bit system table)`, or the number alone. */
export function infoTagWords(type: number): string {
  const name = infoTag(type)?.name;
  return name === undefined ? String(type) : `${type} (${name})`;
}

/** The profile whose marker is in an image; `default` for none. */
export function recogniseProfile(image: Uint8Array): ProfileName {
  const found = profiles.find(({ marker }) => marker !== undefined && holds(image, encodeText(marker)));
  return found?.name ?? 'default';
}

/** Whether an image is the Xen hypervisor. */
export function isXen(image: Uint8Array): boolean {
  return recogniseProfile(image) === 'xen';
}

function holds(image: Uint8Array, text: Uint8Array): boolean {
  const [first = 0] = text;
  for (let at = image.indexOf(first); at >= 0; at = image.indexOf(first, at + 1))
    if (text.every((byte, i) => image[at + i] === byte)) return true;
  return false;
}
