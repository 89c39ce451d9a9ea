// Builds the boot loader that keeps a second kernel (bundle-keeper.S and .c), and lets it crash.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { qemu, type Machine, type Said } from './bundle-qemu.js';

const flags = [
  ...['-m32', '-march=i686', '-O2', '-std=c11', '-Wall', '-Wextra', '-Werror', '-ffreestanding'],
  ...['-fno-pic', '-fno-stack-protector', '-fcf-protection=none', '-mgeneral-regs-only'],
  ...['-fno-tree-loop-distribute-patterns', '-fno-asynchronous-unwind-tables'],
];
/** Where the keeper runs; the bundle that it is given lies behind it. */
export const KEEPER = 0x200_0000n;

/** How it enters the bundle, and where it keeps it meanwhile: 0 is where it was loaded. */
export interface Keeping {
  readonly mode: 32 | 64;
  readonly levels?: 4 | 5;
  readonly at: bigint;
}

export function buildKeeper(folder: string): string {
  const program = join(folder, 'keeper.elf');
  const own = (name: string) => fileURLToPath(new URL(`bundle-keeper.${name}`, import.meta.url));
  const layout = [`-Wl,-Ttext=0x${KEEPER.toString(16)},-e,start,--build-id=none`, '-nostdlib', '-static'];
  execFileSync('gcc', [...flags, ...layout, '-o', program, own('S'), own('c')], { stdio: 'pipe' });
  return program;
}

/** Two kernels at once: QEMU loads both, the keeper runs, crashes, and what it kept is entered. */
export function crash(
  machine: Machine,
  { keeper, bundle }: { readonly keeper: string; readonly bundle: string },
  { mode, levels = 4, at }: Keeping,
  until = 'end of witness',
): Promise<Said> {
  const words = `@ ${mode} ${levels} ${at.toString(16)}`;
  return qemu(machine, ['-kernel', keeper, '-initrd', bundle, '-append', words], until, 30_000);
}
