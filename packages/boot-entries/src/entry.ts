import type { Diagnostic } from '@kexec-kit/loader-api';

/** A file, and the command line that is its own. */
export interface FileWithArguments {
  readonly file: string;
  readonly arguments: string;
}

/** What is written in the name of an entry whose starts are counted. */
export interface Tries {
  readonly left: number;
  /** Those that failed. */
  readonly done: number;
}

/** One thing that the machine's boot loader could start. Paths are absolute, as on the running machine. */
export interface BootEntry {
  /** What the configuration calls it: GRUB's `--id`, else its title; a Boot Loader Specification file's name without `.conf`. */
  readonly id: string;
  readonly title: string;
  /** Of the kernel or the system, where the configuration says it beside the title. */
  readonly version?: string;
  /** Where starts are counted: "Boot counting" of the Boot Loader Specification. None left: it counts as bad. */
  readonly tries?: Tries;
  /** The titles of the submenus that it is in, outermost first. */
  readonly within: readonly string[];
  /** The Linux kernel or unified kernel image, below a hypervisor that of the first domain; or a Multiboot kernel without modules. */
  readonly kernel: string;
  readonly initrds: readonly string[];
  /** The kernel's, without `BOOT_IMAGE=`. */
  readonly commandLine: string;
  /** A Multiboot kernel that has modules: the first of them is `kernel`. */
  readonly hypervisor?: FileWithArguments;
  /** The other modules, in their order. */
  readonly modules: readonly FileWithArguments[];
  /** What else the loader of the kernel is to be told, by the names of its options. */
  readonly options?: Readonly<Record<string, string>>;
  /** Starts when nobody chooses. */
  readonly default?: true;
  /** `FILE:LINE` where it is written down. */
  readonly from: string;
  /** What stands in the way of starting it as the boot loader would. */
  readonly problems: readonly Diagnostic[];
}

/** The same in a menu that another entry is the default of. */
export function withoutDefault(entry: BootEntry): BootEntry {
  const { default: isDefault, ...others } = entry;
  return isDefault === true ? others : entry;
}
