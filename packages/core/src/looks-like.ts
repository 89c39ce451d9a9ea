import { encodeText, fromHex } from '@kexec-kit/structures';

/** Something that people give by mistake, or that no loader takes yet, by its first bytes. First match wins. */
const KINDS: readonly { readonly what: string; readonly at: number; readonly magic: Uint8Array }[] = [
  kind('a JPEG picture', 0, fromHex('ffd8ff')),
  kind('a PNG picture', 0, fromHex('89504e470d0a1a0a')),
  kind('a PDF document', 0, encodeText('%PDF-')),
  kind('a zip archive', 0, fromHex('504b0304')),
  kind('a Debian package', 0, encodeText('!<arch>\ndebian-binary')),
  kind('a static library', 0, encodeText('!<arch>\n')),
  kind('a cpio archive (an initrd?)', 0, encodeText('070701')),
  kind('a cpio archive (an initrd?)', 0, encodeText('070702')),
  kind('a tar archive', 257, encodeText('ustar')),
  kind('an ISO 9660 image (a CD or a USB stick, not the kernel on it)', 0x8001, encodeText('CD001')),
  kind('a qcow2 disk image', 0, fromHex('514649fb')),
  kind('gzip-compressed data', 0, fromHex('1f8b')),
  kind('zstd-compressed data', 0, fromHex('28b52ffd')),
  kind('xz-compressed data', 0, fromHex('fd377a585a00')),
  kind('bzip2-compressed data', 0, encodeText('BZh')),
  kind('lz4-compressed data', 0, fromHex('04224d18')),
  kind('lz4-compressed data', 0, fromHex('02214c18')),
  kind('lzo-compressed data', 0, fromHex('894c5a4f000d0a1a0a')),
  kind('a squashfs file system', 0, encodeText('hsqs')),
  kind('a flattened device tree or a FIT image', 0, fromHex('d00dfeed')),
  kind('a U-Boot image', 0, fromHex('27051956')),
  kind('a saved plan or other JSON', 0, encodeText('{')),
  kind('a script', 0, encodeText('#!')),
];

/** The types of ELF files (System V gABI, e_type at 16). */
const ELF_TYPES = [
  'an ELF file of no type',
  'an ELF object',
  'an ELF program',
  'an ELF shared library',
  'an ELF core dump',
];
const E_TYPE = 16;
/** `EI_DATA` at 5: 2 is big-endian. */
const EI_DATA = 5;

/**
 * What a file that no loader takes looks like, in words, from a small table of magics.
 *
 * @example
 * ```ts
 * looksLike(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)); // 'a JPEG picture'
 * ```
 */
export function looksLike(image: Uint8Array): string {
  if (image.length === 0) return 'an empty file';
  const known = KINDS.find(({ at, magic }) => magic.every((byte, index) => image[at + index] === byte));
  if (known !== undefined) return known.what;
  if (starts(image, '\x7fELF')) return elfType(image);
  if (starts(image, 'MZ')) return portableExecutable(image);
  return textOrData(image);
}

function elfType(image: Uint8Array): string {
  const type = image[EI_DATA] === 2 ? image[E_TYPE + 1] : image[E_TYPE];
  return ELF_TYPES[type ?? 0] ?? 'an ELF file';
}

/** PE/COFF 2: e_lfanew at 0x3c gives the place of "PE\0\0". */
function portableExecutable(image: Uint8Array): string {
  const at = (image[0x3c] ?? 0) | ((image[0x3d] ?? 0) << 8);
  return starts(image.subarray(at), 'PE\0\0')
    ? 'a PE executable (Windows or EFI program)'
    : 'an MS-DOS program';
}

function textOrData(image: Uint8Array): string {
  const head = image.subarray(0, 512);
  if (head.every((byte) => byte === 0)) return 'zeros';
  return head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))
    ? 'text'
    : 'data of no known kind';
}

function starts(image: Uint8Array, text: string): boolean {
  return encodeText(text).every((byte, index) => image[index] === byte);
}

function kind(what: string, at: number, magic: Uint8Array): { what: string; at: number; magic: Uint8Array } {
  return { what, at, magic };
}
