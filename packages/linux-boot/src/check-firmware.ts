import type { Diagnostic, Machine } from '@kexec-kit/loader-api';
import { EDD_ENTRY_SIZE } from './boot-params.js';
import { machineField } from './codes.js';
import { BootParams } from './generated/boot-params.js';

const MAX_EDD_ENTRIES = 6;
const MAX_MBR_SIGNATURES = 16;

/**
 * What in a machine cannot be written into boot_params. A machine may have been typed by hand:
 * that it has the right shape is known here, that its numbers fit is not.
 */
export function checkFirmware({ firmware, told }: Machine): Diagnostic[] {
  const { edd, efi } = firmware;
  return [
    ...hexBytes('firmware.screen.screenInfo', firmware.screen?.screenInfo, BootParams.at.screen_info.size),
    ...(edd?.entries ?? []).flatMap((entry, i) =>
      hexBytes(`firmware.edd.entries[${i}]`, entry, EDD_ENTRY_SIZE),
    ),
    ...atMost('firmware.edd.entries', edd?.entries.length, MAX_EDD_ENTRIES),
    ...atMost('firmware.edd.mbrSignatures', edd?.mbrSignatures.length, MAX_MBR_SIGNATURES),
    ...(edd?.mbrSignatures ?? []).flatMap((value, i) => fits(`firmware.edd.mbrSignatures[${i}]`, value, 32)),
    ...fits('firmware.hardwareSubarch', firmware.hardwareSubarch, 32),
    ...fits('firmware.acpiRsdp', firmware.acpiRsdp, 64),
    ...(efi === undefined
      ? []
      : EFI_ADDRESSES.flatMap((name) => fits(`firmware.efi.${name}`, efi[name], 64))),
    ...(efi?.runtimeMap ?? []).flatMap((descriptor, i) => [
      ...fits(`firmware.efi.runtimeMap[${i}].type`, descriptor.type, 32),
      ...EFI_DESCRIPTOR_WIDE.flatMap((name) =>
        fits(`firmware.efi.runtimeMap[${i}].${name}`, descriptor[name], 64),
      ),
    ]),
    ...told.flatMap(({ start, end }, i) => [
      ...fits(`told[${i}].start`, start, 64),
      ...fits(`told[${i}].end`, end - start, 64),
    ]),
  ];
}

const EFI_ADDRESSES = ['systemTable', 'vendor', 'runtime', 'configurationTable', 'smbios'] as const;
const EFI_DESCRIPTOR_WIDE = ['physicalStart', 'virtualStart', 'numberOfPages', 'attribute'] as const;

function hexBytes(field: string, text: string | undefined, size: number): Diagnostic[] {
  if (text === undefined || (text.length === 2 * size && /^[0-9a-f]*$/.test(text))) return [];
  return [machineField(field, `${text.length} characters`, `${2 * size} lower-case hexadecimal digits`)];
}

function atMost(field: string, count: number | undefined, limit: number): Diagnostic[] {
  return count === undefined || count <= limit
    ? []
    : [machineField(field, String(count), `at most ${limit}`)];
}

function fits(field: string, value: number | bigint | undefined, bits: 32 | 64): Diagnostic[] {
  const whole = value === undefined || typeof value === 'bigint' || Number.isSafeInteger(value);
  if (whole && BigInt.asUintN(bits, BigInt(value ?? 0)) === BigInt(value ?? 0)) return [];
  return [machineField(field, String(value), `a whole number of ${bits} bits`)];
}
