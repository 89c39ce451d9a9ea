import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { backendFor } from '../load/backend.js';
import { purposeOf } from '../load/purpose.js';
import { kernelOf } from '../load/words.js';
import { finish } from '../report.js';
import { flag } from '../values.js';

export async function unload(context: Context, { values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const purpose = purposeOf(values);
  const backend = backendFor(context);
  const may = await backend.available();
  if (!may.ok) return finish(context, json, undefined, may.diagnostics);
  const unloaded = await backend.unload(purpose);
  if (!unloaded.ok) return finish(context, json, undefined, unloaded.diagnostics);
  if (!json) context.stdout.write(`no ${kernelOf[purpose]} is loaded any more\n`);
  return finish(context, json, { purpose }, unloaded.diagnostics);
}
