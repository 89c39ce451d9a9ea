import { BOOT_FLAG, HEADER_MAGIC, kernelVersion, protocolName, SetupHeader } from '@kexec-kit/linux-boot';
import { hex, type Probe } from '@kexec-kit/loader-api';

/** "HdrS" at 0x202 (Documentation/arch/x86/boot.rst, header, 0x202/4). */
export const SIGNATURES = [{ at: SetupHeader.at.header.offset, hex: '48647253' }] as const;

/** Just behind `kernel_version`: what is looked at. */
export const PROBED = SetupHeader.at.kernel_version.offset + SetupHeader.at.kernel_version.size;

export function probe(image: Uint8Array): Probe {
  const reason = whyNotAKernel(image);
  if (reason !== undefined) return { match: false, reason };
  const protocol = `protocol ${protocolName(u16(image, SetupHeader.at.version.offset))}`;
  return { match: true, detail: `Linux bzImage${release(image)}, ${protocol}` };
}

/** The first word of the version string: ` 6.12.1`. */
function release(image: Uint8Array): string {
  const kernel_version = u16(image, SetupHeader.at.kernel_version.offset);
  const setup_sects = image[SetupHeader.at.setup_sects.offset] ?? 0;
  const version = kernelVersion(image, { kernel_version, setup_sects }) ?? '';
  return version === '' ? '' : ` ${version.split(' ', 1).join('')}`;
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
