import { readFileSync } from 'node:fs';
import ts from 'typescript';
import type { GuestRequest, GuestResult } from './guest.js';
import type { Load, Raw } from './program/load.js';
import { INSTALLED } from './rootfs.js';

/** A program of the guest in TypeScript, as Node runs it there. */
export function programOf(name: 'load' | 'facts'): string {
  const source = readFileSync(new URL(`program/${name}.ts`, import.meta.url), 'utf8');
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** The program that uses the library in a guest, as a file of the guest. */
export const loadProgram: NonNullable<GuestRequest['files']> = {
  [`${INSTALLED}/load.mjs`]: programOf('load'),
};

/** What it is told to do. */
export type Step =
  | readonly ['load', Load]
  | readonly ['raw', Raw]
  | readonly ['unload' | 'status' | 'execute', 'normal' | 'crash']
  | readonly ['available'];

/** The command that does these steps in one process. */
export function library(...steps: readonly Step[]): string {
  return `node /${INSTALLED}/load.mjs '${JSON.stringify(steps)}'`;
}

/** What the steps of a command gave, one after the other. @throws Error with what it said, when it did not get through. */
export function stepsOf({ results }: GuestResult, stage: number, index: number): unknown[] {
  const result = results.filter((each) => each.stage === stage)[index];
  if (result?.status !== 0) throw new Error(`command ${index} of stage ${stage}: ${JSON.stringify(result)}`);
  return result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
