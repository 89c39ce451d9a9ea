import type { CrashFacts, Machine } from '@kexec-kit/loader-api';

/** What stands for a word that may say something about its owner. */
const REDACTED = 'REDACTED';

/**
 * Kernel parameters that say nothing about a person, a disk or a network, and that matter to whoever places a kernel.
 * Everything else is replaced whole, its name too: a name may hold a UUID (`rd.luks.key.…`), a bare word anything.
 */
const HARMLESS: ReadonlySet<string> = new Set(
  `acpi add_efi_memmap apic clocksource console crashkernel debug default_hugepagesz earlycon earlyprintk efi efi_fake_mem
  elfcorehdr hugepages hugepagesz ignore_loglevel init_on_alloc init_on_free initcall_debug intel_iommu iomem iommu
  kernelcore kexec_load_disabled lockdown loglevel maxcpus mem memmap mitigations movablecore nmi_watchdog no_timer_check
  noapic noefi nokaslr nolapic nomodeset nopti nosmap nosmep nosmp nosmt nr_cpus numa panic pci possible_cpus quiet reboot
  ro rw splash swiotlb tsc vga`.split(/\s+/),
);

/** What the values of those look like, e.g. `ttyS0,115200n8`, `16M$96M`, `512M-2G:64M,2G-:128M@16M`. */
const PLAIN_VALUE = /^[\w.,:$@#!+-]{0,64}$/;

/**
 * A snapshot that can be shown to strangers. Kept: everything about memory, firmware addresses and the screen, which are
 * what a bug report is about. Taken out: the command line but for a list of harmless parameters, the signatures of disks, and where KASLR has put the running kernel.
 *
 * @example
 * ```ts
 * redact({ ...machine, commandLine: 'root=UUID=1234 quiet' }).commandLine; // 'REDACTED quiet'
 * ```
 */
export function redact(machine: Machine): Machine {
  const { edd, ...firmware } = machine.firmware;
  const { crash, ...rest } = machine;
  return {
    ...rest,
    ...(crash === undefined ? {} : { crash: redactCrash(crash) }),
    commandLine: words(machine.commandLine).map(redactWord).join(' '),
    firmware: edd === undefined ? firmware : { ...firmware, edd: { ...edd, mbrSignatures: [] } },
  };
}

/** Where KASLR has put the kernel is nobody's business while it runs. */
function redactCrash({ systemRam, cpuNotes, vmcoreinfo }: CrashFacts): CrashFacts {
  return { systemRam, cpuNotes, ...(vmcoreinfo === undefined ? {} : { vmcoreinfo }) };
}

/** As the kernel splits: at blanks outside of double quotes. */
function words(commandLine: string): string[] {
  return commandLine.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];
}

function redactWord(word: string): string {
  const equals = word.indexOf('=');
  const name = equals === -1 ? word : word.slice(0, equals);
  const value = equals === -1 ? '' : word.slice(equals + 1);
  return HARMLESS.has(name) && PLAIN_VALUE.test(value) ? word : REDACTED;
}
