import { elfFacts } from '@kexec-kit/elf';
import { type Fact, type Facts, hex } from '@kexec-kit/loader-api';
import { entryAddress } from '@kexec-kit/multiboot-info';
import type { XenImage } from './image.js';

export function inspect({ body, multiboot, multiboot2 }: XenImage): Facts {
  const { start, end } = body.span;
  return [
    {
      title: 'Xen hypervisor',
      fields: [
        ...headerFact('Multiboot header', multiboot, 'Multiboot 0.6.96, 3.1.1'),
        ...headerFact('Multiboot2 header', multiboot2, 'Multiboot2 2.0, 3.1.1'),
        { name: 'may be moved', value: movesOf(multiboot2) },
        { name: 'memory', value: `${hex(start)}-${hex(end)}` },
        { name: 'entry', value: hex(entryAddress(body)) },
      ],
    },
    ...elfFacts(body.elf),
  ];
}

function headerFact(name: string, header: { readonly offset: number } | undefined, spec: string): Fact[] {
  return header === undefined
    ? []
    : [{ name, value: `at ${hex(header.offset)}`, offset: header.offset, spec }];
}

function movesOf(header: XenImage['multiboot2']): string {
  const tag = header?.relocatable;
  if (tag === undefined) return 'no';
  return `by Multiboot2, within ${hex(tag.min_addr)}-${hex(tag.max_addr)}, aligned to ${hex(tag.align)}`;
}
