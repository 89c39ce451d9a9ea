import { type Diagnostic, fail, hex, ok, type Place, type Result } from '@kexec-kit/loader-api';

/** What is wrong with a structure, and where. */
export interface FormatProblem {
  /** The structure's name by its specification, e.g. `setup_header`. */
  readonly structure: string;
  /** The path from the structure to the field, e.g. `entries[2].type`; empty when no field was being read. */
  readonly field: string;
  /** In bytes from the start of the image: where the field begins. */
  readonly offset: number;
  readonly found: string;
  readonly expected: string;
}

/** Bytes that are not the structure they should be. Thrown inside parsers, turned into a diagnostic once, by {@link attempt}. */
export class FormatError extends Error implements FormatProblem {
  override readonly name = 'FormatError';
  readonly structure: string;
  readonly field: string;
  readonly offset: number;
  readonly found: string;
  readonly expected: string;

  constructor(problem: FormatProblem) {
    const path = pathOf(problem);
    super(`${path} at ${hex(problem.offset)}: expected ${problem.expected}, found ${problem.found}`);
    this.structure = problem.structure;
    this.field = problem.field;
    this.offset = problem.offset;
    this.found = problem.found;
    this.expected = problem.expected;
  }
}

/**
 * Where a {@link FormatError} happened, as diagnostics say it: the field's path begins with the structure's name.
 *
 * @param source - The input's name, if there is one to tell.
 */
export function placeOf(error: FormatProblem, source?: string): Place {
  const place = { offset: error.offset, field: pathOf(error) };
  return source === undefined ? place : { source, ...place };
}

function pathOf({ structure, field }: FormatProblem): string {
  return field === '' ? structure : `${structure}.${field}`;
}

/**
 * Runs a parser and turns its FormatError into a failed Result: the one place where a package catches.
 * Any other exception is a bug and passes through.
 *
 * @param explain - Makes the coded diagnostic of the error.
 * @example
 * ```ts
 * attempt(() => parse(SetupHeader, bytes), (error) => truncated(placeOf(error, image.name), error));
 * ```
 */
export function attempt<T>(run: () => T, explain: (error: FormatError) => Diagnostic): Result<T> {
  try {
    return ok(run());
  } catch (error) {
    if (error instanceof FormatError) return fail(explain(error));
    throw error;
  }
}
