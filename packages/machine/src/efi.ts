import {
  fail,
  ok,
  PAGE_SIZE,
  toIndex,
  type Address,
  type EfiMemoryDescriptor,
  type EfiSystem,
  type Result,
} from '@kexec-kit/loader-api';
import type { BootParams } from './boot-params.js';
import { efiIncomplete } from './codes.js';
import { parseDecimal, parseHex } from './text.js';

/** The text of the files in /sys/firmware/efi; undefined is a file that is not there. */
export interface EfiFiles {
  readonly platformSize: string | undefined;
  readonly vendor: string | undefined;
  readonly runtime: string | undefined;
  readonly configurationTable: string | undefined;
  readonly systab: string | undefined;
  readonly runtimeMap: readonly RuntimeMapFiles[];
}

/** The five files of one directory in /sys/firmware/efi/runtime-map. */
export interface RuntimeMapFiles {
  readonly type: string | undefined;
  readonly physicalStart: string | undefined;
  readonly virtualStart: string | undefined;
  readonly numberOfPages: string | undefined;
  readonly attribute: string | undefined;
}

/** A firmware splits its runtime memory into tens of descriptors; the kernel merges them. */
const MAX_DESCRIPTORS = 4096;

/**
 * Puts together what the next kernel needs to go on using EFI. All or nothing: half of it would crash the next kernel in
 * its first call, so anything missing means that EFI is not handed on.
 */
export function parseEfi(files: EfiFiles, bootParams: BootParams['efi']): Result<EfiSystem> {
  const bits = parseDecimal(files.platformSize, 64);
  const vendor = parseHex(files.vendor);
  const runtime = parseHex(files.runtime);
  const configurationTable = parseHex(files.configurationTable);
  const smbios = parseSystab(files.systab ?? '').smbios;
  if (bootParams === undefined) return fail(efiIncomplete('boot_params.efi_info', undefined));
  if (bits !== bootParams.bits) return fail(efiIncomplete('fw_platform_size', files.platformSize));
  if (vendor === undefined) return fail(efiIncomplete('fw_vendor', files.vendor));
  if (runtime === undefined) return fail(efiIncomplete('runtime', files.runtime));
  if (configurationTable === undefined) return fail(efiIncomplete('config_table', files.configurationTable));
  const runtimeMap = parseRuntimeMap(files.runtimeMap);
  if (!runtimeMap.ok) return runtimeMap;
  return ok({
    ...bootParams,
    vendor,
    runtime: physical(runtime, runtimeMap.value),
    configurationTable,
    ...(smbios === undefined ? {} : { smbios }),
    runtimeMap: runtimeMap.value,
  });
}

/**
 * The firmware has replaced its pointer to the runtime services by a virtual one: a kernel that was started by another shows
 * that, and one before Linux 5.7 that is handed it takes it for physical and crashes.
 */
function physical(address: Address, map: readonly EfiMemoryDescriptor[]): Address {
  const at = map.find(
    ({ virtualStart, numberOfPages }) =>
      virtualStart <= address && address < virtualStart + numberOfPages * PAGE_SIZE,
  );
  return at === undefined ? address : at.physicalStart + (address - at.virtualStart);
}

function parseRuntimeMap(entries: readonly RuntimeMapFiles[]): Result<EfiMemoryDescriptor[]> {
  if (entries.length === 0 || entries.length > MAX_DESCRIPTORS) {
    return fail(efiIncomplete('runtime-map', `${String(entries.length)} descriptors`));
  }
  const map: EfiMemoryDescriptor[] = [];
  for (const [index, files] of entries.entries()) {
    const descriptor = parseDescriptor(files);
    if (descriptor === undefined)
      return fail(efiIncomplete(`runtime-map/${String(index)}`, JSON.stringify(files)));
    map.push(descriptor);
  }
  return ok(map);
}

function parseDescriptor(files: RuntimeMapFiles): EfiMemoryDescriptor | undefined {
  const type = parseHex(files.type);
  const physicalStart = parseHex(files.physicalStart);
  const virtualStart = parseHex(files.virtualStart);
  const numberOfPages = parseHex(files.numberOfPages);
  const attribute = parseHex(files.attribute);
  if (type === undefined || type > 0xffff_ffffn) return undefined;
  if (physicalStart === undefined || virtualStart === undefined) return undefined;
  if (numberOfPages === undefined || attribute === undefined) return undefined;
  return { type: toIndex(type, 0xffff_ffff), physicalStart, virtualStart, numberOfPages, attribute };
}

/**
 * Reads /sys/firmware/efi/systab: one `NAME=0x…` a line. ACPI 2.0's pointer beats ACPI 1.0's.
 *
 * @example
 * ```ts
 * parseSystab('ACPI20=0x1f77e014\nSMBIOS=0x1f518000\n'); // { acpiRsdp: 0x1f77e014n, smbios: 0x1f518000n }
 * ```
 */
export function parseSystab(text: string): { readonly acpiRsdp?: Address; readonly smbios?: Address } {
  const pointer = (name: string) => parseHex(new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]);
  const acpiRsdp = pointer('ACPI20') ?? pointer('ACPI');
  const smbios = pointer('SMBIOS');
  return { ...(acpiRsdp === undefined ? {} : { acpiRsdp }), ...(smbios === undefined ? {} : { smbios }) };
}
