// @ts-check
/**
 * The Debian packages that the repository's own tests, demo and generators run, and how to get them.
 * What ships needs none of them. Node's builtins only: this runs before anything is installed.
 * kexec-tools is not among them: installing it changes how the machine reboots. tools/oracle-kexec.mjs unpacks it instead.
 */
import { spawnSync } from 'node:child_process';
import { userInfo } from 'node:os';

/**
 * One row per package. `tiers` are those of tools/tiers.mjs (and `demo`, `bench`, `generate`) that cannot run without it.
 *
 * @type {readonly { name: string; why: string; tiers: readonly string[] }[]}
 */
export const debianPackages = [
  {
    name: 'qemu-system-x86',
    why: 'runs the planned kernels',
    tiers: ['static', 'unit', 'boot', 'guest', 'demo'],
  },
  { name: 'seabios', why: 'the firmware of boots that need a BIOS', tiers: ['boot', 'guest', 'demo'] },
  { name: 'grub-common', why: 'makes a rescue image that starts a bundle', tiers: ['boot'] },
  { name: 'grub-pc-bin', why: 'the GRUB in that image', tiers: ['boot'] },
  { name: 'xorriso', why: 'writes that image', tiers: ['boot'] },
  { name: 'mtools', why: 'what grub-mkrescue asks for besides', tiers: ['boot'] },
  { name: 'bochs', why: 'emulates SHA extensions, which QEMU does not', tiers: ['boot'] },
  {
    name: 'busybox-static',
    why: 'the userland of test initramfs images',
    tiers: ['static', 'boot', 'guest', 'demo', 'bench'],
  },
  { name: 'cpio', why: 'checks the initramfs writer against the tool everybody has', tiers: ['boot'] },
  {
    name: 'gcc',
    why: 'compiles purgatory, witness kernels and the oracle',
    tiers: ['static', 'unit', 'oracle', 'boot', 'bench', 'generate'],
  },
  {
    name: 'binutils',
    why: 'links purgatory and witness kernels',
    tiers: ['static', 'unit', 'oracle', 'boot', 'bench', 'generate'],
  },
  {
    name: 'libc6-dev',
    why: 'headers for the oracle and for purgatory run as a program',
    tiers: ['unit', 'boot', 'oracle', 'bench'],
  },
  { name: 'clang', why: 'proves that purgatory does not depend on one compiler', tiers: ['unit'] },
  { name: 'time', why: 'tells the peak memory of a whole process', tiers: ['bench'] },
  { name: 'zstd', why: 'makes compressed images for the decompressors to read', tiers: ['unit', 'boot'] },
  {
    name: 'xz-utils',
    why: 'makes compressed images for the decompressors to read; unpacks the source that is measured beside',
    tiers: ['unit', 'boot', 'bench'],
  },
  { name: 'lz4', why: 'makes compressed images for the decompressors to read', tiers: ['unit'] },
  { name: 'bzip2', why: 'makes compressed images for the decompressors to read', tiers: ['unit'] },
  { name: 'lzop', why: 'makes compressed images for the decompressors to read', tiers: ['unit'] },
];

/**
 * Installs what is missing of what the named tiers need; does nothing, and reads no network, when all is there.
 *
 * @param {readonly string[]} tiers
 * @returns {{ ok: true } | { ok: false; command: string; reason: string }}
 */
export function ensureDebianPackages(tiers) {
  const missing = debianPackages
    .filter((row) => row.tiers.some((tier) => tiers.includes(tier)))
    .map(({ name }) => name)
    .filter((name) => !isInstalled(name));
  if (missing.length === 0) return { ok: true };

  const command = `apt-get update && apt-get install --yes --no-install-recommends ${missing.join(' ')}`;
  if (!hasApt())
    return { ok: false, command, reason: `these Debian packages are needed: ${missing.join(' ')}` };
  if (userInfo().uid !== 0) return { ok: false, command, reason: 'installing Debian packages needs root' };

  console.log(`Installing ${missing.join(' ')} from Debian`);
  const update = apt('update');
  const install = update ? apt('install', '--yes', '--no-install-recommends', ...missing) : false;
  return install ? { ok: true } : { ok: false, command, reason: 'apt-get failed' };
}

/** @param {string} name */
function isInstalled(name) {
  const query = spawnSync('dpkg-query', ['--show', '--showformat=${db:Status-Status}', name], {
    encoding: 'utf8',
  });
  return query.status === 0 && query.stdout === 'installed';
}

function hasApt() {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** @param {string[]} args */
export function apt(...args) {
  const run = spawnSync('apt-get', ['--quiet', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return run.status === 0;
}
