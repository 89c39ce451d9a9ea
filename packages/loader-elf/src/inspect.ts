import { elfFacts } from '@kexec-kit/elf';
import { type Facts, hex, sizeOf } from '@kexec-kit/loader-api';
import type { ElfKernel } from './image.js';

export function inspect({ elf, loads: { loads, span, entry }, linux, mode }: ElfKernel): Facts {
  const memory = loads.reduce((sum, load) => sum + sizeOf(load), 0n);
  return [
    {
      title: 'ELF kernel',
      fields: [
        { name: 'kind', value: linux ? 'Linux, by its notes' : 'no Linux by its notes' },
        { name: 'entered in', value: mode },
        {
          name: 'entry point',
          value: `${hex(entry.load.start + entry.offset)} in PT_LOAD ${entry.load.header.index}`,
        },
        { name: 'memory', value: `${memory} bytes in ${hex(span.start)}-${hex(span.end)}` },
      ],
    },
    ...elfFacts(elf),
  ];
}
