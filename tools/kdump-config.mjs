// @ts-check
/** Debian's kdump-config(8), unpacked and never installed: the script that calls kexec(8) for crash kernels. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(fileURLToPath(new URL('..', import.meta.url)), '.cache', 'kdump-tools');

/** Fetches it if it is not there. Returns its path. */
export function kdumpConfig() {
  const script = join(folder, 'unpacked', 'usr', 'sbin', 'kdump-config');
  if (!existsSync(script)) fetch();
  return script;
}

function fetch() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('apt-get', ['download', 'kdump-tools'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  execFileSync('dpkg-deb', ['-x', join(folder, archive), join(folder, 'unpacked')]);
}
