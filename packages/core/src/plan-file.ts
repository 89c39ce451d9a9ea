import { fail, ok } from '@kexec-kit/loader-api';
import type { Engines, FileSubmission, Policy, Result, Source, SourceBytes } from '@kexec-kit/loader-api';
import { fingerprint, recordedMap } from '@kexec-kit/memory';
import { fileLoadPolicy, fileLoadUnsupported } from './codes.js';
import type { Opened, PlanRequest } from './pipeline.js';
import { planInput } from './plan-input.js';

export interface PlanFileRequest extends PlanRequest {
  readonly engines: Engines;
  /** Every source that the options name. */
  readonly sources?: Iterable<Source | SourceBytes>;
}

/**
 * Plans an opened image for kexec_file_load, with which the running kernel reads, places and verifies the files by itself.
 * What it cannot load (FILE_LOAD_UNSUPPORTED, or the loader's own code) and what it would not let us decide
 * (FILE_LOAD_POLICY) is refused here, before any system call: whoever may use kexec_load then plans with `plan`.
 *
 * @example
 * ```ts no-run
 * const file = planFile(opened, { machine, options: { append: 'quiet' }, engines });
 * if (!file.ok) file.diagnostics[0].code; // e.g. 'FILE_LOAD_UNSUPPORTED'
 * ```
 */
export function planFile(opened: Opened, request: PlanFileRequest): Result<FileSubmission> {
  const { loader, image, content } = opened;
  const { machine, engines, sources = [] } = request;
  const input = planInput(opened, request);
  if (!input.ok) return input;
  const { purpose, policy } = input.value;
  if (machine.architecture !== 'x86_64')
    return fail(fileLoadUnsupported(loader.name, image.name, 'it is no x86_64 kernel'));
  if (loader.planFile === undefined)
    return fail(fileLoadUnsupported(loader.name, image.name, `it takes no ${loader.name}`));
  const asked = decidedByKernel(policy);
  if (asked.length > 0) return fail(fileLoadPolicy(image.name, asked));
  const planned = loader.planFile(content, input.value);
  if (!planned.ok) return planned;
  const { commandLine, initrds } = planned.value;
  const diagnostics = [...opened.diagnostics, ...planned.diagnostics];
  const value: FileSubmission = {
    method: 'file',
    loader: { name: loader.name, version: loader.version },
    purpose,
    architecture: machine.architecture,
    map: { fingerprint: fingerprint(machine, engines, purpose), ...recordedMap(machine, purpose) },
    sources: [image, ...sources].filter(({ id }) => id === image.id || initrds.includes(id)).map(identity),
    facts: opened.facts,
    diagnostics,
    kernel: image.id,
    initrds,
    commandLine,
  };
  return ok(value, diagnostics);
}

/** What of a policy only kexec_load can honour, in words. What purgatory says is left aside: the kernel's own is silent. */
function decidedByKernel({ memory, efi, video, checks, resetVga, resetPic }: Policy): string[] {
  const asked = [
    [memory !== undefined, 'where in memory it goes'],
    [!efi, 'that EFI is kept from it'],
    [video === 'none', 'that the screen is kept from it'],
    [checks === false, 'that it is not verified'],
    [resetVga === true, 'that the screen is reset'],
    [resetPic === true, 'that the interrupt controllers are reset'],
  ] as const;
  return asked.filter(([isAsked]) => isAsked).map(([, what]) => what);
}

/** A source without its bytes: a submission names inputs, it does not hold them. */
function identity({ id, name, size, sha256, decompressed }: Source): Source {
  return { id, name, size, sha256, ...(decompressed !== undefined && { decompressed }) };
}
