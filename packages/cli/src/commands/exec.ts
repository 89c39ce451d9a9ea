import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { start } from '../load/start.js';
import { finish } from '../report.js';
import { flag } from '../values.js';

export async function exec(context: Context, { values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const started = await start(context, { now: flag(values, 'now') });
  if (!started.ok) return finish(context, json, undefined, started.diagnostics);
  if (!json) context.stdout.write('systemd stops the services, then starts the loaded kernel\n');
  return finish(context, json, { started: 'systemd' }, started.diagnostics);
}
