import { fail, ok, type Result } from '@kexec-kit/loader-api';
import { noShutdown } from '../codes.js';
import type { Context } from '../context.js';
import { hasSystemd, start } from '../load/start.js';

/** Where kexec(8) looks for it. */
const shutdowns = ['/sbin/shutdown', '/etc/shutdown', '/bin/shutdown'];

/** Shuts the system down, so that it starts the loaded kernel: through systemd where that runs, else by shutdown(8). */
export async function shutDown(context: Context): Promise<Result<unknown>> {
  if (await hasSystemd(context)) return start(context, { now: false });
  for (const path of shutdowns) {
    const status = await context.system.runProgram(path, ['-r', 'now']);
    if (status === 0) return ok(true);
    if (status !== undefined) return fail(noShutdown(`${path} ended with status ${String(status)}`));
  }
  return fail(noShutdown(`none of ${shutdowns.join(', ')} is there`));
}
