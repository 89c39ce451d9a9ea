import type { Plan, PlanInput, Result } from '@kexec-kit/loader-api';
import { kernelText, moduleString, type Multiboot2Kernel, planMultiboot2 } from '@kexec-kit/multiboot-info';
import type { options } from './options.js';

type Input = PlanInput<typeof options>;

/** Plans a Multiboot2 kernel: its command line and its modules' texts begin with their files' names. */
export function plan(image: Multiboot2Kernel, input: Input): Result<Plan> {
  const { machine, purpose, options } = input;
  const { commandLine: text, reuseCommandLine: reuse, module } = options;
  const commandLine = kernelText({ image: image.source.name, text, reuse, machine, purpose });
  return planMultiboot2(image, input, { commandLine, modules: module.map(moduleString) });
}
