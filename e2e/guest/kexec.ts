import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import { image } from '../../tools/images.mjs';
import { nextStage, type CommandResult, type GuestResult } from './guest.js';

/** The kernels that run, by the versions that are in their names. */
export type Linux = '6.12' | '6.1';

export const bzImages: Readonly<Record<Linux, string>> = { '6.12': 'linux-6.12-cloud', '6.1': 'linux-6.1' };

/** Where a kernel is on this machine. */
export async function bzImage(version: Linux): Promise<string> {
  return (await image(bzImages[version])).path;
}

const content = randomBytes(3_000_001);
const digest = createHash('sha256').update(content).digest('hex');

/** What each kernel must find again in its initrd. */
export const carried = { 'payload/random': content };
export const carriedDigest = { '/payload/random': digest };

/** Says which kernel runs, with which command line, and what has become of the file in its initrd. */
export const tell = 'uname -r; cat /proc/cmdline; sha256sum /payload/random';

/** The start of another kernel that goes on with a stage; `load` is the command line of kexec that names it. */
export function onward(stage: number, load: string): string[] {
  return ['repack /rootfs.cpio', `${load} --initrd=/rootfs.cpio --append="${nextStage(stage)}"`, 'kexec -e'];
}

/** That a stage runs in this kernel, which was told where to go on, and has the file as it was. */
export function expectTold(guest: GuestResult, stage: number, running: Linux): void {
  const told = resultOf(guest, stage, tell).stdout.split('\n');
  expect(told, last(guest)).toEqual([
    expect.stringMatching(new RegExp(`^${running.replace('.', '\\.')}\\.`)),
    nextStage(stage),
    `${digest}  /payload/random`,
    '',
  ]);
}

/** What became of a command. @throws Error with what the guest said last, when it never came to it. */
export function resultOf(guest: GuestResult, stage: number, command: string): CommandResult {
  const found = guest.results.find((result) => result.stage === stage && result.command === command);
  if (found === undefined) throw new Error(`stage ${stage} never did "${command}": ${last(guest)}`);
  return found;
}

/** What is worth knowing of a run that did not go as it should. */
export function last({ outcome, lastLine, results, milliseconds }: GuestResult): string {
  const failed = results.filter(({ status }) => status !== 0);
  const seconds = (milliseconds / 1000).toFixed(0);
  return `${outcome} after ${seconds} s, last heard: ${lastLine}\n${JSON.stringify(failed.slice(-2))}`;
}
