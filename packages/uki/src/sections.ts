import { parse, ascii } from '@kexec-kit/structures';
import { PeImage } from './generated/pe-sections.js';

/** A stretch of a file, in bytes. */
export interface Slice {
  readonly offset: number;
  readonly size: number;
}

/** One section of a PE image, with its content as it lies in the file. */
export interface Section extends Slice {
  readonly name: string;
}

export interface Sections {
  /** PE Format, "Machine Types". */
  readonly machine: number;
  /** In the order of the section table, which means something: see {@link profilesOf}. */
  readonly sections: readonly Section[];
}

/**
 * The sections of a PE image.
 *
 * @param head - The file, or enough of its start to hold the section table. Where the sections lie is not checked against it.
 * @throws FormatError where these bytes are no PE image, or end within its section table.
 */
export function peSections(head: Uint8Array): Sections {
  const { machine, sections } = parse(PeImage, head).pe;
  return {
    machine,
    sections: sections.map(({ name, virtual_size, size_of_raw_data, pointer_to_raw_data }) => ({
      name: ascii(name, { untilNul: true }),
      offset: pointer_to_raw_data,
      // In the file a section is padded; in memory, what is beyond the file is zero and nothing of ours.
      size: Math.min(virtual_size, size_of_raw_data),
    })),
  };
}
