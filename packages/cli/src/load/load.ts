import { readSources } from '@kexec-kit/host-node';
import { fail, ok, type Diagnostic, type Result, type Submission } from '@kexec-kit/loader-api';
import type { Values } from '../commands.js';
import type { Context } from '../context.js';
import { progressLine } from '../progress.js';
import { readAsked, type Asked, type LoadRequest } from './asked.js';
import { backendFor } from './backend.js';
import { canFallBack, fellBack } from './fallback.js';
import { prepare, type Ready } from './submission.js';

/** A kernel that is loaded. */
export interface Loaded {
  readonly submission: Submission;
  /** What it is, e.g. `Linux bzImage 6.12.1, protocol 2.15`. */
  readonly detail: string;
}

/**
 * Loads a kernel into this machine: plans it, and applies the plan with one system call. With `auto`, a refusal of
 * kexec_file_load that says "not this way" leads to kexec_load, and is said.
 */
export async function load(context: Context, request: LoadRequest): Promise<Result<Loaded>> {
  const hashedAt = Date.now();
  const asked = await readAsked(context, request);
  if (!asked.ok) return asked;
  const { diagnostics } = asked.value;
  const loaded = await loadOneWay(context, asked.value, hashedAt);
  if (loaded.ok || !canFallBack(asked.value, loaded)) return withMore(loaded, diagnostics);
  const otherwise = await loadOneWay(context, { ...asked.value, method: 'segments' }, hashedAt);
  return withMore(otherwise, [...diagnostics, fellBack(loaded.diagnostics[0])]);
}

async function loadOneWay(context: Context, asked: Asked, hashedAt: number): Promise<Result<Loaded>> {
  const ready = await prepare(context, asked);
  if (!ready.ok) return ready;
  const applied = await apply(context, ready.value, asked.values, hashedAt);
  if (!applied.ok) return applied;
  const { submission } = ready.value;
  const diagnostics = [...submission.diagnostics, ...applied.diagnostics];
  return ok({ submission, detail: asked.opened.detail }, diagnostics);
}

/** Applies a submission, with its progress on a terminal; up to the system call it can be interrupted. */
export async function apply(
  context: Context,
  { submission, sources }: Ready,
  values: Values,
  hashedAt?: number,
): Promise<Result<true>> {
  const backend = backendFor(context, { values, sources, ...(hashedAt !== undefined && { hashedAt }) });
  const reader = await readSources(sources, { verify: true });
  if (!reader.ok) return reader;
  const progress = progressLine(context.stderr);
  try {
    context.signal.throwIfAborted();
    return await backend.apply(submission, reader.value.read, progress.update);
  } finally {
    progress.clear();
    await reader.value.close();
  }
}

function withMore<T>(result: Result<T>, more: readonly Diagnostic[]): Result<T> {
  if (result.ok) return ok(result.value, [...more, ...result.diagnostics]);
  const [first, ...others] = result.diagnostics;
  return fail(first, ...others, ...more);
}
