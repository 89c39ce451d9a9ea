/** bzImages whose payload is compressed as Linux would do it: by Debian's own tools, in the kernel's own framing. */
import { execFileSync } from 'node:child_process';
import { readSetupHeader, SetupHeader, setupCodeSize } from '@kexec-kit/linux-boot';

/** One way of Linux to compress itself (Linux, scripts/Makefile.lib): the command, and whether the size is appended. */
export interface Way {
  readonly compression: string;
  readonly command: readonly string[];
  /** gzip ends with the size by itself. */
  readonly appendsSize: boolean;
}

/** The commands as the kernel's build gives them; zstd with a level that takes seconds, not minutes. */
export const WAYS: readonly Way[] = [
  { compression: 'gzip', command: ['gzip', '-n', '-f', '-9', '-c'], appendsSize: false },
  { compression: 'bzip2', command: ['bzip2', '-9', '-c'], appendsSize: true },
  { compression: 'lzma', command: ['xz', '--format=lzma', '-9', '-c'], appendsSize: true },
  {
    compression: 'xz',
    command: ['xz', '--check=crc32', '--x86', '--lzma2=dict=32MiB', '-c'],
    appendsSize: true,
  },
  { compression: 'lzo', command: ['lzop', '-9', '-c'], appendsSize: true },
  { compression: 'lz4', command: ['lz4', '-l', '-9', '-q', '-', '-'], appendsSize: true },
  { compression: 'zstd', command: ['zstd', '-q', '-12', '-c'], appendsSize: true },
];

/** What Linux puts into its image: the compressed content, and its size behind it. */
export function packed({ command: [program = '', ...args], appendsSize }: Way, content: Uint8Array): Buffer {
  const compressed = execFileSync(program, args, { input: content, maxBuffer: 1 << 28 });
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return appendsSize ? Buffer.concat([compressed, size]) : compressed;
}

/** Where a real kernel has its payload, in bytes of the file. */
export function payloadPlace(kernel: Uint8Array): { readonly offset: number; readonly length: number } {
  const header = readSetupHeader(kernel);
  return {
    offset: setupCodeSize(header) + (header.payload_offset ?? 0),
    length: header.payload_length ?? 0,
  };
}

/** A real kernel with another payload in the place of its own; what follows its own is left out. */
export function withPayload(kernel: Uint8Array, payload: Uint8Array): Buffer {
  const { offset } = payloadPlace(kernel);
  const setup = setupCodeSize(readSetupHeader(kernel));
  const code = Buffer.concat([kernel.subarray(setup, offset), payload]);
  const paragraphs = Math.ceil(code.length / 16);
  const image = Buffer.alloc(setup + paragraphs * 16);
  image.set(kernel.subarray(0, setup));
  image.set(code, setup);
  image.writeUInt32LE(payload.length, SetupHeader.at.payload_length.offset);
  image.writeUInt32LE(paragraphs, SetupHeader.at.syssize.offset);
  // The certificates that signed it are gone: the PE header says where they were (PE Format, optional header of PE32+, 144).
  image.writeBigUInt64LE(0n, image.readUInt32LE(0x3c) + 24 + 144);
  return image;
}
