import { linkPlanned, linuxTarget, plan, planFile } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  ok,
  type OptionSpec,
  type Result,
  type Source,
  type SourceBytes,
  type Submission,
} from '@kexec-kit/loader-api';
import type { Context } from '../context.js';
import { readFiles } from '../inputs.js';
import type { Asked } from './asked.js';

/** A submission, and its sources: with their bytes where it is us who load them. */
export interface Ready {
  readonly submission: Submission;
  readonly sources: readonly (Source | SourceBytes)[];
}

/** What is to be applied. With `auto`: kexec_file_load if the image, the options and the machine allow it. */
export async function prepare(context: Context, asked: Asked): Promise<Result<Ready>> {
  if (asked.method === 'segments') return bySegments(context, asked);
  const byFile = fileSubmission(asked);
  return byFile.ok || asked.method === 'file' ? byFile : bySegments(context, asked);
}

function fileSubmission(asked: Asked): Result<Ready> {
  const { opened, files } = asked;
  const sources = [...files.values()];
  const planned = planFile(opened, { ...asked, engines: nodeEngines, sources });
  if (!planned.ok) return planned;
  return ok({ submission: planned.value, sources: [opened.image, ...sources] }, planned.diagnostics);
}

async function bySegments(context: Context, asked: Asked): Promise<Result<Ready>> {
  const { opened, machine } = asked;
  const files = await keptFiles(context, asked);
  if (!files.ok) return files;
  const sources = [...files.value.values()];
  const planned = plan(opened, { ...asked, files: files.value });
  if (!planned.ok) return planned;
  const target = linuxTarget(machine.architecture, process.arch === 'ia32' ? 'i386' : 'x86_64');
  const linked = linkPlanned(planned.value, { target, engines: nodeEngines, sources });
  if (!linked.ok) return linked;
  return ok({ submission: linked.value, sources: [opened.image, ...sources] }, linked.diagnostics);
}

/** Files that were left to the running kernel are read again, now that they are to be loaded by us. */
function keptFiles(context: Context, { opened, options, files }: Asked): Promise<Result<Asked['files']>> {
  const areKept = [...files.values()].every((file) => 'bytes' in file);
  if (areKept) return Promise.resolve(ok(files));
  return readFiles(context, opened.loader.options as OptionSpec, options, 'bytes');
}
