import { createHash } from 'node:crypto';
import {
  type FileValue,
  type Plan,
  type Result,
  type Segment,
  type SourceBytes,
  unwrap,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { elfFile, type ElfShape } from '../../../tools/elf-file.mjs';
import { loader, type XenImage } from '../src/index.js';

/** What of an image may be otherwise than in Debian's. */
export interface Changes {
  readonly multiboot?: boolean;
  readonly multiboot2?: boolean;
  /** What the image says of itself. */
  readonly text?: string;
  /** Added to both checksums. */
  readonly checksumOff?: number;
  readonly shape?: Partial<ElfShape>;
}

const [MAGIC, MAGIC2] = [0x1badb002, 0xe85250d6];

function words(values: readonly number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(values.map((value) => value >>> 0)).buffer);
}

/** Types 1 (requires memory map and basic memory), 6, 10 (from 2 MiB up to 4 GiB, as high as there is room), 4, 5, 7, 9, end: as in Xen 4.17. */
const TAGS = [
  ...[0x1, 0x10, 4, 6],
  ...[0x6, 0x8],
  ...[0x1000a, 0x18, 0x200000, 0xffffffff, 0x200000, 2],
  ...[0x10004, 0xc, 2, 0],
  ...[0x10005, 0x14, 0, 0, 0, 0],
  ...[0x10007, 0x8],
  ...[0x10009, 0xc, 0x3dd531, 0],
  ...[0, 8],
];

/** An image with the headers of Debian's Xen 4.17, which its mkelf32 wrote; the code between them is none. */
export function xenFile(changes: Changes = {}): Uint8Array {
  const {
    multiboot = true,
    multiboot2 = true,
    text = 'Xen version %d.%d%s\0',
    checksumOff = 0,
    shape,
  } = changes;
  const content = new Uint8Array(0x1000).fill(0x90);
  if (multiboot) content.set(words([MAGIC, 3, checksumOff - MAGIC - 3]), 8);
  const length = 16 + 4 * TAGS.length;
  if (multiboot2) content.set(words([MAGIC2, 0, length, checksumOff - MAGIC2 - length, ...TAGS]), 0x18);
  content.set(new TextEncoder().encode(text), 0x800);
  return elfFile({
    bits: 32,
    header: { e_entry: 0x200000 },
    segments: [
      {
        ...{ p_flags: 7, p_vaddr: 0x200000, p_paddr: 0x200000, p_align: 0x40 },
        ...{ content, p_memsz: 0x3a7000 },
      },
      { notes: [{ name: 'GNU', type: 3, desc: new Uint8Array(20).fill(0x15) }] },
    ],
    ...shape,
  });
}

export function source(bytes: Uint8Array, name = '/boot/xen-4.17-amd64.gz'): SourceBytes {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { id: 'image', name, size: bytes.length, sha256, bytes };
}

export function xen(changes: Changes = {}): XenImage {
  return unwrap(loader.load(source(xenFile(changes))));
}

type Input = Parameters<typeof loader.plan>[1];

export const file = (id: string, size: number, args = ''): FileValue => ({
  source: id,
  name: `/boot/${id}.img`,
  size,
  arguments: args,
});
export const dom0 = file('dom0', 0x7dd7c0);
export const dom0Initrd = file('dom0-initrd', 0x10001);

export const NOTHING: Input['options'] = {
  commandLine: undefined,
  reuseCommandLine: false,
  dom0: undefined,
  dom0Arguments: undefined,
  dom0Initrd: undefined,
  module: [],
  protocol: undefined,
  bios: undefined,
};
export const POLICY = { efi: true, video: 'auto', console: {} } as const;

export interface Request extends Partial<Omit<Input, 'options'>> {
  readonly options?: Partial<Input['options']>;
  readonly image?: XenImage;
}

/** On a machine with a BIOS, with a dom0, unless it is said otherwise. */
export function plan({ image = xen(), options = {}, ...changes }: Request = {}): Result<Plan> {
  return loader.plan(image, {
    machine: standardMachines.above4g,
    purpose: 'normal',
    policy: POLICY,
    ...changes,
    options: { ...NOTHING, dom0, ...options },
  });
}

export function bytesOf(segments: readonly Segment[], id: string): Uint8Array {
  const parts = segments.find((segment) => segment.id === id)?.parts;
  const [part] = (parts ?? []) as readonly { readonly bytes?: Uint8Array }[];
  if (part?.bytes === undefined) throw new Error(`${id} has no bytes of its own`);
  return part.bytes;
}
