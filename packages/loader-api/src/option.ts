import type { Address } from './address.js';
import type { SourceId } from './source.js';

/**
 * One option of a loader or of a command, as data: parsing, help, completion, man page and documentation are made from it.
 */
export interface Option {
  readonly type: 'flag' | 'string' | 'address' | 'file' | 'choice';
  /** The long name without `--`. */
  readonly name: string;
  /** Other long names that mean the same, accepted but not printed first. */
  readonly aliases?: readonly string[];
  /** One letter, for commands only. */
  readonly short?: string;
  /** One line, imperative, for `--help`. */
  readonly summary: string;
  /** What stands for the value in help, e.g. `FILE`. Required for everything but flags. */
  readonly placeholder?: string;
  /** May be given more than once; the values keep their order. */
  readonly multiple?: boolean;
  /** Only with `choice`. */
  readonly choices?: readonly string[];
  /** Only with `file`: what follows the first blank is the file's own command line. */
  readonly arguments?: boolean;
}

/** The options of one loader, by the name under which `plan` receives their values. */
export type OptionSpec = Readonly<Record<string, Option>>;

/** A file that the user named. The host reads it; a loader sees its id and size, never its bytes. */
export interface FileValue {
  readonly source: SourceId;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** With `arguments: true`: the file's own command line, else empty. */
  readonly arguments: string;
}

export type OptionValue =
  boolean | string | Address | FileValue | readonly (string | Address | FileValue)[] | undefined;

type One<O extends Option> = O extends { type: 'flag' }
  ? boolean
  : O extends { type: 'choice'; choices: infer C extends readonly string[] }
    ? C[number] | undefined
    : O extends { type: 'string' }
      ? string | undefined
      : O extends { type: 'address' }
        ? Address | undefined
        : FileValue | undefined;

/** `{ initrd: { type: 'file', multiple: true } }` becomes `{ readonly initrd: readonly FileValue[] }`. */
export type OptionsOf<S extends OptionSpec> = {
  readonly [K in keyof S]: S[K] extends { multiple: true } ? readonly NonNullable<One<S[K]>>[] : One<S[K]>;
};
