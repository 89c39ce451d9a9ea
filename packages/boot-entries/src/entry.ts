import type { Diagnostic } from '@kexec-kit/loader-api';

/** A file, and the command line that is its own. */
export interface FileWithArguments {
  readonly file: string;
  readonly arguments: string;
}

/** One thing that the machine's boot loader could start. Paths are absolute, as on the running machine. */
export interface BootEntry {
  /** What the configuration calls it: GRUB's `--id`, else its title; a Boot Loader Specification file's name without `.conf`. */
  readonly id: string;
  readonly title: string;
  /** The titles of the submenus that it is in, outermost first. */
  readonly within: readonly string[];
  /** The Linux kernel, below a hypervisor that of the first domain; or a Multiboot kernel that has no modules. */
  readonly kernel: string;
  readonly initrds: readonly string[];
  /** The kernel's, without `BOOT_IMAGE=`. */
  readonly commandLine: string;
  /** A Multiboot kernel that has modules: the first of them is `kernel`. */
  readonly hypervisor?: FileWithArguments;
  /** The other modules, in their order. */
  readonly modules: readonly FileWithArguments[];
  /** Starts when nobody chooses. */
  readonly default?: true;
  /** `FILE:LINE` where it is written down. */
  readonly from: string;
  /** What stands in the way of starting it as the boot loader would. */
  readonly problems: readonly Diagnostic[];
}
