import {
  BOOT_PARAMS,
  composeCommandLine,
  linuxHandover,
  XLF_EFI_KEXEC,
  XLF_KERNEL_64,
} from '@kexec-kit/linux-boot';
import {
  addressOf,
  type Diagnostic,
  fail,
  ok,
  type Plan,
  type PlanInput,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import { no64BitEntry, protocolTooOld, purposeNotSupported, runningKernel } from './codes.js';
import type { BzImage } from './image.js';
import type { options } from './options.js';
import {
  addressEnd,
  checkInitrdRoom,
  checkNeeds,
  ENTRY_64,
  initrdEnd,
  kernelMemory,
  kernelPlacements,
  leastAlignment,
  type Needs,
  needsOf,
} from './placement.js';

type Input = PlanInput<typeof options>;
const KERNEL = 'kernel';

/** Plans the 64-bit entry (Documentation/arch/x86/boot.rst, "64-bit Boot Protocol"). */
export function plan(image: BzImage, input: Input): Result<Plan> {
  const needs = needsOf(image.header);
  if (needs === undefined) return fail(protocolTooOld(image.source.name, image.header.version));
  const refused = refuse(image, needs, input);
  if (refused !== undefined) return fail(refused);

  const handover = linuxHandover(handoverInput(image, needs, input));
  if (!handover.ok) return handover;
  const { segments, facts } = handover.value;
  return ok(
    {
      // The kernel has the narrowest choice, so that it chooses first.
      segments: [kernelSegment(image, needs), ...segments],
      handoff: {
        mode: 'long64',
        entry: addressOf(KERNEL, BigInt(ENTRY_64)),
        registers: { rsi: addressOf(BOOT_PARAMS) },
      },
      facts,
    },
    handover.diagnostics,
  );
}

function refuse(image: BzImage, needs: Needs, { machine, purpose, options }: Input): Diagnostic | undefined {
  if (purpose !== 'normal') return purposeNotSupported(purpose);
  if ((needs.xloadflags & XLF_KERNEL_64) === 0) return no64BitEntry(image.source.name, needs.xloadflags);
  if (machine.architecture !== 'x86_64') return runningKernel(machine.architecture);
  const wrong = checkNeeds(image, needs);
  return wrong === undefined && options.initrd.length > 0 ? checkInitrdRoom(image, needs) : wrong;
}

function handoverInput(image: BzImage, needs: Needs, input: Input): Parameters<typeof linuxHandover>[0] {
  const { machine, policy, purpose, options } = input;
  return {
    header: image.headerBytes,
    machine,
    policy,
    commandLine: composeCommandLine({
      text: options.commandLine,
      reuse: options.reuseCommandLine,
      running: machine.commandLine,
      purpose,
    }),
    commandLineLimit: needs.cmdline_size,
    initrds: options.initrd,
    addressEnd: addressEnd(needs),
    initrdEnd: initrdEnd(needs),
    kernelTakesEfi: (needs.xloadflags & XLF_EFI_KEXEC) !== 0,
    kernelAlignment: leastAlignment(needs),
  };
}

function kernelSegment(image: BzImage, needs: Needs): Segment {
  return {
    id: KERNEL,
    parts: [{ source: image.source.id, ...image.kernel }],
    memorySize: kernelMemory(image, needs),
    placements: kernelPlacements(needs),
    why: 'the protected-mode code, and the memory it unpacks itself into (init_size)',
  };
}
