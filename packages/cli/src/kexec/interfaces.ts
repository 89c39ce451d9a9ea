import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.js';

/** include/uapi/linux/if.h */
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;

/**
 * Takes every network interface down, as kexec(8) does before it starts a kernel: what still receives may write into
 * memory that is the next kernel's. One that cannot be taken down does not stop the start.
 */
export async function takeInterfacesDown({ system, stderr }: Context): Promise<void> {
  for (const name of await interfacesUp(system.root)) {
    const status = await system.runProgram('ip', ['link', 'set', 'dev', name, 'down']);
    if (status === 0) continue;
    const why = status === undefined ? 'ip(8) is not there' : `ip ended with status ${String(status)}`;
    stderr.write(`kexec: the network interface ${name} stays up: ${why}\n`);
  }
}

async function interfacesUp(root: string): Promise<readonly string[]> {
  const folder = join(root, 'sys/class/net');
  const names = await readdir(folder).catch(() => []); // a kernel without a network has none
  const flags = await Promise.all(names.map((name) => readFlags(join(folder, name, 'flags'))));
  return names.filter((_, index) => ((flags[index] ?? 0) & (IFF_UP | IFF_LOOPBACK)) === IFF_UP);
}

/** 0 for an entry that is no interface, such as `bonding_masters`, or one that has just gone. */
async function readFlags(path: string): Promise<number> {
  const text = await readFile(path, 'utf8').catch(() => '0');
  return /^0x[0-9a-f]{1,8}\s*$/.test(text) ? Number(text) : 0;
}
