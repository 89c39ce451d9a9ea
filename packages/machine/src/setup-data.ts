import { ok, type Result } from '@kexec-kit/loader-api';
import { withTree, type Tree } from './tree.js';

export interface ReadSetupDataOptions {
  /** Where /sys is. Default `/`. */
  readonly root?: string;
}

const NODES = '/sys/kernel/boot_params/setup_data';

/**
 * The data of the setup_data nodes of one type that the running kernel was handed, in their order; none where it shows none.
 *
 * @example
 * ```ts
 * const seeds = await readSetupData(9);
 * if (seeds.ok) seeds.value.length; // how many seeds the boot loader gave
 * ```
 */
export function readSetupData(
  type: number,
  { root = '/' }: ReadSetupDataOptions = {},
): Promise<Result<readonly Uint8Array[]>> {
  return withTree(root, async (tree) => {
    const found: Uint8Array[] = [];
    for (const name of await tree.names(NODES)) {
      const data = await dataOf(tree, `${NODES}/${name}`, type);
      if (data !== undefined) found.push(data);
    }
    return ok(found);
  });
}

/** Documentation/ABI/testing/sysfs-kernel-boot_params: the type in hexadecimal, the data as it is. */
async function dataOf(tree: Tree, node: string, type: number): Promise<Uint8Array | undefined> {
  const text = await tree.text(`${node}/type`);
  return Number(text ?? Number.NaN) === type ? tree.bytes(`${node}/data`) : undefined;
}
