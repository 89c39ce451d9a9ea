import {
  fail,
  ok,
  type FileSubmission,
  type Machine,
  type Progress,
  type ReadSource,
  type Result,
  type Source,
  type SourceId,
} from '@kexec-kit/loader-api';
import type { Intent } from './backend.js';
import { badSubmission } from './codes.js';
import { descriptorOf, isPlain, type Descriptor } from './descriptor.js';
import { fileFlags } from './flags.js';
import { BackendFailure, explained, type Host } from './host.js';
import { withExtras } from './retry.js';

/**
 * Loads with kexec_file_load: the kernel reads the files by itself. A plain file is handed over as it is, since what signs
 * it may be kept beside it; what is compressed, or several initrds, through a file in memory.
 */
export async function loadFiles(
  host: Host,
  submission: FileSubmission,
  machine: Machine,
  read: ReadSource,
  progress?: (progress: Progress) => void,
): Promise<Result<true>> {
  const { purpose, commandLine } = submission;
  const open: Descriptor[] = [];
  const descriptor = async (ids: readonly SourceId[]): Promise<number> => {
    const one = await descriptorOf(
      { host, read, progress },
      ids.map((id) => sourceOf(submission, id)),
    );
    open.push(one);
    return one.fd;
  };
  try {
    const kernel = await descriptor([submission.kernel]);
    const hasInitrd = submission.initrds.length > 0;
    const files = { kernel, ...(hasInitrd && { initrd: await descriptor(submission.initrds) }) };
    const { result, diagnostics } = withExtras(fileFlags(purpose, hasInitrd, host.extraFlags), (flags) =>
      host.syscalls().kexecFileLoad({ ...files, commandLine, flags }),
    );
    if (result.ok) return ok(true, diagnostics);
    return await explained(host, { call: 'kexec_file_load', errno: result.errno, submission, machine });
  } finally {
    await Promise.all(open.map((one) => one.close()));
  }
}

function sourceOf({ sources }: FileSubmission, id: SourceId): Source {
  const source = sources.find((each) => each.id === id);
  if (source !== undefined) return source;
  throw new BackendFailure(fail(badSubmission('sources', `have no ${JSON.stringify(id)}`, 'every file')));
}

/** What {@link loadFiles} would do. */
export function filesIntent(host: Host, submission: FileSubmission): Intent {
  const { purpose, commandLine, kernel, initrds } = submission;
  const { needed, extra } = fileFlags(purpose, initrds.length > 0, host.extraFlags);
  const flags = [...needed, ...extra].map(({ name }) => name);
  const files = [kernel, ...initrds].map((id) => sourceOf(submission, id));
  const through = (sources: readonly Source[]): string => {
    const names = sources.map(({ name }) => name).join(', ');
    return isPlain(sources) ? names : `${names} (through a file in memory)`;
  };
  return {
    call: 'kexec_file_load',
    flags,
    bytes: files.reduce((sum, { size }) => sum + BigInt(size), 0n),
    lines: [
      ['kexec_file_load:', flags.length === 0 ? 'no flags' : flags.join(' | ')].join(' '),
      `  kernel: ${through(files.slice(0, 1))}`,
      ...(initrds.length === 0 ? [] : [`  initrd: ${through(files.slice(1))}`]),
      `  command line: ${commandLine}`,
    ],
  };
}
