import type {
  AnyLoader,
  AnyOptions,
  FileValue,
  OptionSpec,
  OptionValue,
  Purpose,
  SourceBytes,
} from '@kexec-kit/loader-api';

/** One image that a loader must take, or (as a reject) must not. */
export interface Sample {
  /** For the names of checks. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What a user would give with it, decoded; what is absent has its default. */
  readonly options?: AnyOptions;
  /**
   * Where the image ends by its own header, in bytes: cut anywhere before, it must be refused.
   * Default: the end of the bytes. Less where a lost tail is only worth a warning.
   */
  readonly declaredEnd?: number;
  /** The names of the machines on which it must find a place. Default: all. */
  readonly fits?: readonly string[];
  /** For what it can be planned. Default: all that the loader supports. */
  readonly purposes?: readonly Purpose[];
}

/** A sample as a host would give it to a loader. The digest is made up: loaders only hand it on. */
export function imageOf({ name, bytes }: Pick<Sample, 'name' | 'bytes'>): SourceBytes {
  return { id: 'image', name, size: bytes.length, sha256: '5a'.repeat(32), bytes };
}

/** Every option of a loader: the sample's value, or what it is when the user does not give it. */
export function optionsFor(loader: AnyLoader, given: AnyOptions = {}): AnyOptions {
  const spec = loader.options as OptionSpec;
  const values = Object.entries(spec).map(([key, option]): [string, OptionValue] => {
    const absent = option.multiple === true ? [] : option.type === 'flag' ? false : undefined;
    return [key, given[key] ?? absent];
  });
  return Object.fromEntries(values);
}

/** The size of every source that a plan for this sample may slice, in bytes. */
export function sourceSizes(sample: Sample): ReadonlyMap<string, number> {
  const files = Object.values(sample.options ?? {})
    .flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .filter(isFile);
  return new Map([
    ['image', sample.bytes.length],
    ...files.map(({ source, size }) => [source, size] as const),
  ]);
}

function isFile(value: unknown): value is FileValue {
  return typeof value === 'object' && value !== null && 'source' in value && 'size' in value;
}
