import type { Address, Diagnostic, EddInfo, EfiSystem, Firmware } from '@kexec-kit/loader-api';
import { parseBootParams, type BootParams } from './boot-params.js';
import { fileMissing } from './codes.js';
import { parseEddDisk, type EddDisk } from './edd.js';
import { parseEfi, parseSystab } from './efi.js';
import { take } from './take.js';
import type { Tree } from './tree.js';

const BOOT_PARAMS = '/sys/kernel/boot_params/data';
const EFI = '/sys/firmware/efi';
const EDD = '/sys/firmware/edd';

/** What the firmware left behind. Nothing here stops a kexec: what is missing is a diagnostic, and absent. */
export async function readFirmware(tree: Tree, diagnostics: Diagnostic[]): Promise<Firmware> {
  const bytes = await tree.bytes(BOOT_PARAMS);
  if (bytes === undefined) {
    diagnostics.push(fileMissing(BOOT_PARAMS, 'screen, EFI and hardware_subarch are not known'));
  }
  const bootParams = bytes && take(parseBootParams(bytes), diagnostics);
  const acpiRsdp = bootParams?.acpiRsdp ?? (await systabPointer(tree));
  const efi = await readEfi(tree, bootParams, diagnostics);
  const edd = bootParams?.edd ?? (await readEdd(tree, diagnostics));
  return {
    ...(acpiRsdp === undefined ? {} : { acpiRsdp }),
    ...(efi === undefined ? {} : { efi }),
    ...(bootParams && {
      screen: { screenInfo: bootParams.screenInfo },
      hardwareSubarch: bootParams.hardwareSubarch,
    }),
    ...(edd === undefined ? {} : { edd }),
  };
}

async function systabPointer(tree: Tree): Promise<Address | undefined> {
  return parseSystab((await tree.text(`${EFI}/systab`)) ?? '').acpiRsdp;
}

async function readEfi(
  tree: Tree,
  bootParams: BootParams | undefined,
  diagnostics: Diagnostic[],
): Promise<EfiSystem | undefined> {
  if ((await tree.names(EFI)).length === 0) return undefined;
  const descriptors = await tree.names(`${EFI}/runtime-map`);
  const files = {
    platformSize: await tree.text(`${EFI}/fw_platform_size`),
    vendor: await tree.text(`${EFI}/fw_vendor`),
    runtime: await tree.text(`${EFI}/runtime`),
    configurationTable: await tree.text(`${EFI}/config_table`),
    systab: await tree.text(`${EFI}/systab`),
    runtimeMap: await Promise.all(
      descriptors.map((name) => readDescriptor(tree, `${EFI}/runtime-map/${name}`)),
    ),
  };
  return take(parseEfi(files, bootParams?.efi), diagnostics);
}

async function readDescriptor(tree: Tree, directory: string) {
  return {
    type: await tree.text(`${directory}/type`),
    physicalStart: await tree.text(`${directory}/phys_addr`),
    virtualStart: await tree.text(`${directory}/virt_addr`),
    numberOfPages: await tree.text(`${directory}/num_pages`),
    attribute: await tree.text(`${directory}/attribute`),
  };
}

/** BIOS numbers its disks from here. */
const FIRST_DISK = 0x80;
/** `EDDMAXNR` and `EDD_MBR_SIG_MAX`: what fits into boot_params. */
const MAX_ENTRIES = 6;
const MAX_SIGNATURES = 16;

/** Only where boot_params are not shown: the kernel's `edd` module shows the same bytes, in files. */
async function readEdd(tree: Tree, diagnostics: Diagnostic[]): Promise<EddInfo | undefined> {
  const disks: EddDisk[] = [];
  for (const name of (await tree.names(EDD)).slice(0, MAX_SIGNATURES)) {
    const disk = take(parseEddDisk(name, await readDisk(tree, `${EDD}/${name}`)), diagnostics);
    if (disk !== undefined) disks.push(disk);
  }
  if (disks.length === 0) return undefined;
  return {
    entries: disks.slice(0, MAX_ENTRIES).map((disk) => disk.entry),
    mbrSignatures: signaturesOf(disks),
  };
}

async function readDisk(tree: Tree, directory: string) {
  return {
    version: await tree.text(`${directory}/version`),
    extensions: await tree.text(`${directory}/extensions`),
    legacyMaxCylinder: await tree.text(`${directory}/legacy_max_cylinder`),
    legacyMaxHead: await tree.text(`${directory}/legacy_max_head`),
    legacySectorsPerTrack: await tree.text(`${directory}/legacy_sectors_per_track`),
    mbrSignature: await tree.text(`${directory}/mbr_signature`),
    rawData: await tree.bytes(`${directory}/raw_data`),
  };
}

/** The position in the list is the disk's number: one whose signature is not known, before one that is, counts as 0. */
function signaturesOf(disks: readonly EddDisk[]): number[] {
  const signatures: number[] = [];
  for (const { device, mbrSignature } of disks) {
    const index = device - FIRST_DISK;
    if (mbrSignature === undefined || index < 0 || index >= MAX_SIGNATURES) continue;
    while (signatures.length < index) signatures.push(0);
    signatures[index] = mbrSignature;
  }
  return signatures;
}
