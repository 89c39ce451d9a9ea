/** How bad it is: an error stops, a warning is worth a reader's time, an info says what was decided. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * One thing worth saying about an input, with everything a reader needs to act on it.
 * Codes are part of semver; the wording of `message` and `hint` is not.
 */
export interface Diagnostic {
  /** Stable, upper-case: `FORMAT_CONDITION`, e.g. `BZIMAGE_TRUNCATED`. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence that names the thing and what is wrong with it. */
  readonly message: string;
  /** Where: a source (file), a byte offset in it, and the field's path by its specification's names. */
  readonly at?: Place;
  /** What was there. */
  readonly found?: string;
  /** What would have been right. */
  readonly expected?: string;
  /** What the reader can do about it. */
  readonly hint?: string;
  /** The clause that says so: a title with section, or a URL. */
  readonly spec?: string;
}

/** A place in an input. */
export interface Place {
  readonly source?: string;
  /** In bytes from the start of the (decompressed) image. */
  readonly offset?: number;
  /** e.g. `setup_header.init_size`. */
  readonly field?: string;
}

/** What `load`, `plan` and `link` return: a value or the diagnostics that explain why there is none. */
export type Result<T> = Success<T> | Failure;
export interface Success<T> {
  readonly ok: true;
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}
export interface Failure {
  readonly ok: false;
  readonly diagnostics: readonly [Diagnostic, ...Diagnostic[]];
}

/**
 * A successful {@link Result}.
 *
 * @example
 * ```ts
 * ok(42); // { ok: true, value: 42, diagnostics: [] }
 * ```
 */
export function ok<T>(value: T, diagnostics: readonly Diagnostic[] = []): Success<T> {
  return { ok: true, value, diagnostics };
}

/** A failed {@link Result}: at least one diagnostic, the error first. */
export function fail(first: Diagnostic, ...more: readonly Diagnostic[]): Failure {
  return { ok: false, diagnostics: [first, ...more] };
}

/** What a diagnostic code means, for `explain`, help and the generated reference. */
export interface CodeInfo {
  /** What is the case when this code appears: one sentence. */
  readonly cause: string;
  /** What a user can do about it: one sentence. */
  readonly cure: string;
  readonly spec?: string;
}
export type Codes = Readonly<Record<string, CodeInfo>>;

/** A failure as an exception, for programs that want to end on it. */
export class DiagnosticError extends Error {
  override name = 'DiagnosticError';
  readonly diagnostics: Failure['diagnostics'];
  constructor(diagnostics: Failure['diagnostics']) {
    const [{ code, message }] = diagnostics;
    super(`${code}: ${message}`);
    this.diagnostics = diagnostics;
  }
}

/**
 * The value of a result, for programs that have nothing better to do with a failure than to end.
 *
 * @throws DiagnosticError with all the diagnostics of a failure.
 * @example
 * ```ts
 * unwrap(ok(42)); // 42
 * ```
 */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new DiagnosticError(result.diagnostics);
}
