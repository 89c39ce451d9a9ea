// Debian's own kexec(8), unpacked and never installed, with the library that answers its system call.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache', 'oracle');

/** kexec(8) and the libraries that it is linked with. */
const packages = [
  'kexec-tools',
  'libxenmisc4.17',
  'libxencall1',
  'libxenforeignmemory1',
  'libxentoollog1',
  'libxendevicemodel1',
  'libxenevtchn1',
  'libxengnttab1',
  'libxentoolcore1',
];

/** Fetches and builds what is missing. Returns how to run it: a command and the environment it needs. */
export function oracle() {
  const unpacked = join(folder, 'unpacked');
  if (!existsSync(join(unpacked, 'sbin', 'kexec'))) fetch(unpacked);
  const library = join(folder, 'intercept.so');
  const source = join(root, 'e2e', 'oracle', 'intercept.c');
  if (!existsSync(library) || statSync(library).mtimeMs < statSync(source).mtimeMs) {
    // Renamed when it is whole: tests may start at once.
    const scratch = `${library}.${String(process.pid)}`;
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-shared', '-fPIC', '-o', scratch, source], {
      stdio: 'inherit',
    });
    renameSync(scratch, library);
  }
  return {
    command: join(unpacked, 'sbin', 'kexec'),
    environment: { LD_LIBRARY_PATH: join(unpacked, 'usr', 'lib', 'x86_64-linux-gnu'), LD_PRELOAD: library },
  };
}

function fetch(unpacked) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  execFileSync('apt-get', ['download', ...packages], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    execFileSync('dpkg-deb', ['-x', join(folder, file), unpacked]);
  }
}

/** Writes the /proc and /sys of a made-up machine under `into`: `told` is the firmware's map, `[start, end, type]`, ends exclusive. */
export function madeUpMachine(into, told) {
  rmSync(into, { recursive: true, force: true });
  const put = (path, text) => {
    mkdirSync(join(into, path, '..'), { recursive: true });
    writeFileSync(join(into, path), text);
  };
  told.forEach(([start, end, type], index) => {
    const entry = `sys/firmware/memmap/${String(index)}`;
    put(`${entry}/start`, `0x${start.toString(16)}\n`);
    put(`${entry}/end`, `0x${(end - 1n).toString(16)}\n`);
    put(`${entry}/type`, `${type}\n`);
  });
  const width = (address) => address.toString(16).padStart(8, '0');
  put(
    'proc/iomem',
    told.map(([start, end, type]) => `${width(start)}-${width(end - 1n)} : ${type}\n`).join(''),
  );
  put('proc/cmdline', 'root=/dev/sda1 ro\n');
  put('proc/sys/kernel/arch', 'x86_64\n');
  put('sys/kernel/kexec_loaded', '0\n');
  put('sys/devices/system/cpu/possible', '0-1\n');
}

// By itself: what the tests need is there before they start.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(oracle().command);
}
