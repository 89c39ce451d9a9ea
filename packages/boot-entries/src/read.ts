import { fail, ok, type Result } from '@kexec-kit/loader-api';
import { none } from './codes.js';
import { loaderVariable } from './efi-variables.js';
import { withoutDefault, type BootEntry } from './entry.js';
import { BOOT_FOLDERS, EFI_FOLDERS } from './places.js';
import { GRUB_CONFIGS, readGrub } from './read-grub.js';
import { readSystemdBoot } from './read-systemd-boot.js';
import { readXen } from './read-xen.js';
import { treeAt, type Tree } from './tree.js';

/**
 * What this machine's boot loaders could start, in the order of their menus: GRUB, systemd-boot with entries and unified kernel
 * images by the Boot Loader Specification, and Xen as an EFI program. One of them is in charge: the one that says to have
 * started this machine, else the first with a menu. Nothing is changed, and no file is trusted: what is not understood is said
 * in the entry's `problems`.
 *
 * @param options.root - Where the machine's files are. Default `/`.
 * @example
 * ```ts no-run
 * const found = readBootEntries();
 * if (found.ok) for (const { id, kernel } of found.value) console.log(id, kernel);
 * ```
 */
export function readBootEntries(options: { readonly root?: string } = {}): Result<readonly BootEntry[]> {
  const tree = treeAt(options.root ?? '/');
  const used = new Set<string>();
  const grub = readGrub(tree, used);
  const systemdBoot = readSystemdBoot(tree, used);
  const menus = isSystemdBoot(tree) ? [systemdBoot, grub] : [grub, systemdBoot];
  const [first, ...others] = [...menus, readXen(tree)].filter(({ entries }) => entries.length > 0);
  const problems = [...tree.problems, ...(first ?? grub).problems];
  if (first === undefined) return fail(none(places()), ...problems);
  const more = others.flatMap(({ entries }) => entries.map(withoutDefault));
  return ok([...first.entries, ...more], problems);
}

/** It leaves its name to the system that it starts. */
function isSystemdBoot(tree: Tree): boolean {
  return loaderVariable(tree, 'LoaderInfo')?.startsWith('systemd-boot') === true;
}

function places(): readonly string[] {
  return [
    ...GRUB_CONFIGS,
    ...BOOT_FOLDERS.flatMap((folder) => [`${folder}/loader/entries/*.conf`, `${folder}/EFI/Linux/*.efi`]),
    ...EFI_FOLDERS.map((folder) => `${folder}/*/xen.cfg`),
  ];
}
