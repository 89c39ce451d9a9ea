import { BOOT_FLAG, HEADER_MAGIC, protocolName, SetupHeader } from '@kexec-kit/linux-boot';
import { hex, type Probe } from '@kexec-kit/loader-api';

/** "HdrS" at 0x202 (Documentation/arch/x86/boot.rst, header, 0x202/4). */
export const SIGNATURES = [{ at: SetupHeader.at.header.offset, hex: '48647253' }] as const;

/** Just behind `version`: what is looked at. */
const PROBED = SetupHeader.at.version.offset + SetupHeader.at.version.size;

export function probe(image: Uint8Array): Probe {
  const reason = whyNotAKernel(image);
  if (reason !== undefined) return { match: false, reason };
  return {
    match: true,
    detail: `Linux bzImage, boot protocol ${protocolName(u16(image, SetupHeader.at.version.offset))}`,
  };
}

/** Why these bytes are no Linux/x86 kernel, in a clause; undefined when they are. */
export function whyNotAKernel(image: Uint8Array): string | undefined {
  if (image.length < PROBED) return `${image.length} bytes are too few for a setup header`;
  const flag = u16(image, SetupHeader.at.boot_flag.offset);
  if (flag !== BOOT_FLAG) return `${hex(flag)} at 0x1fe`;
  const magic = view(image).getUint32(SetupHeader.at.header.offset, true);
  return magic === HEADER_MAGIC ? undefined : 'no "HdrS" at 0x202';
}

function u16(image: Uint8Array, offset: number): number {
  return view(image).getUint16(offset, true);
}

function view(image: Uint8Array): DataView {
  return new DataView(image.buffer, image.byteOffset, image.byteLength);
}
