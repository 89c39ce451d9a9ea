import { writePrivately } from '@kexec-kit/host-node';
import { ok } from '@kexec-kit/loader-api';
import { readMachine, redact, serializeMachine } from '@kexec-kit/machine';
import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { finish } from '../report.js';
import { flag, text } from '../values.js';

export async function machine(context: Context, { values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const output = text(values, 'output');
  const read = await readMachine(context.system);
  if (!read.ok) return finish(context, json, undefined, read.diagnostics);
  const snapshot = serializeMachine(flag(values, 'redact') ? redact(read.value) : read.value);
  const written = output === undefined ? ok(true as const) : await writePrivately(output, snapshot);
  if (!written.ok) return finish(context, json, undefined, written.diagnostics);
  if (output === undefined && !json) context.stdout.write(snapshot);
  const result = { machine: JSON.parse(snapshot) as unknown, ...(output === undefined ? {} : { output }) };
  return finish(context, json, result, read.diagnostics);
}
