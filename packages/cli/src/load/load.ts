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
  const asked = await readAsked(context, request);
  if (!asked.ok) return asked;
  const { diagnostics } = asked.value;
  const loaded = await loadOneWay(context, asked.value);
  if (loaded.ok || !canFallBack(asked.value, loaded)) return withMore(loaded, diagnostics);
  const otherwise = await loadOneWay(context, { ...asked.value, method: 'segments' });
  return withMore(otherwise, [...diagnostics, fellBack(loaded.diagnostics[0])]);
}

async function loadOneWay(context: Context, asked: Asked): Promise<Result<Loaded>> {
  const ready = await prepare(context, asked);
  if (!ready.ok) return ready;
  const applied = await apply(context, ready.value, asked.values);
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
): Promise<Result<true>> {
  const reader = await readSources(sources, { verify: true });
  if (!reader.ok) return reader;
  const { read, verify } = reader.value;
  const backend = backendFor(context, { values, sources, verify });
  const progress = progressLine(context.stderr);
  try {
    context.signal.throwIfAborted();
    return await backend.apply(submission, read, progress.update);
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
