import { range, type Address, type Firmware, type Region, type RegionKind } from '@kexec-kit/loader-api';

/**
 * What a PC BIOS leaves in the first MiB, and what our option ROM wrote there (native/option-rom.S).
 * All of these functions take that MiB, as bytes.
 */
export const LOW_MEMORY = 1 << 20;

/** Where the option ROM writes the memory map, and where QEMU copies its directory of files to. */
const MAP = 0x8000;
const MAP_ENTRIES = MAP + 8;
const MAP_ENTRY = 24;
const MAP_END = 0x9000;
export const DIRECTORY = { start: 0x9000, end: 0xb000 } as const;

/** ACPI 6.5, table 15.4. What is not among them is nobody's. */
const kinds: Readonly<Record<number, RegionKind>> = {
  ...{ 1: 'ram', 2: 'reserved', 3: 'acpi', 4: 'nvs', 5: 'unusable' },
  ...{ 7: 'persistent', 12: 'persistent-legacy', 0xefffffff: 'soft-reserved' },
};

/** The memory map as INT 15h, E820h gave it; without empty ranges, ascending. */
export function memoryMapIn(memory: Uint8Array): Region[] {
  const view = viewOf(memory);
  const count = Math.min(view.getUint32(MAP, true), Math.floor((MAP_END - MAP_ENTRIES) / MAP_ENTRY));
  return Array.from({ length: count }, (_, n) => regionAt(view, MAP_ENTRIES + n * MAP_ENTRY))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => (a.start < b.start ? -1 : 1));
}

function regionAt(view: DataView, at: number): Region {
  const start = view.getBigUint64(at, true);
  const end = start + view.getBigUint64(at + 8, true);
  return { ...range(start, end), kind: kinds[view.getUint32(at + 16, true)] ?? 'reserved' };
}

/** What the BIOS has for the next kernel. */
export function firmwareIn(memory: Uint8Array): Firmware {
  const acpiRsdp = findRsdp(memory);
  return { ...(acpiRsdp === undefined ? {} : { acpiRsdp }), screen: { screenInfo: screenInfoIn(memory) } };
}

const RSDP_SIGNATURE = Buffer.from('RSD PTR ');
const RSDP_SIZE = 20; // of the part that the first checksum covers

/** ACPI 6.5, 5.2.5.1: in the first KiB of the EBDA or in the last 128 KiB, at 16 bytes. */
export function findRsdp(memory: Uint8Array): Address | undefined {
  const ebda = viewOf(memory).getUint16(0x40e, true) * 16;
  for (const [start, end] of [
    [ebda, ebda + 0x400],
    [0xe0000, LOW_MEMORY],
  ] as const) {
    for (let at = start; at + RSDP_SIZE <= Math.min(end, memory.length); at += 16) {
      if (isRsdp(memory.subarray(at, at + RSDP_SIZE))) return BigInt(at);
    }
  }
  return undefined;
}

function isRsdp(bytes: Uint8Array): boolean {
  const sum = bytes.reduce((total, byte) => total + byte, 0) & 0xff;
  return sum === 0 && RSDP_SIGNATURE.equals(bytes.subarray(0, RSDP_SIGNATURE.length));
}

/** `struct screen_info` of a VGA text mode, from the BIOS data area; as Linux's own real-mode code asks the BIOS for it. */
function screenInfoIn(memory: Uint8Array): string {
  const bda = viewOf(memory);
  const page = bda.getUint8(0x462);
  const info = new DataView(new ArrayBuffer(64));
  info.setUint8(0x00, bda.getUint8(0x450 + 2 * page)); // orig_x
  info.setUint8(0x01, bda.getUint8(0x451 + 2 * page)); // orig_y
  info.setUint16(0x04, page, true); // orig_video_page
  info.setUint8(0x06, bda.getUint8(0x449)); // orig_video_mode
  info.setUint8(0x07, bda.getUint8(0x44a)); // orig_video_cols
  info.setUint16(0x0a, 3, true); // orig_video_ega_bx: colour, 256 KiB
  info.setUint8(0x0e, bda.getUint8(0x484) + 1); // orig_video_lines
  info.setUint8(0x0f, 1); // orig_video_isVGA
  info.setUint16(0x10, bda.getUint16(0x485, true), true); // orig_video_points
  return Buffer.from(info.buffer).toString('hex');
}

function viewOf(memory: Uint8Array): DataView {
  return new DataView(memory.buffer, memory.byteOffset, memory.byteLength);
}
