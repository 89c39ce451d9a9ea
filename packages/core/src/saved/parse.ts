import { fail, ok } from '@kexec-kit/loader-api';
import type { Diagnostic, Engines, Result, Submission } from '@kexec-kit/loader-api';
import * as v from 'valibot';
import { integrityOf } from './canonical.js';
import type { Covered } from './canonical.js';
import {
  savedEdited,
  savedNotJson,
  savedNotOurs,
  savedSchema as schemaProblem,
  savedVersion,
} from './codes.js';
import { inconsistency } from './consistency.js';
import { SAVED_FORMAT, SAVED_VERSION, savedSchema } from './schema.js';
import { cut, shown } from './shown.js';

/**
 * Reads a saved submission back. It is refused, with one diagnostic, when it is not JSON, not ours, of another version,
 * has a value or key that the schema does not, contradicts itself, or does not have the digest that it carries.
 *
 * @example
 * ```ts
 * const saved = parseSubmission(text, engines);
 * if (!saved.ok) saved.diagnostics[0].code; // e.g. 'SUBMISSION_EDITED'
 * ```
 */
export function parseSubmission(text: string, engines: Engines): Result<Submission> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const wrong = wrongEnvelope(json.value);
  if (wrong !== undefined) return fail(wrong);
  const saved = v.safeParse(savedSchema, json.value, { abortEarly: true });
  if (!saved.success) return fail(describe(saved.issues[0]));
  const { submission, integrity } = saved.output;
  const problem = inconsistency(submission, engines);
  if (problem !== undefined) return fail(problem);
  const actual = integrityOf(json.value as Covered, engines);
  return actual === integrity ? ok(submission) : fail(savedEdited(actual, integrity));
}

function parseJson(text: string): Result<unknown> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return fail(savedNotJson(error instanceof Error ? error.message : String(error)));
  }
}

/** What makes a file not ours, or not of our version, said before any detail. */
function wrongEnvelope(json: unknown): Diagnostic | undefined {
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format !== SAVED_FORMAT) return savedNotOurs(shown(format), SAVED_FORMAT);
  return version === SAVED_VERSION ? undefined : savedVersion(shown(version), String(SAVED_VERSION));
}

function describe(issue: v.BaseIssue<unknown>): Diagnostic {
  const field = v.getDotPath(issue) ?? 'the top level';
  // valibot gives what a `regex` expects as its pattern; our message there says it in words.
  const expected =
    issue.type === 'regex' || issue.type === 'instance' ? issue.message : (issue.expected ?? issue.message);
  return schemaProblem(cut(field, 200), shown(issue.input), cut(expected, 200));
}
