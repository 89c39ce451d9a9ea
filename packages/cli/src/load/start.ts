import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '@kexec-kit/loader-api';
import type { Context } from '../context.js';
import { noSystemd, systemdRefused } from '../codes.js';
import { backendFor } from './backend.js';

/** How the loaded kernel was started, for as long as this one still runs. */
export type Started = 'by systemd';

export interface StartOptions {
  /** At once: nothing is asked, no service stops. */
  readonly now: boolean;
}

/**
 * Starts the loaded kernel: through systemd, which stops services and unmounts file systems first, or at once.
 * Returns only when systemd has taken over, or when it failed.
 */
export async function start(context: Context, { now }: StartOptions): Promise<Result<Started>> {
  const backend = backendFor(context);
  if (now) return backend.execute('normal');
  const status = await backend.status('normal');
  if (!status.ok) return status;
  // The backend's own words for it, where nothing is loaded: execute refuses before it does anything.
  if (!status.value.loaded) return backend.execute('normal');
  const can = await canStart(context, { now });
  return can.ok ? throughSystemd(context) : can;
}

/** Whether there is somebody to start it. */
export async function canStart(context: Context, { now }: StartOptions): Promise<Result<true>> {
  return now || (await hasSystemd(context)) ? ok(true) : fail(noSystemd());
}

/** sd_booted(3). */
export function hasSystemd({ system }: Context): Promise<boolean> {
  return stat(join(system.root, 'run/systemd/system')).then(
    (stats) => stats.isDirectory(),
    () => false, // it is not there, which is the answer
  );
}

async function throughSystemd({ system }: Context): Promise<Result<Started>> {
  const status = await system.runProgram('systemctl', ['kexec']);
  return status === 0 ? ok('by systemd') : fail(systemdRefused(status));
}
