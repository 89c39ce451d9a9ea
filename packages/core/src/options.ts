import { fail, ok } from '@kexec-kit/loader-api';
import type {
  Address,
  AnyOptions,
  Diagnostic,
  FileValue,
  Option,
  OptionSpec,
  OptionValue,
  Result,
  Source,
  SourceId,
} from '@kexec-kit/loader-api';
import { parseAddress } from './address-text.js';
import { optionFileUnread, optionRepeated, optionUnknown, optionValue } from './codes.js';
import { nearest } from './near.js';
import { longNames } from './registry.js';
import type { Presets } from './registry.js';

/** One value as a caller gives it: text from a command line, or already what it means. A file may be its {@link Source}. */
export type GivenValue = boolean | string | Address | FileValue | Source;

/** Values by the option's key, its name or one of its aliases. `undefined` is "not given". */
export type GivenOptions = Readonly<Record<string, GivenValue | readonly GivenValue[] | undefined>>;

export interface DecodeOptions {
  /** For diagnostics. */
  readonly loader: string;
  /** What holds unless `values` says otherwise. */
  readonly presets?: Presets;
  /** The files that were read for {@link fileRequests}, by their ids. */
  readonly files?: ReadonlyMap<SourceId, Source>;
}

/** A file that an option's text names: for the host to open under this id before planning. */
export interface FileRequest {
  readonly id: SourceId;
  readonly option: string;
  readonly path: string;
  /** What follows the first blank, when the option takes that; else empty. */
  readonly arguments: string;
}

/**
 * Decodes the options of a loader from data: from what a command line's parser found, or from an object in a program.
 * Unknown names (OPTION_UNKNOWN), a value too many (OPTION_REPEATED) or of the wrong form (OPTION_VALUE) are all reported.
 *
 * @example
 * ```ts
 * const spec = { limit: { type: 'address', name: 'limit', summary: 'Stop there', placeholder: 'SIZE' } } as const;
 * decodeOptions(spec, { limit: '16M' }, { loader: 'flat' }); // { ok: true, value: { limit: 0x1000000n }, … }
 * ```
 */
export function decodeOptions(
  spec: OptionSpec,
  values: GivenOptions,
  context: DecodeOptions,
): Result<AnyOptions> {
  const problems: Diagnostic[] = [];
  const given = gather(spec, values, context, problems);
  const decoded: Record<string, OptionValue> = {};
  for (const [key, option] of Object.entries(spec)) {
    const raw = given.get(key) ?? presetOf(option, context.presets ?? {});
    const texts = raw.map((value, index) =>
      decodeOne(option, value, fileId(option, index), context, problems),
    );
    decoded[key] = settle(option, texts, problems);
  }
  const [first, ...more] = problems;
  return first === undefined ? ok(decoded) : fail(first, ...more);
}

/** The files that these values name by text, to be opened by the host in this order. */
export function fileRequests(spec: OptionSpec, values: GivenOptions): FileRequest[] {
  const given = gather(spec, values, { loader: '' }, []);
  return Object.entries(spec).flatMap(([key, option]) =>
    option.type !== 'file'
      ? []
      : (given.get(key) ?? []).flatMap((value, index) =>
          typeof value === 'string'
            ? [{ id: fileId(option, index), option: option.name, ...splitFile(option, value) }]
            : [],
        ),
  );
}

/** Values under the option's key, in the order given. */
function gather(
  spec: OptionSpec,
  values: GivenOptions,
  { loader }: DecodeOptions,
  problems: Diagnostic[],
): Map<string, readonly GivenValue[]> {
  const keys = new Map(
    Object.entries(spec).flatMap(([key, option]) => [key, ...longNames(option)].map((name) => [name, key])),
  );
  const given = new Map<string, readonly GivenValue[]>();
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    const key = keys.get(name);
    if (key === undefined)
      problems.push(optionUnknown(loader, name, nearest(name, Object.values(spec).flatMap(longNames))));
    else given.set(key, [...(given.get(key) ?? []), ...(isMany(value) ? value : [value])]);
  }
  return given;
}

function isMany(value: GivenValue | readonly GivenValue[]): value is readonly GivenValue[] {
  return Array.isArray(value);
}

function presetOf(option: Option, presets: Presets): readonly GivenValue[] {
  const preset = presets[option.name];
  return preset === undefined ? [] : [preset];
}

function settle(
  option: Option,
  values: readonly (OptionValue | undefined)[],
  problems: Diagnostic[],
): OptionValue {
  if (option.multiple === true) return values as readonly string[];
  if (values.length > 1) problems.push(optionRepeated(option.name));
  return values[0] ?? (option.type === 'flag' ? false : undefined);
}

function decodeOne(
  option: Option,
  value: GivenValue,
  id: SourceId,
  { files }: DecodeOptions,
  problems: Diagnostic[],
): OptionValue {
  if (option.type === 'file' && typeof value === 'string') {
    const { path, arguments: own } = splitFile(option, value);
    const file = files?.get(id);
    if (file === undefined) problems.push(optionFileUnread(option.name, path));
    return file && { source: file.id, name: file.name, size: file.size, arguments: own };
  }
  const decoded = DECODERS[option.type](value, option);
  if (decoded === undefined) problems.push(optionValue(option.name, describe(value), expectedOf(option)));
  return decoded;
}

const DECODERS: Readonly<Record<Option['type'], (value: GivenValue, option: Option) => OptionValue>> = {
  flag: (value) => (typeof value === 'boolean' ? value : undefined),
  string: (value) => (typeof value === 'string' ? value : undefined),
  address: decodeAddress,
  choice: (value, { choices }) =>
    typeof value === 'string' && choices?.includes(value) === true ? value : undefined,
  file: decodeFile,
};

function decodeAddress(value: GivenValue): Address | undefined {
  if (typeof value === 'string') return parseAddress(value);
  return typeof value === 'bigint' && value >= 0n && value < 1n << 64n ? value : undefined;
}

function decodeFile(value: GivenValue): FileValue | undefined {
  if (typeof value !== 'object') return undefined;
  if ('source' in value) return value;
  return { source: value.id, name: value.name, size: value.size, arguments: '' };
}

function expectedOf({ type, placeholder, choices }: Option): string {
  if (type === 'choice') return (choices ?? []).join(' or ');
  if (type === 'address') return 'an address below 2^64 such as 0x100000 or 16M';
  return type === 'flag' ? 'no value' : (placeholder ?? type);
}

function describe(value: GivenValue): string {
  if (typeof value === 'object') return 'a file';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

function splitFile({ arguments: takesArguments }: Option, text: string): { path: string; arguments: string } {
  const blank = takesArguments === true ? text.indexOf(' ') : -1;
  return blank < 0
    ? { path: text, arguments: '' }
    : { path: text.slice(0, blank), arguments: text.slice(blank + 1) };
}

function fileId(option: Option, index: number): SourceId {
  return option.multiple === true ? `${option.name}.${index}` : option.name;
}
