import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from './guest.js';
import { jobs } from './jobs.js';
import { tablePage, type Cell } from './table-page.js';
import { allWays, enterBy, leads, registers, type Way } from './ways.js';

const page = fileURLToPath(new URL('../../../docs/reference/purgatory-jobs.md', import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-jobs-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What was found, cell by cell: the page is made of it. */
const cells: Cell[] = [];

describe.each(allWays.filter(leads))('from $running to $mode', (way) => {
  it.each(jobs)('$name: done, and the kernel is entered as promised', async (job) => {
    const own = mkdtempSync(join(folder, 'run-'));
    const entered = await enterBy(way, job, {
      ...(job.firmware && { firmware: job.firmware }),
      ...(job.devices && { devices: job.devices(own) }),
      ...(job.questions && { questions: job.questions(own) }),
    });
    expect(promisedOf(entered.state)).toEqual(promised(way));
    job.check(entered, own, way);
    cells.push({ job: job.name, way, state: entered.state });
  });
});

// To write it anew: npx vitest run --project boot e2e/boot/purgatory/table.test.ts -u=true
it('the table in the reference is what was found here', async () => {
  const text = tablePage(cells);
  await expect(
    await format(text, { ...(await resolveConfig(page)), parser: 'markdown' }),
  ).toMatchFileSnapshot(page);
});

/** The part of a state that is promised whatever the job: numbers as the witness prints them, without leading zeros. */
function promisedOf(state: State): Record<string, string> {
  const names = Object.keys(state).filter((name) => !['scans', 'gdtBase', 'idtBase', 'cr3'].includes(name));
  return Object.fromEntries(names.map((name) => [name, short(state[name])]));
}

function short(value = ''): string {
  return `0x${BigInt(value).toString(16)}`;
}

function promised(way: Way): Record<string, string> {
  return { ...named(way), ...controls(way), ...segments(way) };
}

const WIDE = ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp'];

function named({ mode }: Way): Record<string, string> {
  const entries = Object.entries(registers[mode]).map(([name, value]) => [
    WIDE.includes(name) ? `e${name}` : name,
    `0x${value.toString(16)}`,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function controls({ running, mode }: Way): Record<string, string> {
  if (mode === 'long64') {
    return {
      rflags: '0x2',
      cr0: '0x80000033',
      cr4: '0x20',
      efer: '0xd01',
      gdtLimit: '0x1f',
      idtLimit: '0x0',
    };
  }
  const efer = running === 'i386' ? '0x800' : '0x801';
  const real = mode === 'real16';
  return {
    ...{ eflags: '0x2', cr0: real ? '0x10' : '0x11', cr4: '0x0', efer },
    ...{ gdtLimit: real ? '0x17' : '0x1f', idtLimit: real ? '0x3ff' : '0x0' },
  };
}

function segments({ mode }: Way): Record<string, string> {
  if (mode === 'real16') return {};
  const [cs, ds, es, fs, gs, ss] = ['0x10', '0x18', '0x18', '0x18', '0x18', '0x18'] as const;
  return { cs, ds, es, fs, gs, ss };
}
