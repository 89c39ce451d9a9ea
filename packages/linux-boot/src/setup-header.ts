import { type Fact, hex } from '@kexec-kit/loader-api';
import { ascii, parse } from '@kexec-kit/structures';
import { flagNames, LOADFLAGS, XLOADFLAGS } from './flags.js';
import { SetupHeader } from './generated/setup-header.js';

/** `boot_flag`: the end of a boot sector. */
export const BOOT_FLAG = 0xaa55;
/** `header`: "HdrS". */
export const HEADER_MAGIC = 0x53726448;
/** Where the header begins, in an image and in boot_params alike. */
export const HEADER_START = 0x1f1;
/** The last protocol version whose fields are described here. */
export const NEWEST_PROTOCOL = 0x020f;
const SECTOR = 512;

/**
 * Reads the setup header of an image, or of boot_params: it stands at the same offset in both.
 * A field is undefined when the header's protocol version or its declared length does not have it.
 *
 * @throws FormatError when the bytes end before the header does.
 */
export function readSetupHeader(bytes: Uint8Array): SetupHeader {
  return parse(SetupHeader, bytes);
}

/**
 * The first byte after the last field that exists: by the declared length and by the protocol version.
 * What a version newer than {@link NEWEST_PROTOCOL} has is not known here, and its declared length is believed.
 */
export function setupHeaderEnd(header: SetupHeader): number {
  if (header.version > NEWEST_PROTOCOL) return header.end;
  const ends = existingFields(header).map(({ offset, size }) => offset + size);
  return Math.min(header.end, Math.max(...ends));
}

/** The bytes of a setup header that a boot loader copies: from 0x1f1 to {@link setupHeaderEnd}. */
export function setupHeaderBytes(image: Uint8Array, header: SetupHeader): Uint8Array {
  return image.subarray(HEADER_START, setupHeaderEnd(header));
}

/** In bytes: boot sector and setup code, before the protected-mode code. `setup_sects` 0 stands for 4 (boot.rst, 0x1f1/1). */
export function setupCodeSize(header: Pick<SetupHeader, 'setup_sects'>): number {
  return ((header.setup_sects === 0 ? 4 : header.setup_sects) + 1) * SECTOR;
}

/** A version string is for people: more than this is not one. */
const VERSION_LIMIT = 256;

/** `6.12.1 (somebody@somewhere) #1 SMP …`; it lies within the setup code, or there is none (boot.rst, kernel_version, 0x20e/2). */
export function kernelVersion(
  image: Uint8Array,
  header: Pick<SetupHeader, 'kernel_version' | 'setup_sects'>,
): string | undefined {
  const start = header.kernel_version + 0x200;
  const end = setupCodeSize(header);
  if (header.kernel_version === 0 || start >= end) return undefined;
  return ascii(image.subarray(start, Math.min(end, start + VERSION_LIMIT)), { untilNul: true });
}

/** `2.15` for 0x020f. */
export function protocolName(version: number): string {
  return `${version >> 8}.${String(version & 0xff).padStart(2, '0')}`;
}

/** Every field that exists, with the specification's name, its value, its place in the image and its clause. */
export function setupHeaderFacts(header: SetupHeader): Fact[] {
  return existingFields(header).map(({ name, offset, size, spec }) => ({
    name,
    value: describe(name, header[name] as number | bigint),
    offset,
    size,
    ...(spec === undefined ? {} : { spec: `Documentation/arch/x86/${spec}` }),
  }));
}

type HeaderField = keyof typeof SetupHeader.at;

function existingFields(
  header: SetupHeader,
): { name: HeaderField; offset: number; size: number; spec?: string }[] {
  return SetupHeader.fields
    .map((field) => ({ ...field, name: field.name as HeaderField }))
    .filter(({ name }) => name !== 'before' && header[name] !== undefined);
}

const DESCRIBED: Partial<Record<HeaderField, (value: number) => string>> = {
  header: (value) =>
    JSON.stringify(ascii(Uint8Array.from([0, 8, 16, 24], (shift) => (value >>> shift) & 0xff))),
  version: protocolName,
  loadflags: (value) => flagNames(value, LOADFLAGS).join(' | '),
  xloadflags: (value) => flagNames(value, XLOADFLAGS).join(' | '),
};

function describe(name: HeaderField, value: number | bigint): string {
  const words = typeof value === 'number' ? DESCRIBED[name]?.(value) : undefined;
  return words === undefined || words === '' ? hex(value) : `${hex(value)} (${words})`;
}
