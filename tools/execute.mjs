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
 * @param {{ env?: Readonly<Record<string, string>>; cwd?: string }} [options]
 * @returns {Promise<void>} Rejects with {@link Failed} unless it exits with 0.
 */
export async function execute(command, args, { env = {}, cwd = root } = {}) {
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      resolve(signal ?? status);
    });
  });
  if (code !== 0) throw new Failed(`\`${[command, ...args].join(' ')}\` ended with ${String(code)}`);
}
