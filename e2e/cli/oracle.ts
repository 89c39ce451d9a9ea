import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/workspace.mjs';
import { oracle } from '../../tools/oracle-kexec.mjs';
import { oracleForNode } from '../../tools/oracle-node.mjs';

/** The long options of Debian's kexec(8), by its own word: it names all that an empty beginning fits. */
export function oracleOptions(): readonly string[] {
  const { command, environment } = oracle();
  const { stderr } = spawnSync(command, ['--='], { env: environment, encoding: 'utf8' });
  return Array.from(stderr.matchAll(/'--([a-z][a-z0-9-]*)'/g), ([, name = '']) => name);
}

/** What a whole process came to: its exit status, and what it asked the kernel for. */
export interface Asked {
  readonly status: number | null;
  /** e.g. `flags 0x3e0000, buffers of 0x1000 bytes and more: 0xb187c0`. */
  readonly calls: readonly string[];
  readonly said: string;
}

/** Runs Debian's kexec(8) on the machine whose files are below `machine`; its system call is answered by a library. */
export function theirKexec(machine: string, argv: readonly string[]): Asked {
  const { command, environment } = oracle();
  return ask(machine, [command, ...argv], environment);
}

/** The same for the program `kexec` of ours, as it is built: nothing of it is replaced, the same library answers. */
export function ourKexec(machine: string, argv: readonly string[]): Asked {
  const bin = join(root, 'packages/cli/bin/kexec.mjs');
  return ask(machine, [process.execPath, bin, ...argv], oracleForNode());
}

function ask(
  machine: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Asked {
  const report = join(machine, 'report');
  rmSync(report, { force: true });
  const [command = '', ...argv] = words;
  const { status, stdout, stderr } = spawnSync(command, argv, {
    env: { PATH: '/usr/bin:/bin', ...environment, KEXEC_ROOT: machine, KEXEC_REPORT: report },
    encoding: 'utf8',
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  const lines = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n') : [];
  return { status, calls: callsOf(lines), said: stdout + stderr };
}

/** Small buffers are each one's own business: purgatory, parameters. Large ones come from files, and are the same. */
const LARGE = 0x10000;

function callsOf(lines: readonly string[]): readonly string[] {
  const calls: string[] = [];
  for (const line of lines) {
    const flags = /flags (\S+) segments/.exec(line)?.[1];
    const size = /bufsz (\S+)/.exec(line)?.[1];
    if (flags !== undefined) calls.push(`flags ${flags}`);
    else if (size === undefined) calls.push(line);
    else if (Number(size) >= LARGE) calls.push(`content ${size}`);
  }
  return calls.sort();
}
