// @ts-check
/** Running programs, for the repository's own commands. Node's builtins only. */
import { spawn } from 'node:child_process';
import { root } from './workspace.mjs';

/** Something that was said in full already, or is said in one sentence: no stack trace helps. */
export class Failed extends Error {}

/**
 * Runs a program in the repository with our output as its own and nothing to read.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Readonly<Record<string, string>>; limit?: number }} [options] `limit`: in seconds, then it is killed.
 * @returns {Promise<void>} Rejects with {@link Failed} unless it exits with 0.
 */
export async function execute(command, args, { env = {}, limit = 0 } = {}) {
  const end = await new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, ...env }, timeout: limit * 1000 };
    // A worker that spins never sees a polite signal.
    const child = spawn(command, args, {
      ...options,
      killSignal: 'SIGKILL',
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve(signal ?? status);
    });
  });
  if (end === 0) return;
  const why =
    limit > 0 && end === 'SIGKILL' ? `did not end within ${String(limit)} s` : `ended with ${String(end)}`;
  throw new Failed(`\`${[command, ...args].join(' ')}\` ${why}`);
}
