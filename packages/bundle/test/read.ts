import { BundleHeader, BundleSegment, BundleStretch } from '@kexec-kit/bundle';
import { parse } from '@kexec-kit/structures';

/** Of the page that makes a bundle an image. */
export const FRONT = 0x1000;

/** A bundle's header and tables. */
export interface Read {
  readonly header: BundleHeader;
  readonly segments: readonly BundleSegment[];
  readonly fresh: readonly BundleStretch[];
  readonly maps: readonly BundleStretch[];
  readonly told: readonly BundleStretch[];
}

/** Everything that the header leads to, read as the program reads it. */
export function read(bundle: Uint8Array): Read {
  const header = parse(BundleHeader, bundle);
  const table = <T>(reader: Parameters<typeof parse<T>>[0], at: number, count: number, size: number) =>
    Array.from({ length: count }, (_, n) =>
      parse(reader, bundle.subarray(at + n * size, at + (n + 1) * size)),
    );
  return {
    header,
    segments: table(BundleSegment, header.segments, header.segment_count, 80),
    fresh: table(BundleStretch, header.fresh, header.fresh_count, 16),
    maps: table(BundleStretch, header.maps, header.map_count, 16),
    told: table(BundleStretch, header.told, header.told_count, 16),
  };
}

/** Memory as the program leaves it, by its tables alone: from each address on, so many bytes. */
export function filled(bundle: Uint8Array): Map<bigint, Uint8Array> {
  return new Map(
    read(bundle).segments.map(({ destination, memory_size, content, content_size }) => {
      const memory = new Uint8Array(Number(memory_size));
      memory.set(bundle.subarray(Number(content), Number(content + content_size)));
      return [destination, memory] as const;
    }),
  );
}
