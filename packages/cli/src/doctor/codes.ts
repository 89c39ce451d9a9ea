import type { CodeInfo } from '@kexec-kit/loader-api';

/** What each check of the doctor looks for, and what helps in general. */
export const doctorCodes = {
  DOCTOR_ACPI: {
    cause:
      'The firmware is EFI, and where it keeps its ACPI tables is not known: the next kernel would look for them where only a BIOS puts them.',
    cure: 'Hand EFI on (no --no-efi, a running kernel without efi=noruntime), or add acpi_rsdp= to the next command line.',
    spec: 'ACPI 6.5, 5.2.5',
  },
  DOCTOR_ARCHITECTURE: {
    cause: 'The running kernel is of an architecture for which not every way to load is there, or none.',
    cure: 'Run on x86_64: there both system calls are.',
  },
  DOCTOR_CAPABILITY: {
    cause: 'This process may not load kernels: it lacks CAP_SYS_BOOT, or has it in a container only.',
    cure: 'Run it as root on the machine itself, e.g. with sudo.',
    spec: 'capabilities(7)',
  },
  DOCTOR_CONFIDENTIAL_VM: {
    cause:
      'The machine is a virtual one whose memory is encrypted against its host (TDX, SEV): memory that was shared with the host must be taken back before another kernel starts, and what runs between the kernels may not touch devices.',
    cure: 'Restart the machine through its firmware instead.',
  },
  DOCTOR_CRASH_MEMORY: {
    cause: 'No memory is reserved for a crash kernel, or too little to load it and to let it run.',
    cure: 'Start the running kernel with crashkernel=256M (or more) on its command line.',
    spec: 'Documentation/admin-guide/kdump/kdump.rst',
  },
  DOCTOR_DISABLED: {
    cause: 'Loading kernels was disabled until the next boot (kernel.kexec_load_disabled).',
    cure: 'Restart the machine: it cannot be enabled again before. Look in /etc/sysctl.d for what disables it.',
    spec: 'Documentation/admin-guide/sysctl/kernel.rst, kexec_load_disabled',
  },
  DOCTOR_DUMP: {
    cause: 'The running kernel does not say everything that a dump of it needs.',
    cure: 'Use a kernel with CONFIG_VMCORE_INFO (CONFIG_CRASH_CORE before Linux 6.9); below Xen, dump through the hypervisor.',
  },
  DOCTOR_FIRMWARE_MAP: {
    cause: 'The running kernel does not show the memory map of the firmware, which the next one should get.',
    cure: 'Use a kernel with CONFIG_FIRMWARE_MEMMAP=y.',
    spec: 'Documentation/ABI/testing/sysfs-firmware-memmap',
  },
  DOCTOR_KERNEL_CONFIG: {
    cause: 'The running kernel was built without kexec, or without one of its two system calls.',
    cure: 'Use a kernel with CONFIG_KEXEC and CONFIG_KEXEC_FILE (for crashes CONFIG_CRASH_DUMP), as those of distributions are.',
  },
  DOCTOR_KEXEC_FILE_LOAD: {
    cause: 'The running kernel cannot load this image by itself, or not as it was asked for.',
    cure: 'Use kexec_load: --method segments, or leave --method out.',
    spec: 'kexec_file_load(2)',
  },
  DOCTOR_KEXEC_LOAD: {
    cause: 'The image cannot be planned for this machine, or not as it was asked for.',
    cure: 'Look at what "kexec-kit plan" says: it shows every place that was tried.',
    spec: 'kexec_load(2)',
  },
  DOCTOR_LIMIT: {
    cause: 'So many loads are allowed until the next boot, and they are used up (kernel.kexec_load_limit_*).',
    cure: 'Restart the machine: the limit cannot be raised before.',
    spec: 'Documentation/admin-guide/sysctl/kernel.rst, kexec_load_limit_panic',
  },
  DOCTOR_LOADED: {
    cause: 'A kernel is loaded already.',
    cure: 'Nothing: a load replaces it. "kexec-kit status" says what it is, "kexec-kit unload" forgets it.',
  },
  DOCTOR_LOCKDOWN: {
    cause: 'The running kernel is locked down, as it is with Secure Boot: it loads only what it can verify.',
    cure: 'Load a bzImage that is signed by a key which the running kernel trusts, or turn Secure Boot off.',
    spec: 'kernel_lockdown(7)',
  },
  DOCTOR_MEMORY_MAP: {
    cause: 'What memory the machine has cannot be read: without that nothing can be planned.',
    cure: 'Run as root, with /proc and /sys of the machine itself.',
    spec: 'Documentation/filesystems/proc.rst',
  },
  DOCTOR_PROGRAM: {
    cause: 'This program is a 32-bit one on a 64-bit kernel.',
    cure: 'Use a 64-bit Node, if kexec_file_load or memory above 4 GiB is needed.',
  },
  DOCTOR_RAM: {
    cause:
      'There is not enough free memory, or the image takes more than half of RAM: until it starts, a loaded kernel is kept beside everything else, and while it is loaded twice. Swap does not count.',
    cure: 'Free memory, take a smaller initrd, or a machine with more RAM.',
    spec: 'kexec_load(2)',
  },
  DOCTOR_SCREEN: {
    cause:
      'A graphics driver runs the screen: what the firmware had set up, which the next kernel is told of, is gone.',
    cure: 'Keep another way in (ssh, a serial console), or boot the running kernel with nomodeset.',
  },
  DOCTOR_SECURE_BOOT: {
    cause: 'Secure Boot is on, with which most kernels load signed images only.',
    cure: 'Load a bzImage that is signed by a key which the running kernel trusts, or turn Secure Boot off.',
    spec: 'UEFI 2.10, 32',
  },
  DOCTOR_SIGNATURE: {
    cause: 'The running kernel takes signed images only, and this one has no signature.',
    cure: 'Load a signed kernel, e.g. one of the distribution, or sign it (sbsign) and enrol the key (mokutil).',
  },
  DOCTOR_XEN: {
    cause: 'The running kernel is a guest of Xen: there it is the hypervisor that would have to load.',
    cure: 'Use kexec(8) with Xen support in dom0; restart a domain through its toolstack.',
  },
} as const satisfies Readonly<Record<string, CodeInfo>>;

export type DoctorCode = keyof typeof doctorCodes;
