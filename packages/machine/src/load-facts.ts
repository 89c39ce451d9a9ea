import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/**
 * What decides whether the running kernel lets this process load another one, as the kernel says itself. What is absent
 * is not known: the kernel has no such file, or does not show it to us.
 */
export interface LoadFacts {
  /** `uname -r`. */
  readonly release?: string;
  /** CAP_SYS_BOOT is in the effective set of this process. */
  readonly canBoot?: boolean;
  /** The capabilities of this process hold in a user namespace only (a container): the kernel asks for those of the host. */
  readonly inUserNamespace?: boolean;
  /** /proc/sys/kernel/kexec_load_disabled: once set it stays so until the next boot. */
  readonly loadDisabled?: boolean;
  /** /proc/sys/kernel/kexec_load_limit_reboot and _panic: how many loads are left; absent is "as many as you like". */
  readonly loadsLeft?: { readonly normal?: number; readonly crash?: number };
  /** /sys/kernel/security/lockdown. */
  readonly lockdown?: 'none' | 'integrity' | 'confidentiality';
  /** The EFI variable SecureBoot. */
  readonly secureBoot?: boolean;
  /** The `CONFIG_` options of the running kernel that kexec depends on, without the prefix; `n` is "is not set". */
  readonly config?: Readonly<Record<string, string>>;
  /** /proc/meminfo, in bytes. */
  readonly memory?: { readonly total: bigint; readonly available: bigint };
  /** /sys/kernel/kexec_loaded and kexec_crash_loaded. */
  readonly loaded?: { readonly normal?: boolean; readonly crash?: boolean };
  /** /sys/kernel/kexec_crash_size: what is reserved for a crash kernel, in bytes. */
  readonly crashSize?: bigint;
  /** /sys/hypervisor/type, e.g. `xen`: below Xen it is the hypervisor that loads. */
  readonly hypervisor?: string;
}

export interface ReadLoadFactsOptions {
  /** Where /proc, /sys and /boot are. Default `/`. */
  readonly root?: string;
}

/**
 * Reads what decides whether a kernel can be loaded. Never fails: what cannot be read is left out.
 *
 * @example
 * ```ts
 * const facts = await readLoadFacts();
 * if (facts.canBoot === false) console.error('run as root');
 * ```
 */
export async function readLoadFacts({ root = '/' }: ReadLoadFactsOptions = {}): Promise<LoadFacts> {
  const read = (path: string) => readFile(join(root, path)).catch(() => undefined);
  const text = async (path: string) => (await read(path))?.toString('utf8').trim();
  const release = await text('/proc/sys/kernel/osrelease');
  return known({
    release,
    canBoot: canBoot(await text('/proc/self/status')),
    inUserNamespace: isMapped(await text('/proc/self/uid_map')),
    loadDisabled: isOne(await text('/proc/sys/kernel/kexec_load_disabled')),
    loadsLeft: nonEmpty({
      normal: limit(await text('/proc/sys/kernel/kexec_load_limit_reboot')),
      crash: limit(await text('/proc/sys/kernel/kexec_load_limit_panic')),
    }),
    lockdown: lockdown(await text('/sys/kernel/security/lockdown')),
    secureBoot: secureBoot(await read(SECURE_BOOT)),
    config: kernelConfig(await readConfig(read, release)),
    memory: meminfo(await text('/proc/meminfo')),
    loaded: nonEmpty({
      normal: isOne(await text('/sys/kernel/kexec_loaded')),
      crash: isOne(await text('/sys/kernel/kexec_crash_loaded')),
    }),
    crashSize: decimal(await text('/sys/kernel/kexec_crash_size')),
    hypervisor: await text('/sys/hypervisor/type'),
  });
}

const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
/** include/uapi/linux/capability.h */
const CAP_SYS_BOOT = 22n;

function canBoot(status: string | undefined): boolean | undefined {
  const effective = /^CapEff:\s*([0-9a-f]{1,16})$/m.exec(status ?? '')?.[1];
  return effective === undefined ? undefined : ((BigInt(`0x${effective}`) >> CAP_SYS_BOOT) & 1n) === 1n;
}

/** In the first user namespace every user is itself. */
function isMapped(map: string | undefined): boolean | undefined {
  return map === undefined ? undefined : !/^0\s+0\s+4294967295$/.test(map);
}

function isOne(text: string | undefined): boolean | undefined {
  return text === '0' ? false : text === '1' ? true : undefined;
}

/** -1 is "no limit". */
function limit(text: string | undefined): number | undefined {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : undefined;
}

function lockdown(text: string | undefined): LoadFacts['lockdown'] {
  const mode = /\[(none|integrity|confidentiality)\]/.exec(text ?? '')?.[1];
  return mode as LoadFacts['lockdown'];
}

/** Four bytes of attributes, then the value (UEFI 2.10, 3.3). */
function secureBoot(variable: Uint8Array | undefined): boolean | undefined {
  return variable?.length === 5 ? variable[4] === 1 : undefined;
}

function decimal(text: string | undefined): bigint | undefined {
  return /^\d{1,19}$/.test(text ?? '') ? BigInt(text ?? '') : undefined;
}

function meminfo(text: string | undefined): LoadFacts['memory'] {
  const [total, available] = ['MemTotal', 'MemAvailable'].map((name) => {
    const kib = new RegExp(`^${name}:\\s+(\\d{1,15}) kB$`, 'm').exec(text ?? '')?.[1];
    return kib === undefined ? undefined : BigInt(kib) << 10n;
  });
  return total === undefined || available === undefined ? undefined : { total, available };
}

/** The options that decide what can be loaded and how. */
const OPTIONS: ReadonlySet<string> = new Set(
  `KEXEC KEXEC_CORE KEXEC_FILE KEXEC_SIG KEXEC_SIG_FORCE KEXEC_BZIMAGE_VERIFY_SIG KEXEC_JUMP CRASH_DUMP CRASH_HOTPLUG
  PROC_VMCORE RELOCATABLE STRICT_DEVMEM FIRMWARE_MEMMAP IMA_ARCH_POLICY`.split(/\s+/),
);
const CONFIG_LIMIT = 1 << 22;

type Read = (path: string) => Promise<Uint8Array | undefined>;

/** The running kernel's configuration: its own word if it was built with it, else what was installed beside it. */
async function readConfig(read: Read, release: string | undefined): Promise<string | undefined> {
  const own = await read('/proc/config.gz');
  const content =
    own === undefined
      ? await readInstalled(read, release)
      : await promisify(gunzip)(own, { maxOutputLength: CONFIG_LIMIT }).catch(() => undefined);
  return content === undefined ? undefined : Buffer.from(content).toString('utf8');
}

/** Where distributions put it: Debian, Fedora, and whoever has the headers. */
async function readInstalled(read: Read, release: string | undefined): Promise<Uint8Array | undefined> {
  if (release === undefined || release.includes('/')) return undefined;
  const modules = `/lib/modules/${release}`;
  return (
    (await read(`/boot/config-${release}`)) ??
    (await read(`${modules}/config`)) ??
    (await read(`${modules}/build/.config`))
  );
}

function kernelConfig(text: string | undefined): LoadFacts['config'] {
  if (text === undefined) return undefined;
  const lines = text.matchAll(/^(?:CONFIG_(\w+)=(.*)|# CONFIG_(\w+) is not set)$/gm);
  const entries = Array.from(lines, ([, set, value = 'n', unset]) => [set ?? unset ?? '', value] as const);
  return Object.fromEntries(entries.filter(([name]) => OPTIONS.has(name)));
}

function nonEmpty<T extends object>(value: T): Known<T> | undefined {
  const rest = known(value);
  return Object.keys(rest).length === 0 ? undefined : rest;
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without what is not known. */
function known<T extends object>(value: T): Known<T> {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Known<T>;
}
