// @ts-check
/** What makes our own program run on a made-up machine as a whole process: the oracle's library, and one for Node's calls. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oracle } from './oracle-kexec.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'e2e/cli/intercept-node.c');
const library = join(root, '.cache/oracle/intercept-node.so');

/**
 * Builds what is missing. Returns the environment for Node: beside it `KEXEC_ROOT` names the machine's files, and
 * `KEXEC_REPORT` the file that the system calls are written down in.
 *
 * @returns {{ LD_PRELOAD: string }}
 */
export function oracleForNode() {
  const { LD_PRELOAD } = oracle().environment;
  if (!existsSync(library) || statSync(library).mtimeMs < statSync(source).mtimeMs) {
    mkdirSync(dirname(library), { recursive: true });
    execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-shared', '-fPIC', '-o', library, source], {
      stdio: 'inherit',
    });
  }
  return { LD_PRELOAD: `${library} ${LD_PRELOAD}` };
}

/**
 * What a machine's files need besides, to be one on which a kernel can be loaded.
 *
 * @param {string} machine The folder that stands for `/`.
 */
export function letLoad(machine) {
  const files = {
    'proc/self/status': 'CapEff:\t000001ffffffffff\n',
    'proc/self/uid_map': '         0          0 4294967295\n',
    'proc/sys/kernel/random/boot_id': '6d1f9a52-7d1c-4c0e-8a43-2f6f3c0c6b5e\n',
    'sys/kernel/kexec_loaded': '0\n',
    'sys/kernel/kexec_crash_loaded': '0\n',
    'run/.keep': '',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(machine, dirname(path)), { recursive: true });
    writeFileSync(join(machine, path), text);
  }
}
