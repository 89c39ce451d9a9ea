/**
 * Runs in a guest: tells what a kernel knows of its firmware and its screen, as one JSON object. None of it changes while the
 * machine is on, so the next kernel must tell the same.
 *
 *     node facts.mjs
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files by their names: what is in them, or its digest. */
type Files = Readonly<Record<string, string>>;

export interface Facts {
  readonly release: string;
  /** What kexec-kit has found to hand on. */
  readonly found: { readonly acpiRsdp: string; readonly efi: object };
  readonly efi: Files;
  readonly runtimeMap: readonly Files[];
  readonly variables: Files;
  readonly acpi: Files;
  /** The picture that the firmware showed: its place, and its digest. It lies in memory that the firmware gave up. */
  readonly logo: Files;
  readonly smbios: Files;
  readonly framebuffer: Files;
  /** `struct screen_info` without its first four bytes: where the cursor stands, and how much memory there is. */
  readonly screenInfo: string;
  /** What the kernel has said of these. */
  readonly log: readonly string[];
}

const firmware = '/sys/firmware/efi';
const text = (path: string): string => readFileSync(path, 'utf8').trim();
const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** What `read` makes of each of these that is there. */
function each(folder: string, names: readonly string[], read: (path: string) => string): Files {
  const there = names.filter((name) => existsSync(join(folder, name)));
  return Object.fromEntries(there.map((name) => [name, read(join(folder, name))]));
}

/** What is in a folder, in order; nothing when it is not there. */
function namesIn(folder: string, kind: 'isFile' | 'isDirectory' = 'isFile'): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry[kind]());
  return entries
    .map(({ name }) => name)
    .sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
}

const all = (folder: string, read = digest): Files => each(folder, namesIn(folder), read);

const { firmware: found } = JSON.parse(execFileSync('kexec-kit', ['machine'], { encoding: 'utf8' })) as {
  firmware: Facts['found'];
};

const facts: Facts = {
  release: text('/proc/sys/kernel/osrelease'),
  found: { acpiRsdp: found.acpiRsdp, efi: found.efi },
  // Not `runtime`: the firmware has made it a virtual address, which every kernel but the first shows.
  efi: each(firmware, ['fw_platform_size', 'fw_vendor', 'config_table', 'systab'], text),
  runtimeMap: namesIn(`${firmware}/runtime-map`, 'isDirectory').map((name) =>
    all(`${firmware}/runtime-map/${name}`, text),
  ),
  variables: all(`${firmware}/efivars`),
  acpi: all('/sys/firmware/acpi/tables'),
  logo: {
    ...each('/sys/firmware/acpi/bgrt', ['version', 'type', 'status', 'xoffset', 'yoffset'], text),
    ...each('/sys/firmware/acpi/bgrt', ['image'], digest),
  },
  smbios: all('/sys/firmware/dmi/tables'),
  framebuffer: {
    ...each('/proc', ['fb'], text),
    ...each('/sys/class/graphics/fb0', ['name', 'bits_per_pixel', 'virtual_size', 'stride', 'modes'], text),
  },
  screenInfo: readFileSync('/sys/kernel/boot_params/data').toString('hex', 4, 64),
  log: execFileSync('dmesg', { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.replace(/^\[ *[\d.]+\] /, ''))
    .filter((line) => /^(efifb|efi: SMBIOS|ACPI: RSDP|Console: switching|fb0)/.test(line)),
};

console.log(JSON.stringify(facts));
