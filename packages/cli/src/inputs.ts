import { fileRequests, type GivenOptions } from '@kexec-kit/core';
import { openSource } from '@kexec-kit/host-node';
import { withoutParameters } from '@kexec-kit/linux-boot';
import {
  ok,
  type Machine,
  type OptionSpec,
  type Result,
  type Source,
  type SourceBytes,
  type SourceId,
} from '@kexec-kit/loader-api';
import type { Values } from './commands.js';
import type { Context } from './context.js';
import { progressLine } from './progress.js';
import { UsageError } from './usage-error.js';

/** The values that belong to the loader, by the names of its options. */
export function loaderOptions(spec: OptionSpec, values: Values): GivenOptions {
  const own = Object.values(spec).flatMap((option) => {
    const given = values.get(option.name);
    if (given === undefined) return [];
    return [[option.name, option.type === 'flag' ? true : given] as const];
  });
  return Object.fromEntries(own);
}

/** As large as an initrd can be: its size is told in 32 bits, in bytes. */
const LARGEST = 2 ** 32 - 1;

/** Reads and hashes the files that options name, each once. What is to be loaded by us is kept. */
export async function readFiles(
  context: Context,
  spec: OptionSpec,
  options: GivenOptions,
  keep: 'nothing' | 'bytes' = 'nothing',
): Promise<Result<ReadonlyMap<SourceId, Source | SourceBytes>>> {
  const sources = new Map<SourceId, Source | SourceBytes>();
  const progress = progressLine(context.stderr);
  for (const { id, path } of fileRequests(spec, options)) {
    const onProgress = progress.update;
    const source = await openSource(path, { id, keepBytes: keep === 'bytes', limit: LARGEST, onProgress });
    progress.clear();
    if (!source.ok) return source;
    sources.set(id, source.value);
  }
  return ok(sources);
}

/** @throws UsageError for `--remove-arg` without the arguments that it takes something out of. */
export function checkRemoveArg(values: Values): void {
  if (values.has('remove-arg') && !values.has('reuse-cmdline'))
    throw new UsageError('--remove-arg needs --reuse-cmdline', 'it takes arguments out of the reused ones');
}

/** A machine whose command line has nothing of what `--remove-arg` names. */
export function withoutArguments(machine: Machine, values: Values): Machine {
  const names = values.get('remove-arg') ?? [];
  return names.length === 0
    ? machine
    : { ...machine, commandLine: withoutParameters(machine.commandLine, names) };
}
