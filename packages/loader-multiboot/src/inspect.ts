import { elfFacts } from '@kexec-kit/elf';
import { type Fact, type Facts, hex } from '@kexec-kit/loader-api';
import {
  ADDRESSES_AT,
  AOUT_KLUDGE,
  entryAddress,
  MEMORY_INFO,
  MultibootAddresses,
  MultibootHeader,
  PAGE_ALIGN,
  VIDEO_MODE,
  type MultibootKernel,
} from '@kexec-kit/multiboot-info';

const FLAGS: readonly (readonly [number, string])[] = [
  [PAGE_ALIGN, 'page-aligned modules'],
  [MEMORY_INFO, 'memory information'],
  [VIDEO_MODE, 'video mode'],
  [AOUT_KLUDGE, 'load addresses'],
];

export function inspect({ header, body }: MultibootKernel): Facts {
  const words = FLAGS.filter(([bit]) => (header.flags & bit) !== 0).map(([, name]) => name);
  const { flags } = MultibootHeader.at;
  const { start, end } = body.span;
  return [
    {
      title: 'Multiboot header',
      fields: [
        { name: 'header', value: hex(header.offset), offset: header.offset, size: MultibootHeader.size ?? 0 },
        {
          name: 'flags',
          value: words.length === 0 ? hex(header.flags) : `${hex(header.flags)} (${words.join(', ')})`,
          offset: header.offset + flags.offset,
          size: flags.size,
          ...(flags.spec === undefined ? {} : { spec: flags.spec }),
        },
        ...addressFacts({ header, body }),
        { name: 'memory', value: `${hex(start)}-${hex(end)}` },
        { name: 'entry', value: hex(entryAddress(body)) },
      ],
    },
    ...('elf' in body ? elfFacts(body.elf) : []),
  ];
}

function addressFacts({ header: { offset, addresses } }: Pick<MultibootKernel, 'header' | 'body'>): Fact[] {
  if (addresses === undefined) return [];
  return MultibootAddresses.fields.map(({ name, offset: at, size, spec }) => ({
    name,
    value: hex(addresses[name as keyof MultibootAddresses]),
    offset: offset + ADDRESSES_AT + at,
    size,
    ...(spec === undefined ? {} : { spec }),
  }));
}
