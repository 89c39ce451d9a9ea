import {
  kernelVersion,
  protocolName,
  readSetupHeader,
  setupCodeSize,
  SetupHeader,
  setupHeaderBytes,
  setupHeaderEnd,
} from '@kexec-kit/linux-boot';
import {
  type Diagnostic,
  fail,
  hex,
  ok,
  type Result,
  type Source,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { attempt } from '@kexec-kit/structures';
import { certificateTable } from './certificates.js';
import {
  badField,
  headerLength,
  headerTruncated,
  kernelTruncated,
  lastParagraph,
  notAKernel,
  signatureLost,
} from './codes.js';
import type { BzImage } from './image.js';
import { payloadFormat } from './payload.js';
import { PROBED, whyNotAKernel } from './probe.js';

/** An x86 short jump, which doubles as the header's length (boot.rst, jump, 0x200/2). */
const SHORT_JUMP = 0xeb;
/** Before 2.04 the upper half of syssize is garbage, and a bzImage has no size (boot.rst, syssize). */
const SYSSIZE_IS_WIDE = 0x0204;
/** What syssize counts, in bytes. */
const PARAGRAPH = 16;

/** Parses an image of any protocol version from 2.00 on; whether it can be booted is asked when it is planned. */
export function load(image: SourceBytes): Result<BzImage> {
  const { bytes, name } = image;
  const parsed = attempt(
    () => readSetupHeader(bytes),
    (error) => headerTruncated(name, bytes.length, error),
  );
  const missing = bytes.length >= PROBED ? whyNotAKernel(bytes) : undefined;
  if (missing !== undefined) return fail(notAKernel(name, missing));
  if (!parsed.ok) return parsed;

  const header = parsed.value;
  const kernel = { offset: setupCodeSize(header), length: bytes.length - setupCodeSize(header) };
  const wrong = checkLength(name, header) ?? checkExtent(image, header);
  if (wrong !== undefined) return fail(wrong);

  const certificates = certificateTable(bytes);
  return ok(
    {
      source: identity(image),
      header,
      headerBytes: setupHeaderBytes(bytes, header),
      kernel,
      ...optional('version', kernelVersion(bytes, header)),
      ...optional('payload', payloadFormat(bytes, header, kernel.offset)),
      ...optional('certificates', certificates),
    },
    [
      ...checkLastParagraph(image, header),
      ...(certificates === undefined ? [] : checkCertificates(image, certificates)),
    ],
  );
}

function checkLength(name: string, header: SetupHeader): Diagnostic | undefined {
  const [opcode, displacement] = [header.jump & 0xff, header.jump >> 8];
  if (opcode !== SHORT_JUMP || displacement > 0x7f) {
    return headerLength(name, `jump ${hex(header.jump)}`, 'a short jump forwards: 0xeb, then at most 0x7f');
  }
  if (header.end < LEAST_END) {
    return headerLength(name, `an end at ${hex(header.end)}`, `an end at ${hex(LEAST_END)} or above`);
  }
  const needed = NEEDED.find((field) => header.version >= field.since && header[field.name] === undefined);
  if (needed === undefined) return undefined;
  const { offset, size } = SetupHeader.at[needed.name];
  return headerLength(
    name,
    `an end at ${hex(setupHeaderEnd(header))}`,
    `an end at ${hex(offset + size)} or above: protocol ${protocolName(header.version)} has ${needed.name}`,
  );
}

/** What every version has: up to where the initrd is told (boot.rst, ramdisk_size, 0x21c/4). */
const LEAST_END = SetupHeader.at.ramdisk_size.offset + SetupHeader.at.ramdisk_size.size;

/** What no boot can do without, and the protocol version that has it. */
const NEEDED = [
  { name: 'cmd_line_ptr', since: 0x0202 },
  { name: 'kernel_alignment', since: 0x0205 },
  { name: 'relocatable_kernel', since: 0x0205 },
  { name: 'cmdline_size', since: 0x0206 },
  { name: 'setup_data', since: 0x0209 },
  { name: 'min_alignment', since: 0x020a },
  { name: 'pref_address', since: 0x020a },
  { name: 'init_size', since: 0x020a },
  { name: 'xloadflags', since: 0x020c },
] as const;

function checkExtent({ name, bytes }: SourceBytes, header: SetupHeader): Diagnostic | undefined {
  const setup = setupCodeSize(header);
  if (bytes.length < setup) return kernelTruncated(name, bytes.length, setup, 'setup_sects');
  if (header.version < SYSSIZE_IS_WIDE) return undefined;
  if (header.syssize === 0)
    return badField(name, SetupHeader.at.syssize, '0', 'at least 1 paragraph of code');
  const declared = declaredEnd(header);
  return bytes.length < leastEnd(header)
    ? kernelTruncated(name, bytes.length, declared, 'syssize')
    : undefined;
}

function declaredEnd(header: SetupHeader): number {
  return setupCodeSize(header) + header.syssize * PARAGRAPH;
}

/**
 * `syssize` is rounded up. Linux pads its files to it, at least since it says where its payload is (boot.rst,
 * payload_offset); memtest86+, which has none, does not.
 */
function leastEnd(header: SetupHeader): number {
  const padded = (header.payload_length ?? 0) > 0;
  return padded ? declaredEnd(header) : declaredEnd(header) - (PARAGRAPH - 1);
}

function checkLastParagraph({ name, bytes }: SourceBytes, header: SetupHeader): Diagnostic[] {
  const declared = declaredEnd(header);
  if (header.version < SYSSIZE_IS_WIDE || bytes.length >= declared) return [];
  return [lastParagraph(name, bytes.length, declared)];
}

function checkCertificates(
  { name, bytes }: SourceBytes,
  table: { offset: number; size: number },
): Diagnostic[] {
  const end = table.offset + table.size;
  return bytes.length < end ? [signatureLost(name, bytes.length, end)] : [];
}

/** An image keeps the name of its file, never the bytes. */
function identity({ id, name, size, sha256, decompressed }: SourceBytes): Source {
  return { id, name, size, sha256, ...optional('decompressed', decompressed) };
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Readonly<Record<K, V>>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
