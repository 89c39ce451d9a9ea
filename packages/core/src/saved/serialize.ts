import type { Engines, Submission } from '@kexec-kit/loader-api';
import { integrityOf, toJson } from './canonical.js';
import { SAVED_FORMAT, SAVED_VERSION } from './schema.js';

/**
 * The saved form of a submission: JSON after `submission.schema.json`, with a checksum over all of it. Whoever can
 * change that file and have it applied owns the machine: write it for its owner only, and read it from nobody else.
 *
 * @example
 * ```ts
 * const text = serializeSubmission(submission, engines);
 * parseSubmission(text, engines); // { ok: true, value: submission, … }
 * ```
 */
export function serializeSubmission(submission: Submission, engines: Engines): string {
  const covered = { format: SAVED_FORMAT, version: SAVED_VERSION, submission: toJson(submission) };
  const { format, version } = covered;
  const saved = { format, version, integrity: integrityOf(covered, engines), submission: covered.submission };
  return `${JSON.stringify(saved, undefined, 2)}\n`;
}
