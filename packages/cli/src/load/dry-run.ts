import type { Intent } from '@kexec-kit/backend-linux';
import { ok, type Result } from '@kexec-kit/loader-api';
import type { Context } from '../context.js';
import { readAsked, type LoadRequest } from './asked.js';
import { backendFor } from './backend.js';
import type { Loaded } from './load.js';
import { prepare } from './submission.js';

/** What a load would do, with everything checked that it checks before its system call. */
export interface WouldLoad extends Loaded {
  readonly intent: Intent;
}

export async function dryRun(context: Context, request: LoadRequest): Promise<Result<WouldLoad>> {
  const asked = await readAsked(context, request);
  if (!asked.ok) return asked;
  const ready = await prepare(context, asked.value);
  if (!ready.ok) return ready;
  const { submission } = ready.value;
  const { values } = request;
  const backend = backendFor(context, { values });
  const intent = await backend.dryRun(submission);
  if (!intent.ok) return intent;
  // No failure: what is planned now may be loaded by somebody else, or later.
  const now = (await backend.available()).diagnostics.map((each) => ({
    ...each,
    severity: 'warning' as const,
  }));
  const diagnostics = [...asked.value.diagnostics, ...submission.diagnostics, ...intent.diagnostics, ...now];
  return ok({ submission, detail: asked.value.opened.detail, intent: intent.value }, diagnostics);
}
