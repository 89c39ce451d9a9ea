import type { Plan, PlanInput, Result } from '@kexec-kit/loader-api';
import { kernelText, moduleString, type MultibootKernel, planMultiboot } from '@kexec-kit/multiboot-info';
import type { options } from './options.js';

type Input = PlanInput<typeof options>;

/** Plans a Multiboot kernel: its command line and its modules' texts begin with their files' names. */
export function plan(image: MultibootKernel, input: Input): Result<Plan> {
  const { machine, purpose, options } = input;
  const { commandLine: text, reuseCommandLine: reuse, module } = options;
  const commandLine = kernelText({ image: image.source.name, text, reuse, machine, purpose });
  return planMultiboot(image, input, { commandLine, modules: module.map(moduleString) });
}
