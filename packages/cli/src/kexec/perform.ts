import { readMachine } from '@kexec-kit/machine';
import { sizeOf, type Result } from '@kexec-kit/loader-api';
import type { Context } from '../context.js';
import { backendFor } from '../load/backend.js';
import { load } from '../load/load.js';
import { show } from '../load/show.js';
import { report } from '../report.js';
import { flag } from '../values.js';
import { exitOf, KEXEC_EXIT } from './exit.js';
import { takeInterfacesDown } from './interfaces.js';
import type { Deed, Request } from './request.js';
import { shutDown } from './shut-down.js';

/** What is not said but done. */
type Doing = Exclude<Deed, 'help' | 'version'>;

const deeds: Readonly<Record<Doing, (context: Context, request: Request) => Promise<number>>> = {
  'print-ckr-size': printCrashSize,
  status,
  unload,
  exec: execute,
  load: loadOne,
  'load-and-exec': async (context, request) => (await loadOne(context, request)) || execute(context, request),
  'load-and-shut-down': async (context, request) =>
    (await loadOne(context, request)) || conclude(context, request, await shutDown(context)),
};

/** Does what a command line asks for. As kexec(8), it says nothing where all goes well. */
export function perform(context: Context, deed: Doing, request: Request): Promise<number> {
  warnOfOperands(context, request);
  return deeds[deed](context, request);
}

/** Who names a file expects something of it. */
function warnOfOperands({ stderr }: Context, { deed, operands }: Request): void {
  const isLoad = deed === 'load' || deed === 'load-and-exec' || deed === 'load-and-shut-down';
  if (!isLoad && operands.length > 0)
    stderr.write(`kexec: ${operands.join(' ')} is not looked at: nothing is loaded\n`);
}

function conclude(context: Context, { method }: Request, result: Result<unknown>): number {
  report(context, result.diagnostics);
  return result.ok ? KEXEC_EXIT.done : exitOf(result, method === 'file');
}

async function printCrashSize(context: Context, request: Request): Promise<number> {
  const machine = await readMachine({ root: context.system.root });
  if (!machine.ok) return conclude(context, request, machine);
  const highest = machine.value.crashKernel.at(-1);
  context.stdout.write(`${String(highest === undefined ? 0n : sizeOf(highest))}\n`);
  return KEXEC_EXIT.done;
}

async function status(context: Context, request: Request): Promise<number> {
  const known = await backendFor(context).status(request.purpose);
  if (!known.ok) return conclude(context, request, known);
  return known.value.loaded ? KEXEC_EXIT.loaded : KEXEC_EXIT.done;
}

async function unload(context: Context, request: Request): Promise<number> {
  const { purpose, method } = request;
  const backend = backendFor(context);
  return conclude(context, request, await backend.unload(purpose, method === 'auto' ? undefined : method));
}

async function loadOne(context: Context, request: Request): Promise<number> {
  const { operands, method, purpose, values } = request;
  const [file, extra] = operands;
  const { stderr } = context;
  if (file === undefined) {
    stderr.write('kexec: no FILE to load was given\n  hint:   "kexec --help" shows how\n');
    return KEXEC_EXIT.failed;
  }
  if (extra !== undefined) {
    stderr.write(`kexec: "${extra}" is one FILE too many\n  hint:   put a value with blanks in quotes\n`);
    return KEXEC_EXIT.refused;
  }
  const may = await backendFor(context).available();
  if (!may.ok) return conclude(context, request, may);
  const loaded = await load(context, { file, method, purpose, values });
  if (loaded.ok && flag(values, 'verbose')) show(stderr, loaded.value, true);
  return conclude(context, request, loaded);
}

async function execute(context: Context, request: Request): Promise<number> {
  const backend = backendFor(context);
  const { sync, ifdown } = request;
  const may = await backend.status('normal');
  if (may.ok && may.value.loaded && ifdown) await takeInterfacesDown(context);
  return conclude(context, request, await backend.execute('normal', { sync }));
}
