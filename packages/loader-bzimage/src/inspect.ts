import { setupHeaderFacts } from '@kexec-kit/linux-boot';
import { type Fact, type Facts, hex } from '@kexec-kit/loader-api';
import type { BzImage } from './image.js';

const BOOT_RST = 'Documentation/arch/x86/boot.rst';

export function inspect(image: BzImage): Facts {
  return [
    { title: 'Linux kernel', fields: [...kernelFacts(image), ...certificateFacts(image)] },
    { title: 'Setup header', fields: setupHeaderFacts(image.header) },
  ];
}

function kernelFacts({ version, payload, header, kernel }: BzImage): Fact[] {
  const versionAt = header.kernel_version + 0x200;
  const payloadAt = kernel.offset + (header.payload_offset ?? 0);
  return [
    ...(version === undefined
      ? []
      : [
          {
            name: 'version',
            value: version,
            offset: versionAt,
            size: version.length,
            spec: `${BOOT_RST}, kernel_version`,
          },
        ]),
    {
      name: 'protected-mode code',
      value: `${kernel.length} bytes`,
      offset: kernel.offset,
      size: kernel.length,
      spec: `${BOOT_RST}, "Loading The Rest of The Kernel"`,
    },
    ...(payload === undefined
      ? []
      : [
          {
            name: 'payload compression',
            value: payload,
            offset: payloadAt,
            size: 2,
            spec: `${BOOT_RST}, payload_offset`,
          },
        ]),
  ];
}

function certificateFacts({ certificates, source }: BzImage): Fact[] {
  if (certificates === undefined) return [];
  const { offset, size } = certificates;
  const value = `${size} bytes at ${hex(offset)}`;
  const fact = { name: 'certificates', spec: 'PE Format, "The Attribute Certificate Table (Image Only)"' };
  // A file may have lost its tail, and boots all the same.
  return [
    offset + size <= source.size
      ? { ...fact, value, offset, size }
      : { ...fact, value: `${value}, beyond the end of the file` },
  ];
}
