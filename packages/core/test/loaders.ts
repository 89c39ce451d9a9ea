import { addressOf, defineLoader, fail, ok } from '@kexec-kit/loader-api';
import type { AnyLoader, Machine, SourceBytes, Target } from '@kexec-kit/loader-api';
import { encodeText, toHex } from '@kexec-kit/structures';
import { nodeEngines } from './engines.js';

const supports = { purposes: ['normal'], handoffs: ['long64'], architectures: ['x86_64'] } as const;

/** A format of four bytes of magic and code to be entered at its start. */
export const flat = defineLoader({
  api: 1,
  name: 'flat',
  version: '1.0.0',
  summary: 'Code with a magic before it',
  aliases: [{ name: 'flat-quiet', summary: 'Without a word', presets: { quiet: true } }],
  supports,
  options: {
    quiet: { type: 'flag', name: 'quiet', summary: 'Say nothing' },
    append: {
      type: 'string',
      name: 'command-line',
      aliases: ['append'],
      summary: 'Text',
      placeholder: 'TEXT',
    },
    initrd: { type: 'file', name: 'initrd', multiple: true, summary: 'A file', placeholder: 'FILE' },
    module: {
      type: 'file',
      name: 'module',
      arguments: true,
      summary: 'A module',
      placeholder: 'FILE [ARGS]',
    },
    floor: { type: 'address', name: 'floor', summary: 'Not below', placeholder: 'ADDRESS' },
    style: {
      type: 'choice',
      name: 'style',
      choices: ['plain', 'fancy'],
      summary: 'How',
      placeholder: 'STYLE',
    },
  },
  codes: { FLAT_EMPTY: { cause: 'There is no code.', cure: 'Give an image with code.' } },
  signatures: [{ at: 0, hex: '464c4154' }],
  probe: (image) =>
    image.length >= 4 && image[0] === 0x46
      ? { match: true, detail: `flat, ${image.length - 4} bytes` }
      : { match: false, reason: 'no "FLAT" at 0x0' },
  load: (image: SourceBytes) =>
    image.size > 4
      ? ok({ image })
      : fail({ code: 'FLAT_EMPTY', severity: 'error', message: `${image.name} has no code` }),
  plan: ({ image }, { options }) =>
    ok({
      segments: [
        {
          id: 'code',
          parts: [{ source: image.id, offset: 4, length: image.size - 4 }],
          memorySize: BigInt(image.size),
          placements: [
            { within: { start: options.floor ?? 0x100000n, end: 1n << 32n }, align: 4096n, from: 'bottom' },
          ],
          why: 'the code',
        },
        ...options.initrd.map(({ source, size }) => ({
          id: source,
          parts: [{ source, offset: 0, length: size }],
          memorySize: BigInt(size),
          placements: [{ within: { start: 0x100000n, end: 1n << 32n }, align: 4096n, from: 'top' as const }],
        })),
      ],
      handoff: { mode: 'long64', entry: addressOf('code'), registers: { rsi: addressOf('code', 16n) } },
    }),
  inspect: ({ image }) => [{ title: 'flat', fields: [{ name: 'size', value: String(image.size) }] }],
});

/** A flat image whose code begins with `!`: as GRUB's images are ELF files too. */
export const flatBang: AnyLoader = {
  ...flat,
  name: 'flat-bang',
  aliases: [],
  refines: ['flat'],
  probe: (image) =>
    image[4] === 0x21
      ? { match: true, detail: 'flat with a bang' }
      : { match: false, reason: 'no "!" at 0x4' },
};

/** Anything that ends with a dot. */
export const dotted: AnyLoader = {
  ...flat,
  name: 'dotted',
  aliases: [],
  signatures: [],
  probe: (image) =>
    image.at(-1) === 0x2e
      ? { match: true, detail: 'ends with a dot' }
      : { match: false, reason: 'no dot at the end' },
};

export function sourceOf(content: string | Uint8Array, id = 'image'): SourceBytes {
  const bytes = typeof content === 'string' ? encodeText(content) : content;
  const hasher = nodeEngines.sha256();
  hasher.update(bytes);
  return { id, name: `${id}.bin`, size: bytes.length, sha256: toHex(hasher.digest()), bytes };
}

export const machine: Machine = {
  architecture: 'x86_64',
  told: [
    { start: 0n, end: 0x9fc00n, kind: 'ram' },
    { start: 0x9fc00n, end: 0x100000n, kind: 'reserved' },
    { start: 0x100000n, end: 0x4000000n, kind: 'ram' },
  ],
  usable: [
    { start: 0x1000n, end: 0x9f000n },
    { start: 0x100000n, end: 0x4000000n },
  ],
  crashKernel: [],
  commandLine: '',
  cpus: 1,
  firmware: {},
};

export const target: Target = {
  name: 'linux-x86_64',
  handoff: 'long64',
  maxSegments: 16,
  addressEnd: 1n << 46n,
  maps: 'ram',
  callerAbi: 'x86_64',
};
