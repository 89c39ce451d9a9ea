/**
 * The command line, in this process.
 */
/* eslint-disable kexec-kit/imports -- it exports nothing, yet what it parses and prints is what the documentation is about */
import { join } from 'node:path';
import type { LoaderManifest } from '@kexec-kit/loader-api';
import type { SyscallPort } from '@kexec-kit/syscall';
import { packages, readJson, root } from '../../tools/workspace.mjs';
import { parseArguments } from '../../packages/cli/src/arguments.js';
import { allCodes } from '../../packages/cli/src/all-codes.js';
import { commands } from '../../packages/cli/src/commands.js';
import { discover } from '../../packages/cli/src/discover.js';
import { run } from '../../packages/cli/src/main.js';
import { coloursFor } from '../../packages/cli/src/terminal.js';

export { allCodes, commands, parseArguments };

/** The manifests of the official loaders. */
export const manifests = packages()
  .filter(({ layer }) => layer === 'loader')
  .map(({ path }) => readJson(join(path, 'loader.json')) as LoaderManifest);

/** What a command line came to. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Documentation loads nothing and starts nothing, whoever runs these tests. */
const noSyscalls: SyscallPort = {
  kexecLoad: refused,
  kexecFileLoad: refused,
  rebootKexec: refused,
  sync: () => undefined,
  memoryFile: refused,
};

function refused() {
  return { ok: false, errno: 1, name: 'EPERM' } as const;
}

/** Runs one command line, not on a terminal. */
export async function kexecKit(...argv: readonly string[]): Promise<Ran> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const status = await run(argv, {
    version: '0.0.0',
    stdout: outputInto(stdout),
    stderr: outputInto(stderr),
    env: {},
    discover: () => discover(join(root, 'packages/cli/bin/kexec-kit.mjs')),
    system: { root: '/', syscalls: noSyscalls, runProgram: () => Promise.resolve(undefined) },
    signal: new AbortController().signal,
  });
  return { status, stdout: stdout.join(''), stderr: stderr.join('') };
}

function outputInto(written: string[]) {
  return {
    write: (text: string | Uint8Array) => void written.push(Buffer.from(text).toString()),
    colours: coloursFor(false, {}),
    terminal: false,
    width: 80,
  };
}
