import type { Context } from '../context.js';
import { isUsageError, type UsageError } from '../usage-error.js';
import { KEXEC_EXIT } from './exit.js';
import { kexecHelp } from './help.js';
import { readRequest } from './request.js';

/** Runs one command line of kexec(8). The only place where an exception becomes an exit status. */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  const manifests = context.discover().loaders.map(({ manifest }) => manifest);
  const request = await caught(context, KEXEC_EXIT.refused, () => readRequest(argv, manifests));
  if (typeof request === 'number') return request;
  const { deed } = request;
  if (deed === 'help') return say(context, kexecHelp(manifests, context.stdout.colours));
  if (deed === 'version') return say(context, `kexec of kexec-kit ${context.version}\n`);
  // As kexec(8): an option that is wrong is one thing, a value that turns out to be wrong later another.
  return caught(context, KEXEC_EXIT.failed, async () => {
    const { perform } = await import('./perform.js');
    return perform(context, deed, request);
  });
}

async function caught<T>(context: Context, ifUsage: number, work: () => T | Promise<T>): Promise<T | number> {
  try {
    return await work();
  } catch (error) {
    if (context.signal.aborted) return KEXEC_EXIT.interrupted;
    if (isUsageError(error)) return usageError(error, ifUsage, context);
    const text = error instanceof Error ? (error.stack ?? '') : String(error);
    context.stderr.write(`This is a bug in kexec-kit, please report it:\n${text}\n`);
    return KEXEC_EXIT.bug;
  }
}

function say(context: Context, text: string): number {
  context.stdout.write(text);
  return KEXEC_EXIT.done;
}

function usageError({ message, hint }: UsageError, status: number, { stderr }: Context): number {
  stderr.write(`${stderr.colours.red('kexec')}: ${message}\n`);
  stderr.write(
    `  hint:   ${hint === undefined ? '' : `${hint.replace(/\.$/, '')}; `}"kexec --help" says more\n`,
  );
  return status;
}
