import { describe, expect, it } from 'vitest';
import { expectState } from './witness-state.js';
import {
  e820Of,
  hexOf,
  noise,
  piece,
  sha256,
  tell,
  toldMap,
  type Hex,
  type Request,
  type Told,
} from './witness.js';
import { manyRanges } from './ranges.js';

const MIB = 1n << 20n;
const text = 'console=com1 "quoted words" \\ ünïcödé';
const commandLine = { 'command-line': [text] };
const microvm = { model: 'microvm', memory: 128n * MIB } as const;
const q35 = { model: 'q35', memory: 128n * MIB } as const;
const BIOS = { ...q35, firmware: 'seabios' } as const;
/** eax at entry (Multiboot 0.6.96, 3.2). */
const MAGIC = 0x2badb002n;
/** Memory, command line, modules, memory map, name of the boot loader. */
const FLAGS = '0x24d';

interface Information {
  readonly address: Hex;
  readonly cmdline: { readonly address: Hex; readonly text: string };
  readonly modules: readonly { readonly mod_start: Hex; readonly mod_end: Hex }[];
  readonly [field: string]: unknown;
}

async function tellAndCompare(request: Request): Promise<Told> {
  const told = await tell(request);
  expect(told.submission.loader.name).toBe('multiboot');
  expect(told.witness).toMatchObject({ witness: request.kernel, mode: 'protected32' });
  const info = told.witness['multiboot'] as Information;
  expectState(told, request, { eax: MAGIC, ebx: BigInt(info.address) });
  expect(info.address).toBe(hexOf(piece(told.submission, 'multiboot-info').start));
  expectInformation(told, info, request);
  expectPage(told);
  return told;
}

/** The record has a page of its own, of which the kernel is told that it is reserved. */
function expectPage(told: Told): void {
  const { submission, witness } = told;
  const { start, size, memorySize } = piece(submission, 'last-words');
  expect({ start, size, memorySize }).toEqual({ start: submission.lastWords, size: 0n, memorySize: 0x1000n });
  const { mmap } = witness['multiboot'] as Information;
  expect(mmap).toContainEqual([hexOf(start), '0x1000', '0x2']);
}

/** The whole block, every field of it. */
function expectInformation(all: Told, info: Information, request: Request): void {
  const { submission } = all;
  const told = toldMap(all);
  const { kernel, options = {}, modules = [] } = request;
  const given = options['command-line']?.[0];
  const lower: unknown = request.guest.firmware === 'seabios' ? expect.any(String) : '0x27f';
  expect(info).toEqual({
    magic: hexOf(MAGIC),
    address: info.address,
    flags: FLAGS,
    ...{ mem_lower: lower, mem_upper: hexOf(memUpper(told)) },
    mods_count: hexOf(modules.length),
    modules: modules.map(({ bytes, commandLine: own }, n) => ({
      ...{ mod_start: expect.any(String) as string, mod_end: expect.any(String) as string },
      sha256: sha256(bytes),
      string: {
        address: expect.any(String) as string,
        text: own === '' ? `module ${n}` : `module ${n} ${own}`,
      },
      reserved: '0x0',
    })),
    cmdline: {
      address: expect.any(String) as string,
      text: given === undefined ? kernel : `${kernel} ${given}`,
    },
    boot_loader_name: {
      address: expect.any(String) as string,
      text: `kexec-kit ${submission.loader.version}`,
    },
    mmap: e820Of({ told }),
    mmap_length: hexOf(told.length * 24),
    mmapEnd: hexOf(told.length * 24),
    ...{
      boot_device: '0x0',
      drives_length: '0x0',
      drives_addr: '0x0',
      config_table: '0x0',
      apm_table: '0x0',
    },
    ...{ syms: '00'.repeat(16), vbe: '00'.repeat(16), framebuffer: '00'.repeat(28) },
  });
  for (const [n, { mod_start, mod_end }] of info.modules.entries()) {
    expect(BigInt(mod_start) % 4096n, `module ${n} begins at a page`).toBe(0n);
    expect(BigInt(mod_end) - BigInt(mod_start)).toBe(BigInt(modules[n]?.bytes.length ?? 0));
  }
  for (const { start } of submission.segments) expect(start).toBeGreaterThanOrEqual(0x1000n);
}

/** Up to the first hole from 1 MiB on, in KiB, calculated here. */
function memUpper(told: ReturnType<typeof toldMap>): bigint {
  const ram = told.find(({ kind, start }) => kind === 'ram' && start === MIB);
  return ((ram?.end ?? MIB) - MIB) / 1024n;
}

const manyModules = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    bytes: noise(1 + n * 517),
    commandLine: n % 3 === 2 ? '' : `argument ${n} "of" this`,
  }));

/** Whose kernel was running: 32-bit code is entered by two purgatories. */
describe.each(['x86_64', 'i386'] as const)('from a running kernel of %s', (architecture) => {
  const guest = { ...microvm, architecture };

  it.each(['multiboot', 'multiboot-flat'])('%s is told all that was planned', async (kernel) => {
    await tellAndCompare({ kernel, guest, options: commandLine });
  });

  it.each(['multiboot', 'multiboot-flat'])(
    '%s says the same when every register that was not promised holds garbage',
    async (kernel) => {
      await tellAndCompare({ kernel, guest, options: commandLine, garbage: true });
    },
  );
});

describe.each(['multiboot', 'multiboot-flat'])('%s', (kernel) => {
  it.each([0, 1, 20])('finds %d modules, each with its text', async (count) => {
    await tellAndCompare({ kernel, guest: q35, modules: manyModules(count) });
  });

  it('after SeaBIOS, whose data in page 0 stay as they are', async () => {
    const told = await tellAndCompare({ kernel, guest: BIOS, options: commandLine, modules: manyModules(1) });
    const lowest = told.submission.segments.map(({ start }) => start).sort((a, b) => (a < b ? -1 : 1))[0];
    expect(lowest).toBeGreaterThanOrEqual(0x1000n);
  });
});

it('20 modules of 100 KB each take no more segments than a kernel has', async () => {
  const modules = Array.from({ length: 20 }, (_, n) => ({ bytes: noise(100_003), commandLine: `${n}` }));
  const { submission } = await tellAndCompare({ kernel: 'multiboot', guest: q35, modules });
  expect(submission.segments.length).toBeLessThanOrEqual(15);
});

it('a map of 300 ranges is told whole, and nothing lies outside its RAM', async () => {
  expect(manyRanges).toHaveLength(300);
  await tellAndCompare({
    kernel: 'multiboot',
    guest: microvm,
    told: manyRanges,
    modules: [{ bytes: noise(5000), commandLine: 'x' }],
  });
});
