import type { LinuxStatus } from '@kexec-kit/backend-linux';
import { ok, type Diagnostic, type Purpose, type Result } from '@kexec-kit/loader-api';
import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { backendFor } from '../load/backend.js';
import { ago, callOf, kernelOf } from '../load/words.js';
import { finish } from '../report.js';
import { humanSize } from '../size.js';
import { printable } from '../terminal.js';
import { flag } from '../values.js';

type Both = Readonly<Record<Purpose, LinuxStatus>>;

export async function status(context: Context, { values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const both = await readBoth(context);
  if (!both.ok) return finish(context, json, undefined, both.diagnostics);
  const { normal, crash } = both.value;
  const isUnread = both.diagnostics.some(({ code }) => code === 'LINUX_RECORD_UNREAD');
  if (!json) context.stdout.write(describe('normal', normal, isUnread) + describe('crash', crash, isUnread));
  return finish(context, json, { normal, crash }, both.diagnostics);
}

async function readBoth(context: Context): Promise<Result<Both>> {
  const backend = backendFor(context);
  const normal = await backend.status('normal');
  if (!normal.ok) return normal;
  const crash = await backend.status('crash');
  // A kernel built without crash dumps says nothing of them: then none is loaded.
  if (!crash.ok && crash.diagnostics[0].code !== 'LINUX_NO_KEXEC') return crash;
  const value = { normal: normal.value, crash: crash.ok ? crash.value : { loaded: false } };
  return ok(value, [
    ...normal.diagnostics,
    ...(crash.ok ? crash.diagnostics : crash.diagnostics.map(asInfo)),
  ]);
}

function asInfo(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'info' };
}

function describe(purpose: Purpose, { loaded, record }: LinuxStatus, isUnread: boolean): string {
  const title = `${kernelOf[purpose]}:`.padEnd(14);
  if (!loaded) return `${title}none is loaded\n`;
  if (record === undefined)
    return `${title}loaded, ${isUnread ? 'by whom is not known' : 'not by kexec-kit'}\n`;
  const { loader, method, loadedAt, sources } = record;
  const seconds = Math.max(0, (Date.now() - Date.parse(loadedAt)) / 1000);
  const how = `loaded ${ago(seconds)} (${loadedAt}) by ${callOf[method]}, loader ${loader.name} ${loader.version}`;
  const files = sources.map(({ name, size }) => `  ${printable(name)}, ${humanSize(BigInt(size))}\n`);
  return `${title}${how}\n${files.join('')}`;
}
