import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BootParams, SetupHeader } from '@kexec-kit/linux-boot';
import { encodeText, fromHex, writer } from '@kexec-kit/structures';
import { elfFile, type SegmentShape } from '../../tools/elf-file.mjs';
import type { MadeBootParams, MadeEfi, MadeMachine } from './case.js';

/** Writes the /proc and /sys of a made-up machine under `root`: all that kexec(8) and our own reader look at. */
export function writeMachine(root: string, machine: MadeMachine): void {
  rmSync(root, { recursive: true, force: true });
  for (const [path, content] of Object.entries(filesOf(machine))) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

const MOUNTS = 'sysfs /sys sysfs rw 0 0\n';

type Files = Record<string, string | Uint8Array>;

function filesOf(machine: MadeMachine): Files {
  return {
    ...memmap(machine),
    ...(machine.efi === undefined ? {} : efiFiles(machine.efi)),
    ...(machine.bootParams === undefined
      ? {}
      : { 'sys/kernel/boot_params/data': bootParams(machine.bootParams, machine.efi) }),
    ...crashFiles(machine),
    'proc/iomem': iomem(machine),
    'proc/cmdline': `${machine.commandLine}\n`,
    'proc/sys/kernel/arch': 'x86_64\n',
    'etc/mtab': MOUNTS,
    'proc/mounts': MOUNTS,
    'sys/kernel/kexec_loaded': '0\n',
    'sys/kernel/kexec_crash_loaded': '0\n',
    'sys/devices/system/cpu/possible': '0-1\n',
  };
}

function memmap({ told }: MadeMachine): Files {
  const files: Files = {};
  told.forEach(({ start, end, type }, i) => {
    const folder = `sys/firmware/memmap/${i}`;
    files[`${folder}/start`] = `${hexadecimal(start)}\n`;
    files[`${folder}/end`] = `${hexadecimal(end - 1n)}\n`;
    files[`${folder}/type`] = `${type}\n`;
  });
  return files;
}

const PAGE = 0x1000n;

/** As the running kernel shows it: page 0 is reserved, a crash region is a child of the RAM that it lies in. */
function iomem(machine: MadeMachine): string {
  const { told, unused, crash } = machine;
  const lines: string[] = [];
  const line = (depth: number, start: bigint, end: bigint, name: string) => {
    lines.push(`${'  '.repeat(depth)}${padded(start)}-${padded(end - 1n)} : ${name}\n`);
  };
  for (const { start, end, type } of told) {
    if (type !== 'System RAM') {
      line(0, start, end, type);
      continue;
    }
    for (const used of without({ start: start < PAGE ? PAGE : start, end }, unused)) {
      line(0, used.start, used.end, type);
      const kernel = runningKernel(machine);
      if (crash.length > 0 && kernel.start >= used.start && kernel.end <= used.end)
        line(1, kernel.start, kernel.end, 'Kernel code');
      for (const region of crash) {
        if (used.start <= region.start && region.end <= used.end)
          line(1, region.start, region.end, 'Crash kernel');
      }
    }
  }
  return lines.join('');
}

interface Ends {
  readonly start: bigint;
  readonly end: bigint;
}

function without(from: Ends, holes: readonly Ends[]): Ends[] {
  let left = from.start < from.end ? [from] : [];
  for (const hole of holes) {
    left = left
      .flatMap(({ start, end }) => [
        { start, end: hole.start < end ? hole.start : end },
        { start: hole.end > start ? hole.end : start, end },
      ])
      .filter(({ start, end }) => start < end);
  }
  return left;
}

/** Where the running kernel lies: in the first range of RAM that has room above 16 MiB. */
function runningKernel({ told }: MadeMachine): Ends {
  const [lowest, size] = [0x1000000n, 0x200000n];
  const home = told.find(({ start, end, type }) => {
    const from = start > lowest ? start : lowest;
    return type === 'System RAM' && from + 2n * size <= end;
  });
  const from = home !== undefined && home.start > lowest ? home.start : lowest;
  const start = ((from + size - 1n) / size) * size;
  return { start, end: start + size };
}

/** Where a made-up kernel maps physical 0. */
export const PAGE_OFFSET = 0xffff888000000000n;
const KERNEL_TEXT = 0xffffffff81000000n;

/** What only a dump asks for: notes of two CPUs, vmcoreinfo, and /proc/kcore for the virtual addresses. */
function crashFiles(machine: MadeMachine): Files {
  if (machine.crash.length === 0) return {};
  const kernel = runningKernel(machine);
  const direct = machine.told.filter(({ type }) => type === 'System RAM');
  const load = (virtual: bigint, { start, end }: Ends): SegmentShape => {
    return { p_vaddr: virtual, p_paddr: start, p_memsz: end - start, p_flags: 7, p_align: 0x1000 };
  };
  const cpu = 'sys/devices/system/cpu/cpu';
  return {
    'proc/kcore': elfFile({
      header: { e_type: 4 },
      segments: [
        load(KERNEL_TEXT, kernel),
        ...direct.map(({ start, end }) => load(PAGE_OFFSET + (start < PAGE ? PAGE : start), { start, end })),
      ],
    }),
    'proc/kallsyms': `${KERNEL_TEXT.toString(16)} T _stext\n${PAGE_OFFSET.toString(16)} D page_offset_base\n`,
    [`${cpu}0/crash_notes`]: `${(kernel.start + 0x1000n).toString(16)}\n`,
    [`${cpu}0/crash_notes_size`]: '368\n',
    [`${cpu}1/crash_notes`]: `${(kernel.start + 0x2000n).toString(16)}\n`,
    [`${cpu}1/crash_notes_size`]: '368\n',
    'sys/kernel/vmcoreinfo': `0x${(kernel.start + 0x3000n).toString(16)} 1024\n`,
  };
}

function efiFiles(efi: MadeEfi): Files {
  const folder = 'sys/firmware/efi';
  const files: Files = {
    [`${folder}/fw_platform_size`]: '64\n',
    [`${folder}/fw_vendor`]: `${hexadecimal(efi.vendor)}\n`,
    [`${folder}/runtime`]: `${hexadecimal(efi.runtime)}\n`,
    [`${folder}/config_table`]: `${hexadecimal(efi.configurationTable)}\n`,
    [`${folder}/systab`]: efi.smbios === 0n ? '' : `SMBIOS=${hexadecimal(efi.smbios)}\n`,
  };
  efi.runtimeMap.forEach((descriptor, i) => {
    const entry = `${folder}/runtime-map/${i}`;
    files[`${entry}/type`] = `0x${descriptor.type.toString(16)}\n`;
    files[`${entry}/phys_addr`] = `${hexadecimal(descriptor.physicalStart)}\n`;
    files[`${entry}/virt_addr`] = `${hexadecimal(descriptor.virtualStart)}\n`;
    files[`${entry}/num_pages`] = `${hexadecimal(descriptor.numberOfPages)}\n`;
    files[`${entry}/attribute`] = `${hexadecimal(descriptor.attribute)}\n`;
  });
  return files;
}

function bootParams(params: MadeBootParams, efi: MadeEfi | undefined): Uint8Array {
  const { at } = BootParams;
  const page = writer(4096)
    .bytes(at.screen_info, fromHex(params.screenInfo))
    .u64(at.acpi_rsdp_addr, params.acpiRsdp)
    .u32(SetupHeader.at.hardware_subarch, params.hardwareSubarch);
  if (efi === undefined) return page.value;
  return (
    page
      .bytes(at['efi_info.efi_loader_signature'], encodeText('EL64'))
      .u32(at['efi_info.efi_systab'], efi.systemTable & 0xffffffffn)
      .u32(at['efi_info.efi_systab_hi'], efi.systemTable >> 32n)
      .u32(at['efi_info.efi_memdesc_size'], 48)
      .u32(at['efi_info.efi_memdesc_version'], 1)
      // The map as the boot loader left it: long gone, and still a sign that there was one.
      .u32(at['efi_info.efi_memmap'], 0x7e000000)
      .u32(at['efi_info.efi_memmap_size'], 48 * 32).value
  );
}

function hexadecimal(value: bigint): string {
  return `0x${value.toString(16)}`;
}

function padded(address: bigint): string {
  return address.toString(16).padStart(8, '0');
}
