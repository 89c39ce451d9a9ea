import { fail, ok } from '@kexec-kit/loader-api';
import type {
  AnyLoader,
  AnyOptions,
  Diagnostic,
  Machine,
  OptionSpec,
  PlanInput,
  Policy,
  Purpose,
  Result,
} from '@kexec-kit/loader-api';
import { architectureUnsupported, purposeUnsupported } from './codes.js';
import { refusePort } from './console.js';
import { decodeOptions } from './options.js';
import type { Opened, PlanRequest } from './pipeline.js';
import { withTextScreen } from './screen.js';

/** What holds when nobody says otherwise. */
export const DEFAULT_POLICY: Policy = { efi: true, video: 'auto', console: { serial: { port: 0x3f8 } } };

/**
 * What a loader is told when it plans, in either way: asked is whether it supports purpose and architecture, the options are
 * decoded, and what was not said has its default.
 */
export function planInput(
  { loader, presets }: Opened,
  { machine, purpose = 'normal', files, options: given = {}, policy: asked }: PlanRequest,
): Result<PlanInput<OptionSpec> & { readonly options: AnyOptions }> {
  const unsupported = refuseUnsupported(loader, purpose, machine);
  if (unsupported !== undefined) return fail(unsupported);
  const spec = loader.options as OptionSpec;
  const decoded = decodeOptions(spec, given, { loader: loader.name, presets, ...(files && { files }) });
  if (!decoded.ok) return decoded;
  const policy = { ...DEFAULT_POLICY, ...asked };
  const badPort = refusePort(policy.console.serial);
  if (badPort !== undefined) return fail(badPort);
  return ok({
    machine: policy.resetVga === true ? withTextScreen(machine) : machine,
    purpose,
    policy,
    options: decoded.value as PlanInput<OptionSpec>['options'] & AnyOptions,
  });
}

function refuseUnsupported(
  { name, supports }: AnyLoader,
  purpose: Purpose,
  machine: Machine,
): Diagnostic | undefined {
  if (!supports.purposes.includes(purpose)) return purposeUnsupported(name, purpose, supports.purposes);
  if (!supports.architectures.includes(machine.architecture)) {
    return architectureUnsupported(name, machine.architecture, supports.architectures);
  }
  return undefined;
}
