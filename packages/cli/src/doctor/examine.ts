import type { GivenOptions, Opened } from '@kexec-kit/core';
import { linkPlanned, linuxTarget, plan, planFile } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  fail,
  ok,
  type Architecture,
  type Machine,
  type OptionSpec,
  type Result,
  type Source,
  type SourceBytes,
  type SourceId,
} from '@kexec-kit/loader-api';
import { readLoadFacts, readMachine, readSurroundings } from '@kexec-kit/machine';
import type { Values } from '../commands.js';
import type { Context } from '../context.js';
import { readAndOpen } from '../image.js';
import { loaderOptions, readFiles, withoutArguments } from '../inputs.js';
import { foreignOptions } from '../loader-options.js';
import { methodOf } from '../load/method.js';
import { purposeOf } from '../load/purpose.js';
import { policyOf } from '../policy.js';
import { readSnapshot } from '../snapshot.js';
import { text } from '../values.js';
import type { PlannedImage, Plans, Situation } from './situation.js';
import { both } from './verdict.js';

const callerAbi: Architecture = process.arch === 'ia32' ? 'i386' : 'x86_64';

/** Looks at the machine, or at a snapshot of one, and plans what is to be loaded. Changes nothing. */
export async function examine(
  context: Context,
  file: string | undefined,
  values: Values,
): Promise<Result<Situation>> {
  const around = await lookAround(context, text(values, 'machine'));
  if (!around.ok) return around;
  const method = methodOf(values);
  const situation: Situation = {
    ...around.value,
    purpose: purposeOf(values),
    policy: policyOf(values),
    wanted: method === 'auto' ? both : [method],
    callerAbi,
  };
  if (file === undefined) return ok(situation);
  const image = await planImage(context, file, values, situation);
  return image.ok ? ok({ ...situation, image: image.value }, image.diagnostics) : image;
}

type Around = Pick<Situation, 'facts' | 'surroundings' | 'machine'>;

/** A snapshot that cannot be read is a failure; this machine, where it cannot be read, is a finding. */
async function lookAround({ system }: Context, snapshot: string | undefined): Promise<Result<Around>> {
  if (snapshot !== undefined) {
    const machine = await readSnapshot(snapshot);
    return machine.ok ? ok({ facts: {}, machine }) : machine;
  }
  const [facts, surroundings, machine] = await Promise.all([
    readLoadFacts(system),
    readSurroundings(system),
    readMachine(system),
  ]);
  return ok({ facts, surroundings, machine });
}

async function planImage(
  context: Context,
  file: string,
  values: Values,
  situation: Situation,
): Promise<Result<PlannedImage>> {
  const opened = await readAndOpen(context, file, text(values, 'type'));
  if (!opened.ok) return opened;
  const { loader, facts, detail, image } = opened.value;
  const [foreign, ...more] = foreignOptions('doctor', loader, context.discover(), values);
  if (foreign !== undefined) return fail(foreign, ...more);
  const spec = loader.options as OptionSpec;
  const options = loaderOptions(spec, values);
  const files = await readFiles(context, spec, options);
  if (!files.ok) return files;
  const { machine } = situation;
  const plans = machine.ok
    ? plansOn(
        withoutArguments(machine.value, values),
        opened.value,
        { options, files: files.value },
        situation,
      )
    : undefined;
  // The running kernel verifies PE images: a loader names their certificates as the specification does.
  const isSigned = facts.some(({ fields }) => fields.some(({ name }) => name === 'certificates'));
  return ok({ name: image.name, detail, isSigned, ...(plans && { plans }) }, opened.diagnostics);
}

interface Given {
  readonly options: GivenOptions;
  readonly files: ReadonlyMap<SourceId, Source | SourceBytes>;
}

function plansOn(machine: Machine, opened: Opened, given: Given, { purpose, policy }: Situation): Plans {
  const request = { machine, ...given, purpose, policy };
  const sources = [...given.files.values()];
  const planned = plan(opened, request);
  const target = linuxTarget(machine.architecture, callerAbi);
  return {
    segments: planned.ok ? linkPlanned(planned.value, { target, engines: nodeEngines, sources }) : planned,
    file: planFile(opened, { ...request, engines: nodeEngines, sources }),
  };
}
