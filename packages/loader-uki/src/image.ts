import type { BzImage } from '@kexec-kit/loader-bzimage';
import type { Source } from '@kexec-kit/loader-api';
import type { UkiProfile } from '@kexec-kit/uki';

/** A UKI as `load` understood it. */
export interface UkiImage {
  readonly source: Source;
  /** In the image's order; the first starts when nobody chooses. */
  readonly profiles: readonly [Profile, ...Profile[]];
}

export interface Profile extends UkiProfile {
  /** As its own loader understood it: offsets count from the start of `linux`, and {@link KERNEL} is its source. */
  readonly kernel: BzImage;
}

/** The kernel as a source of its own, while its own loader has it. */
export const KERNEL = 'uki:.linux';

/** A section of the image as a source of its own, e.g. `uki:.initrd`. */
export function sourceOf(section: string): string {
  return `uki:${section}`;
}
