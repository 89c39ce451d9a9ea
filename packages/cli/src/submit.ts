import type { Guest } from '@kexec-kit/backend-qemu';
import { linkPlanned, plan, type Opened } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  ok,
  type HandoffMode,
  type Machine,
  type OptionSpec,
  type Result,
  type SegmentsSubmission,
  type Target,
} from '@kexec-kit/loader-api';
import type { Values } from './commands.js';
import type { Context } from './context.js';
import { purposeOf } from './load/purpose.js';
import { policyOf } from './policy.js';
import { loaderOptions, readFiles, withoutArguments } from './inputs.js';

/** A submission, the image that it starts, and the place it was made for. */
export interface Submitted {
  readonly submission: SegmentsSubmission;
  readonly opened: Opened;
  readonly place: Place;
}

/** A machine to plan for, and how it hands over. */
export interface Place {
  readonly machine: Machine;
  readonly target: Target;
  /** The guest that is this machine, if it is one. */
  readonly guest?: Guest;
  /** A better place for an image that is entered in this mode, where there is one. */
  readonly otherwise?: (mode: HandoffMode) => Promise<Result<Place>> | undefined;
}

export interface SubmitRequest {
  readonly opened: Opened;
  readonly place: Place;
  readonly values: Values;
}

/** From an opened image to a submission: reads the files that its options name, plans, links. */
export async function submit(
  context: Context,
  { opened, place: first, values }: SubmitRequest,
): Promise<Result<Submitted>> {
  const spec = opened.loader.options as OptionSpec;
  const options = loaderOptions(spec, values);
  const files = await readFiles(context, spec, options);
  if (!files.ok) return files;
  const planOn = ({ machine }: Place) =>
    plan(opened, {
      machine: withoutArguments(machine, values),
      options,
      files: files.value,
      purpose: purposeOf(values),
      policy: policyOf(values),
    });
  const tried = planOn(first);
  if (!tried.ok) return tried;
  const better = await first.otherwise?.(tried.value.plan.handoff.mode);
  if (better?.ok === false) return better;
  const place = better?.value ?? first;
  const planned = better === undefined ? tried : planOn(place);
  if (!planned.ok) return planned;
  const sources = files.value.values();
  const linked = linkPlanned(planned.value, { target: place.target, engines: nodeEngines, sources });
  return linked.ok ? ok({ submission: linked.value, opened, place }, linked.value.diagnostics) : linked;
}
