import { elfFacts, type Note } from '@kexec-kit/elf';
import { type Fact, type Facts, hex, sizeOf } from '@kexec-kit/loader-api';
import type { PvhKernel } from './image.js';
import { entryNote, relocationNote } from './notes.js';
import { alignmentOf } from './placement.js';

const ELFNOTE = 'xen/include/public/elfnote.h';

export function inspect(image: PvhKernel): Facts {
  const { elf, entry, span, loads } = image;
  const memory = loads.reduce((sum, load) => sum + sizeOf(load), 0n);
  return [
    {
      title: 'PVH kernel',
      fields: [
        { name: 'kind', value: image.linux ? 'Linux, by its notes' : 'no Linux by its notes' },
        {
          name: 'PHYS32_ENTRY',
          value: `${hex(entry.load.start + entry.offset)} in PT_LOAD ${entry.load.header.index}`,
          ...placeOf(entryNote(elf.notes), `${ELFNOTE}, XEN_ELFNOTE_PHYS32_ENTRY`),
        },
        ...relocationFact(image),
        { name: 'memory', value: `${memory} bytes in ${hex(span.start)}-${hex(span.end)}` },
      ],
    },
    ...elfFacts(elf),
  ];
}

function relocationFact(image: PvhKernel): Fact[] {
  const { relocation, elf } = image;
  if (relocation === undefined) return [{ name: 'PHYS32_RELOC', value: 'none: it may not be moved' }];
  const { min, max } = relocation;
  const alignment = alignmentOf(image, relocation);
  const aligned = alignment.ok
    ? `aligned to ${hex(alignment.value)}`
    : 'of an alignment that is no power of two';
  const place = placeOf(relocationNote(elf.notes), `${ELFNOTE}, XEN_ELFNOTE_PHYS32_RELOC`);
  return [{ name: 'PHYS32_RELOC', value: `within ${hex(min)}-${hex(max + 1n)}, ${aligned}`, ...place }];
}

function placeOf(note: Note | undefined, spec: string): Pick<Fact, 'offset' | 'size' | 'spec'> {
  return note === undefined ? {} : { offset: note.offset, size: note.desc.length, spec };
}
