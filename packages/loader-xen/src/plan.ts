import {
  type Diagnostic,
  type Facts,
  fail,
  hex,
  ok,
  type Plan,
  type PlanInput,
  range,
  type Result,
} from '@kexec-kit/loader-api';
import { planMultiboot, planMultiboot2 } from '@kexec-kit/multiboot-info';
import { type Bios, biosOf, biosPokes, checkTrampoline, ONE_MIB, saidOf, trampolineOf } from './bios.js';
import { noAcpi, protocolMissing } from './codes.js';
import { xenText } from './command-lines.js';
import type { XenImage } from './image.js';
import { checkDom0, modulesOf } from './modules.js';
import type { options } from './options.js';

type Input = PlanInput<typeof options>;

/** Xen takes 64 KiB of it for itself without asking, and believes what a BIOS left there. */
const LOW_MEMORY = range(0n, ONE_MIB);

/** Of the firmware's tables Xen takes none from its boot loader: what that means is said by XEN_NO_ACPI. */
const OWN_WORDS: readonly string[] = ['MULTIBOOT_NO_FIRMWARE_TABLES', 'MULTIBOOT2_INFORMATION_LEFT_OUT'];

/** Plans Xen by one version of Multiboot: image, dom0 and what goes with it, and what Xen wants to find below 1 MiB. */
export function plan(image: XenImage, input: Input): Result<Plan> {
  const { machine, options } = input;
  const bios = biosOf(machine, options.bios);
  const refused = checkDom0(options) ?? (bios.present ? undefined : checkTrampoline(machine.told));
  if (refused !== undefined) return fail(refused);
  const planned = planProtocol(image, input, bios);
  if (!planned.ok) return planned;
  const { value, diagnostics } = planned;
  const pokes = bios.present ? {} : { pokes: biosPokes, mappings: [range(0n, 0x1000n)] };
  const plan: Plan = {
    ...value,
    clobbers: [LOW_MEMORY],
    ...pokes,
    facts: [...(value.facts ?? []), ...facts(input, bios)],
  };
  const others = diagnostics.filter(({ code }) => !OWN_WORDS.includes(code));
  return ok(plan, [...others, ...remarks(input, bios)]);
}

function planProtocol(image: XenImage, input: Input, bios: Bios): Result<Plan> {
  const { source, body, multiboot, multiboot2 } = image;
  const { machine, purpose, options } = input;
  const { commandLine: text, reuseCommandLine: reuse, protocol } = options;
  const commandLine = xenText({ image: source.name, text, reuse, machine, purpose, realMode: bios.present });
  const { files, texts } = modulesOf(options);
  const given = { ...options, module: files, profile: 'xen' } as const;
  const told = { commandLine, modules: texts };
  if (multiboot2 !== undefined && protocol !== '1') {
    const kernel = { source, body, header: multiboot2, profile: 'xen', sections: undefined } as const;
    return planMultiboot2(kernel, { ...input, options: given }, told);
  }
  if (multiboot !== undefined && protocol !== '2')
    return planMultiboot({ source, body, header: multiboot }, { ...input, options: given }, told);
  const has = [...(multiboot === undefined ? [] : ['1']), ...(multiboot2 === undefined ? [] : ['2'])];
  return fail(protocolMissing(source.name, protocol ?? '', has));
}

function remarks({ machine: { firmware } }: Input, bios: Bios): Diagnostic[] {
  const { acpiRsdp, efi } = firmware;
  const isOut = acpiRsdp === undefined ? efi !== undefined : acpiRsdp >= ONE_MIB;
  return [...(bios.present ? [] : [saidOf(bios)]), ...(isOut ? [noAcpi(acpiRsdp)] : [])];
}

function facts({ machine, options }: Input, bios: Bios): Facts {
  const { files, texts } = modulesOf(options);
  const { start, end } = trampolineOf(machine.told);
  return [
    {
      title: 'Xen',
      fields: [
        ...files.map(({ name, size }, i) => ({
          name: `module ${i}`,
          value: `${name}, ${size} bytes: ${texts[i] ?? ''}`,
        })),
        { name: 'BIOS', value: `${bios.present ? 'yes' : 'no'}: ${bios.because}` },
        {
          name: 'trampoline',
          value: bios.present
            ? '64 KiB below what the BIOS left as the end of low memory'
            : `${hex(start)}-${hex(end)}`,
        },
      ],
    },
  ];
}
