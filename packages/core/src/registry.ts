import { API_VERSION, fail, ok } from '@kexec-kit/loader-api';
import type {
  AnyLoader,
  Diagnostic,
  LoaderManifest,
  Option,
  OptionSpec,
  Result,
} from '@kexec-kit/loader-api';
import { loaderApi, loaderNameTaken, optionConflict } from './codes.js';

/** Option values that a name implies. */
export type Presets = Readonly<Record<string, boolean | string>>;

/** What a `--type` value stands for. */
export interface Named {
  readonly loader: AnyLoader;
  readonly presets: Presets;
}

/** The loaders of one program, by every name they answer to. */
export interface Registry {
  readonly loaders: readonly AnyLoader[];
  readonly names: ReadonlyMap<string, Named>;
}

/**
 * Puts loaders together, or says why they cannot be used together: a loader for another contract version
 * (LOADER_API), two with one name or alias (LOADER_NAME_TAKEN), options that share a name but not a form (OPTION_CONFLICT).
 *
 * @example
 * ```ts
 * const registry = createRegistry([bzimage]);
 * if (registry.ok) registry.value.names.has('bzimage'); // true
 * ```
 */
export function createRegistry(loaders: readonly AnyLoader[]): Result<Registry> {
  const wrongApi = loaders.filter(({ api }) => (api as number) !== API_VERSION);
  const names = new Map<string, Named>();
  const [first, ...more] = [
    ...wrongApi.map(({ name, version, api }) => loaderApi(name, version, api, API_VERSION)),
    ...loaders.flatMap((loader) => addNames(names, loader)),
    ...optionConflicts(loaders),
  ];
  return first === undefined ? ok({ loaders, names }) : fail(first, ...more);
}

function addNames(names: Map<string, Named>, loader: AnyLoader): Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const { name, presets } of [{ name: loader.name, presets: {} }, ...(loader.aliases ?? [])]) {
    const taken = names.get(name);
    if (taken === undefined) names.set(name, { loader, presets });
    else found.push(loaderNameTaken(name, taken.loader.name, loader.name));
  }
  return found;
}

/** What a command line must know of an option to read on after it, before it knows the loader. */
function shapeOf(option: Option): string {
  return [
    option.type === 'flag' ? 'a flag' : 'a value',
    option.multiple === true ? 'many' : 'one',
    option.type,
  ].join(' ');
}

/**
 * The conflicts between the options of all loaders: one name must mean one form everywhere, since a command line is
 * read before the image has chosen its loader; and within a loader every name must mean one option.
 */
export function optionConflicts(loaders: readonly Pick<LoaderManifest, 'name' | 'options'>[]): Diagnostic[] {
  const seen = new Map<string, { shape: string; loader: string }>();
  const found: Diagnostic[] = [];
  for (const { name, options } of loaders) {
    found.push(...ownConflicts(name, options));
    for (const option of Object.values(options)) {
      const shape = shapeOf(option);
      for (const long of longNames(option)) {
        const other = seen.get(long);
        if (other === undefined) seen.set(long, { shape, loader: name });
        else if (other.shape !== shape)
          found.push(optionConflict(name, long, `has another form in loader ${other.loader}`));
      }
    }
  }
  return found;
}

function ownConflicts(loader: string, options: OptionSpec): Diagnostic[] {
  const owner = new Map<string, string>();
  const found: Diagnostic[] = [];
  for (const [key, option] of Object.entries(options)) {
    for (const name of new Set([key, ...longNames(option)])) {
      if (owner.has(name)) found.push(optionConflict(loader, name, 'names two of its options'));
      else owner.set(name, key);
    }
  }
  return found;
}

/** Every long name of an option, its own first. */
export function longNames(option: Option): string[] {
  return [option.name, ...(option.aliases ?? [])];
}
