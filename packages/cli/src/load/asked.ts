import type { GivenOptions, Opened } from '@kexec-kit/core';
import {
  fail,
  ok,
  type Diagnostic,
  type Machine,
  type OptionSpec,
  type Policy,
  type Purpose,
  type Result,
  type Source,
  type SourceBytes,
  type SourceId,
} from '@kexec-kit/loader-api';
import { readMachine } from '@kexec-kit/machine';
import type { Values } from '../commands.js';
import type { Context } from '../context.js';
import { openImage, readImage } from '../image.js';
import { loaderOptions, readFiles, withoutArguments } from '../inputs.js';
import { foreignOptions } from '../loader-options.js';
import { policyOf } from '../policy.js';
import { text } from '../values.js';
import type { Method } from './method.js';

/** What is to be loaded into this machine. */
export interface LoadRequest {
  readonly file: string;
  readonly values: Values;
  readonly purpose: Purpose;
  readonly method: Method;
}

/** The same with everything read that planning needs, for either system call. */
export interface Asked extends LoadRequest {
  readonly opened: Opened;
  readonly machine: Machine;
  readonly options: GivenOptions;
  readonly policy: Partial<Policy>;
  readonly files: ReadonlyMap<SourceId, Source | SourceBytes>;
  /** What was worth saying of the machine. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the image, this machine, and the files that options name. Nothing is loaded. */
export async function readAsked(context: Context, request: LoadRequest): Promise<Result<Asked>> {
  const { file, values, method } = request;
  const read = await readImage(context, file);
  if (!read.ok) return read;
  const opened = await openImage(read.value, text(values, 'type'));
  if (!opened.ok) return opened;
  const { loader } = opened.value;
  const [foreign, ...more] = foreignOptions('load', loader, context.discover(), values);
  if (foreign !== undefined) return fail(foreign, ...more);
  const machine = await readMachine({ root: context.system.root });
  if (!machine.ok) return machine;
  const spec = loader.options as OptionSpec;
  const options = loaderOptions(spec, values);
  // What the running kernel reads by itself is not kept: an initrd may be large.
  const keep = method === 'segments' || loader.planFile === undefined ? 'bytes' : 'nothing';
  const files = await readFiles(context, spec, options, keep);
  if (!files.ok) return files;
  return ok({
    ...request,
    opened: opened.value,
    machine: withoutArguments(machine.value, values),
    options,
    policy: policyOf(values),
    files: files.value,
    diagnostics: [...read.diagnostics, ...machine.diagnostics],
  });
}
