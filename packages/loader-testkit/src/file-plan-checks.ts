import type { AnyLoader, FilePlan, Machine, Policy, Purpose, Result } from '@kexec-kit/loader-api';
import { demand, total } from './assert.js';
import type { Check, Kit } from './checks.js';
import { damaged } from './damage.js';
import { copy, demandPlain, freeze, same } from './data.js';
import { demandDiagnostics } from './diagnostic-rules.js';
import { load, mustLoad } from './load-checks.js';
import { optionsFor, sourceSizes, type Sample } from './sample.js';

const POLICY: Policy = { efi: true, video: 'auto', console: {} };

/** `planFile` says what the running kernel is to load by itself: files that were given, and a command line that it can take. */
export function* filePlanChecks(kit: Kit): Generator<Check> {
  const { loader } = kit;
  if (loader.planFile === undefined) return;
  for (const sample of kit.accepts) {
    const name = `${loader.name}: planFile names what was given, the same each time: ${sample.name}`;
    yield {
      id: 'file-plan.given',
      name,
      run: () => {
        everyCase(kit, (machine, purpose) => {
          const found = planFile(loader, sample, machine, purpose);
          demand(
            same(found, planFile(loader, sample, machine, purpose)),
            'planFile gives something else the second time',
          );
          if (found.ok) demandFilePlan(found.value, sample);
        });
      },
    };
    yield {
      id: 'file-plan.total',
      name: `${loader.name}: planFile answers, whatever survives damage: ${sample.name}`,
      run: () => {
        const [machine] = Object.values(kit.machines);
        if (machine === undefined) return;
        for (const { what, bytes } of damaged(sample.bytes)) {
          const copied = { ...sample, name: `${sample.name} ${what}`, bytes };
          if (load(loader, copied).ok) planFile(loader, copied, machine, 'normal');
        }
      },
    };
  }
}

/** Also those on which nothing finds a place: the running kernel places, not the loader. */
function everyCase({ machines }: Kit, run: (machine: Machine, purpose: Purpose) => void): void {
  for (const machine of Object.values(machines))
    for (const purpose of ['normal', 'crash'] as const) run(machine, purpose);
}

function planFile(loader: AnyLoader, sample: Sample, machine: Machine, purpose: Purpose): Result<FilePlan> {
  const image = mustLoad(loader, sample);
  const options = freeze(copy(optionsFor(loader, sample.options)));
  const before = sample.bytes.slice();
  const found = total('planFile', () =>
    loader.planFile?.(image, { machine, purpose, policy: POLICY, options }),
  );
  demand(found !== undefined, 'planFile gives nothing');
  demand(same(before, sample.bytes), 'planFile writes into the bytes of the image');
  demandDiagnostics(found, loader, sample.bytes.length, 'planFile');
  return found;
}

function demandFilePlan(plan: FilePlan, sample: Sample): void {
  demandPlain(plan, 'what planFile gives');
  const { commandLine, initrds } = plan;
  demand(
    typeof commandLine === 'string' && !/[\0\n]/.test(commandLine),
    'the command line of planFile is no line of text',
  );
  const given = sourceSizes(sample);
  for (const id of initrds)
    demand(
      id !== 'image' && given.has(id),
      `planFile names the initrd ${JSON.stringify(id)}, which nobody gave`,
    );
  demand(new Set(initrds).size === initrds.length, 'planFile names an initrd twice');
}
