import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  boot,
  guestMachine,
  guestModels,
  REGISTER_GARBAGE,
  ROM_PAGE,
  type Guest,
} from '@kexec-kit/backend-qemu';
import { range, type Part, type Range } from '@kexec-kit/loader-api';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { fault, GIB, look, MIB, PAGE, PATTERN, SEGMENT, word, ZEROS } from './rom-look.js';
import { ENDLESS, noSource, segment, submissionFor } from './rom-submission.js';

const GENERAL = 'rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const GENERAL_32 = GENERAL.slice(0, 8).map((name) => name.replace('r', 'e'));

describe.each(guestModels)('on %s', (model) => {
  describe.each([4, 5] as const)('with %d levels of paging', (paging) => {
    it.each([
      ['below', 256n * MIB, 32n * MIB],
      ['above', 6n * GIB, 5n * GIB],
    ])('a kernel %s 4 GiB is entered in the state in which Linux hands over', async (_, memory, at) => {
      const { state, debugcon } = await look({ model, paging, memory }, { at });

      expect(state).toMatchObject({
        cr0: word(0x80000033n), // PG, NE, ET, MP, PE
        cr3: word(ROM_PAGE.start - PAGE),
        cr4: word(paging === 5 ? 0x1020n : 0x20n), // PAE, LA57
        efer: word(0xd01n), // NXE, LMA, LME, SCE
        gdtLimit: word(0n),
        idtLimit: word(0n),
        ...{
          cs: word(0x10n),
          ds: word(0x18n),
          es: word(0x18n),
          fs: word(0x18n),
          gs: word(0x18n),
          ss: word(0x18n),
        },
        ...Object.fromEntries(GENERAL.map((name, n) => [name, word(REGISTER_GARBAGE + BigInt(n))])),
      });
      expect(BigInt(state.rflags) & 0x700n, 'no interrupts, no single steps, strings go upwards').toBe(0n);
      expect(debugcon).toBe('witness\n');
    });
  });

  it('an i386 kernel is entered in the state in which i386 Linux hands over', async () => {
    const { state, debugcon } = await look(
      { model, architecture: 'i386', memory: 256n * MIB },
      { at: 32n * MIB },
    );

    expect(state).toMatchObject({
      ...{ cr0: word(0x33n), cr3: word(0n), cr4: word(0n) }, // NE, ET, MP, PE: no PG
      efer: word(0x800n), // NXE
      ...{ gdtLimit: word(0n), idtLimit: word(0n) },
      ...{ cs: word(0x60n), ds: word(0x68n), es: word(0x68n), ss: word(0x68n), fs: word(0n), gs: word(0n) },
      ...Object.fromEntries(
        GENERAL_32.map((name, n) => [name, word(BigInt.asUintN(32, REGISTER_GARBAGE) + BigInt(n))]),
      ),
    });
    expect(BigInt(state.rflags) & 0x700n, 'no interrupts, no single steps, strings go upwards').toBe(0n);
    expect(debugcon).toBe('witness\n');
  });

  it('an i386 kernel finds the pattern in all RAM that is no segment, and zeros behind the content', async () => {
    const at = 32n * MIB;
    const scans = [
      ...[range(0n, 0xa0000n), range(MIB, at), range(at + SEGMENT, 256n * MIB)],
      range(at + 2n * PAGE, at + SEGMENT),
    ];
    const { state } = await look({ model, architecture: 'i386', memory: 256n * MIB }, { at, scans });
    expect(state.scans).toEqual([PATTERN, PATTERN, PATTERN, ZEROS]);
  });

  it('finds the pattern in all RAM that is no segment, and zeros behind the content', async () => {
    const at = 32n * MIB;
    const scans = [
      range(0n, 0xa0000n),
      range(MIB, at),
      range(at + SEGMENT, 256n * MIB),
      range(at + PAGE, at + SEGMENT),
    ];
    const { state } = await look({ model, memory: 256n * MIB }, { at, scans });
    expect(state.scans).toEqual([PATTERN, PATTERN, PATTERN, ZEROS]);
  });

  it('reaches all of 6 GiB, with the pattern in the first 256 MiB and around the segments', async () => {
    const [at, low] = [5n * GIB, guestMachine({ model, memory: 6n * GIB }).usable[1] as Range];
    const last = (guestMachine({ model, memory: 6n * GIB }).usable[2] as Range).end;
    const scans = [
      ...[range(MIB, 256n * MIB), range(at - 2n * MIB, at), range(at + SEGMENT, at + 2n * MIB)],
      ...[range(low.end - PAGE, low.end), range(last - PAGE, last)],
    ];
    const { state } = await look({ model, memory: 6n * GIB }, { at, scans });
    expect(state.scans).toEqual([PATTERN, PATTERN, PATTERN, ZEROS, ZEROS]);
  });

  it.each([
    ['behind the last byte of RAM', 256n * MIB, 256n * MIB],
    ['in the hole below 4 GiB', 6n * GIB, 0xe0000000n],
  ])('resets when it looks %s: nothing is mapped there', async (_, memory, beyond) => {
    expect(await fault({ model, memory }, { at: 2n * MIB, scans: [range(beyond, beyond + 8n)] })).toBe(true);
  });

  it('has the memory map that QEMU itself tells of', () => {
    for (const memory of [64n * MIB, 2815n * MIB, 2816n * MIB, 3072n * MIB, 3073n * MIB, 6144n * MIB]) {
      const ram = guestMachine({ model, memory }).told.filter(({ kind }) => kind === 'ram');
      expect(flatRam({ model, memory }), `${memory}`).toEqual(
        ram.slice(1).map(({ start, end }) => range(start, end)),
      );
    }
  });
});

describe('a strict map', () => {
  const guest = { model: 'q35', memory: 256n * MIB, strictMap: true } as const;
  const at = 32n * MIB;
  const mapping = range(0x40_0000n, 0x40_2000n);

  it.each([4, 5] as const)('has the segments and the declared mappings, at %d levels', async (paging) => {
    const more = [segment(64n * MIB, [{ bytes: Uint8Array.of(1) }], PAGE)];
    const scans = [mapping, range(at + PAGE, at + SEGMENT), range(64n * MIB, 64n * MIB + PAGE)];
    const { state } = await look({ ...guest, paging }, { at, scans, more, mappings: [mapping] });
    expect(state.scans).toEqual([PATTERN, ZEROS, { first: word(1n), others: word(511n) }]);
  });

  it.each([
    ['the first page', 0n],
    ['the page before a segment', at - 8n],
    ['the page after a segment', at + SEGMENT],
    ['the page before a declared mapping', mapping.start - 8n],
    ['the page after a declared mapping', mapping.end],
    ['the page tables', ROM_PAGE.start - 8n],
  ])('does not have %s: the guest resets', async (_, address) => {
    const looking = { at, mappings: [mapping], scans: [range(address, address + 8n)] };
    expect(await fault(guest, looking), 'strict').toBe(true);
    expect(await fault({ ...guest, strictMap: false }, looking), 'as Linux').toBe(false);
  });
});

describe('content', () => {
  it('comes from sources, zeros and randomness in their order', async () => {
    const [at, start, size] = [32n * MIB, 64n * MIB, 3 * 1024 * 1024];
    const parts: Part[] = [{ source: 'a', offset: 8, length: size }, { zeros: PAGE }, { fresh: 64 }];
    const more = [segment(start, parts, 4n * MIB)];
    const ends = [
      start,
      start + BigInt(size),
      start + BigInt(size) + PAGE,
      start + BigInt(size) + PAGE + 64n,
    ];
    const scans = ends.map((end, n) => range(end, ends[n + 1] ?? start + 4n * MIB));
    const read = (_: string, offset: number, into: Uint8Array) =>
      Promise.resolve(void into.fill(offset < 8 ? 1 : 2));
    const { state } = await look({ model: 'microvm', memory: 128n * MIB }, { at, scans, more }, read);
    expect(state.scans[0]).toEqual({ first: word(0x0202020202020202n), others: word(0n) });
    expect(state.scans[1]).toEqual(ZEROS);
    expect(state.scans[2]?.others).toBe(word(7n));
    expect(state.scans[3]).toEqual(ZEROS);
  });
});

describe('a run', () => {
  const guest = { model: 'microvm', memory: 16n * MIB } as const;
  const endless = submissionFor(guest, [segment(2n * MIB, [{ bytes: ENDLESS }], PAGE)], 2n * MIB);

  it.each([
    ['debugcon', Uint8Array.of(0xb0, 0x6f, 0xe6, 0xe9, 0xeb, 0xfe)], // mov $'o', %al; out %al, $0xe9; jmp .
    ['serial', Uint8Array.of(0xb0, 0x6f, 0x66, 0xba, 0xf8, 0x03, 0xee, 0xeb, 0xfe)], // … mov $0x3f8, %dx; out %al, %dx
  ])('ends as soon as the guest, which would go on for ever, has said it on %s', async (on, bytes) => {
    const heard: Uint8Array[] = [];
    const onOutput = (chunk: Uint8Array) => heard.push(chunk);
    const submission = submissionFor(guest, [segment(2n * MIB, [{ bytes }], PAGE)], 2n * MIB);
    const booted = await boot(submission, noSource, { ...guest, until: 'o', timeoutMs: 20_000, onOutput });
    const said = on === 'serial' ? { output: 'o', debugcon: '' } : { output: '', debugcon: 'o' };
    expect(booted).toMatchObject({ ok: true, value: { outcome: 'seen', exitCode: null, ...said } });
    expect(Buffer.concat(heard).toString()).toBe(said.output);
  });

  it('that does not end is stopped in time', async () => {
    const booted = await boot(endless, noSource, { ...guest, timeoutMs: 300 });
    expect(booted).toMatchObject({ ok: true, value: { outcome: 'timeout', lastLine: '', exitCode: null } });
  });

  it('ends when the CPU sleeps with interrupts off, and not when it sleeps with them on', async () => {
    const [off, on] = [Uint8Array.of(0xfa, 0xf4), Uint8Array.of(0xfb, 0xf4)]; // cli; hlt, and sti; hlt
    const sleep = (bytes: Uint8Array, timeoutMs: number) =>
      boot(submissionFor(guest, [segment(2n * MIB, [{ bytes }], PAGE)], 2n * MIB), noSource, {
        ...guest,
        timeoutMs,
      });
    expect(await sleep(off, 20_000)).toMatchObject({
      ok: true,
      value: { outcome: 'halted', exitCode: null },
    });
    expect(await sleep(on, 1000)).toMatchObject({ ok: true, value: { outcome: 'timeout' } });
  });

  it('can be aborted', async () => {
    const controller = new AbortController();
    const booted = boot(endless, noSource, { ...guest, timeoutMs: 20_000, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(booted).rejects.toThrow('enough');
  });

  it('dies with its parent, even when that is killed', async () => {
    const parent = await spawnParent();
    const qemu = await childOf(parent.pid as number);
    expect(readFileSync(`/proc/${qemu}/cmdline`, 'utf8')).toContain('qemu-system-x86_64');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isRunning(qemu), { timeout: 5000 }).toBe(false);
  });
});

/** RAM from 1 MiB on, in QEMU's own words. */
function flatRam({ model, memory }: Guest): Range[] {
  const args = [
    '-M',
    model,
    '-m',
    `${memory / MIB}`,
    '-nodefaults',
    '-display',
    'none',
    '-S',
    '-monitor',
    'stdio',
  ];
  const told = execFileSync('qemu-system-x86_64', args, { input: 'info mtree -f\nquit\n', encoding: 'utf8' });
  const lines = told.matchAll(/^ +([0-9a-f]{16})-([0-9a-f]{16}) \(prio 0, ram\): (?:pc|microvm)\.ram/gm);
  const all = [...lines].map(([, first, last]) => [BigInt(`0x${first}`), BigInt(`0x${last}`) + 1n] as const);
  const unique = new Map(all.filter(([start]) => start >= MIB));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([start, end]) => range(start, end));
}

/** A process of its own that boots something endless. */
async function spawnParent() {
  const bundled = await build({
    ...{
      entryPoints: [join(import.meta.dirname, 'rom-parent.ts')],
      bundle: true,
      write: false,
      logLevel: 'error',
    },
    ...{ platform: 'node', format: 'esm', conditions: ['@kexec-kit/source'] },
  });
  const program = (bundled.outputFiles[0] as { text: string }).text;
  return spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' });
}

async function childOf(pid: number): Promise<string> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const children = () => readFileSync(path, 'utf8').trim();
  // setpriv is the first to be there; it becomes QEMU.
  const isQemu = () =>
    children() !== '' && readFileSync(`/proc/${children()}/cmdline`, 'utf8').startsWith('/usr/bin/qemu');
  await expect.poll(isQemu, { timeout: 10_000 }).toBe(true);
  return children();
}

/** Also a dead child that nobody has waited for is not running. */
function isRunning(pid: string): boolean {
  return existsSync(`/proc/${pid}/stat`) && !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
