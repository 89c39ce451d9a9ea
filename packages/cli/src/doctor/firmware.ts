import type { Situation } from './situation.js';
import { fine, note, unknown, warning, type Check, type Verdict } from './verdict.js';

const acpi: Check = {
  code: 'DOCTOR_ACPI',
  title: 'ACPI',
  judge: ({ machine, surroundings, policy }) => {
    if (!machine.ok) return unknown('not read');
    const { acpiRsdp, efi } = machine.value.firmware;
    if (acpiRsdp !== undefined) return fine('the next kernel is told where the tables are');
    if (efi !== undefined && policy.efi !== false)
      return fine('the next kernel finds the tables through EFI');
    if (efi !== undefined || surroundings?.efi === true)
      return warning(
        'the next kernel is not told where the ACPI tables of this EFI machine are',
        'it finds none: no power-off, few interrupts, often no boot',
      );
    return surroundings === undefined
      ? unknown('the snapshot does not say')
      : fine('the next kernel finds the tables where a BIOS puts them');
  },
};

type Fate =
  /** What the firmware has set up goes on. */
  | 'stays'
  /** Dark until the next kernel's driver has started. */
  | 'returns'
  /** The same, and on some machines it stays dark. */
  | 'risky'
  /** Often it does not come back at all. */
  | 'lost';

/** By the driver's name in /sys/class/drm/cardN/device/uevent. Others are not known. */
const FATES: ReadonlyMap<string, Fate> = new Map(
  Object.entries({
    stays: 'simple-framebuffer efi-framebuffer vesa-framebuffer simpledrm efidrm vesadrm',
    returns: 'ast bochs-drm cirrus cirrus-qemu hyperv_drm mgag200 qxl vboxvideo virtio-pci virtio_gpu vmwgfx',
    risky: 'i915 xe',
    lost: 'amdgpu nouveau nvidia nvidia-drm radeon',
  } satisfies Record<Fate, string>).flatMap(([fate, names]) =>
    names.split(' ').map((name) => [name, fate as Fate] as const),
  ),
);

const screen: Check = {
  code: 'DOCTOR_SCREEN',
  title: 'screen',
  judge: (situation) => {
    const { graphics } = situation.surroundings ?? {};
    if (graphics === undefined) return unknown('what drives the screen is not known');
    const drivers = graphics.filter((name) => FATES.get(name) !== 'stays');
    return drivers.length === 0 ? undriven(situation) : driven(drivers);
  },
};

function driven(drivers: readonly string[]): Verdict {
  const names = drivers.join(' and ');
  const finding = `${names} ${drivers.length === 1 ? 'drives' : 'drive'} the screen`;
  const fates = new Set(drivers.map((name) => FATES.get(name)));
  if (fates.has('lost'))
    return warning(finding, 'it often stays dark after kexec, though the next kernel runs');
  if (fates.has('risky'))
    return warning(
      finding,
      'it is dark until the next kernel has started it, too, and on some machines longer',
    );
  return fates.has(undefined)
    ? warning(finding, 'whether it comes back after kexec is not known')
    : note(finding, 'it is dark until the next kernel has started that driver, too');
}

function undriven({ machine, surroundings }: Situation): Verdict {
  const framebuffers = surroundings?.framebuffers ?? [];
  if (framebuffers.length === 0) return fine('no framebuffer is in use');
  return machine.ok && machine.value.firmware.screen === undefined
    ? warning(
        `how the firmware has set up the screen (${framebuffers.join(', ')}) is not known`,
        'it is dark until the next kernel has started a driver of its own',
      )
    : fine(`what the firmware has set up (${framebuffers.join(', ')}) goes on`);
}

/** What the firmware has left, and the next kernel wants. */
export const firmwareChecks: readonly Check[] = [acpi, screen];
