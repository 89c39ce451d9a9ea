import { elfFacts } from '@kexec-kit/elf';
import { type Fact, type Facts, hex } from '@kexec-kit/loader-api';
import {
  entryAddress,
  headerTagName,
  infoTagWords,
  type Multiboot2Header,
  type Multiboot2Kernel,
} from '@kexec-kit/multiboot-info';

export function inspect({ header, body, profile }: Multiboot2Kernel): Facts {
  const { start, end } = body.span;
  return [
    {
      title: 'Multiboot2 header',
      fields: [
        {
          name: 'header',
          value: `${header.size} bytes at ${hex(header.offset)}`,
          offset: header.offset,
          size: header.size,
          spec: 'Multiboot2 2.0, 3.1.1',
        },
        ...header.requests.map(requestFact),
        ...relocationFact(header),
        { name: 'tags', value: header.types.map(words).join(', ') },
        { name: 'looks like', value: profile },
        { name: 'memory', value: `${hex(start)}-${hex(end)}` },
        { name: 'entry', value: hex(entryAddress(body)) },
      ],
    },
    ...('elf' in body ? elfFacts(body.elf) : []),
  ];
}

function requestFact({ types, optional, offset }: Multiboot2Header['requests'][number]): Fact {
  const how = optional ? 'may be left out' : 'required';
  return {
    name: 'information request',
    value: `${types.map(infoTagWords).join(', ')}; ${how}`,
    offset,
    size: 8 + 4 * types.length,
    spec: 'Multiboot2 2.0, 3.1.4',
  };
}

function relocationFact({ relocatable }: Multiboot2Header): Fact[] {
  if (relocatable === undefined) return [];
  const { min_addr, max_addr, align, preference, offset, size } = relocatable;
  const value = `within ${hex(min_addr)}-${hex(max_addr)}, aligned to ${hex(align)}, preference ${preference}`;
  return [{ name: 'relocatable image', value, offset, size, spec: 'Multiboot2 2.0, 3.1.13' }];
}

function words(type: number): string {
  return headerTagName(type) ?? String(type);
}
