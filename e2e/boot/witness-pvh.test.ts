import { describe, expect, it } from 'vitest';
import { expectState } from './witness-state.js';
import {
  concatenated,
  e820Of,
  hexOf,
  noise,
  piece,
  sha256,
  tell,
  toldMap,
  type Request,
  type Told,
} from './witness.js';

const MIB = 1n << 20n;
const text = 'console=ttyS0 "quoted words" \\ ünïcödé';
const commandLine = { 'command-line': [text] };
const microvm = { model: 'microvm', memory: 128n * MIB } as const;
const q35 = { model: 'q35', memory: 128n * MIB } as const;
const LINKED = 16n * MIB;
/** Where the place at which the images are linked is not. */
const elsewhere = { memory: { start: 32n * MIB, end: 128n * MIB } };
/** The highest last byte, as the witnesses' PHYS32_RELOC says. */
const HIGHEST = 0x3fff_ffffn;

interface StartInfo {
  readonly address: string;
  readonly memmap_paddr: string;
  readonly modules: readonly {
    readonly paddr: string;
    readonly cmdline: { readonly address: string } | null;
  }[];
  readonly cmdline?: { readonly address: string; readonly text: string };
  readonly [field: string]: unknown;
}

async function tellAndCompare(request: Request): Promise<Told> {
  const told = await tell({ type: 'pvh', ...request });
  expect(told.witness).toMatchObject({ witness: request.kernel, mode: 'protected32' });
  const info = told.witness['hvm_start_info'] as StartInfo;
  expectState(told, request, { ebx: BigInt(info.address) });
  expectStartInfo(told, info, request);
  return told;
}

function expectStartInfo(all: Told, info: StartInfo, request: Request): void {
  const { submission } = all;
  const told = toldMap(all);
  const { firmware, options = {} } = request;
  const modules = modulesOf(request);
  expect(info).toMatchObject({
    ...{ magic: '0x336ec578', version: '0x1', flags: '0x0', reserved: '0x0', memmapReserved: '0x0' },
    rsdp_paddr: hexOf(firmware?.acpiRsdp ?? 0n),
    memmap_entries: hexOf(told.length),
    memmap: e820Of({ told }),
    nr_modules: hexOf(modules.length),
    modules: modules.map(({ bytes, commandLine: own }) => ({
      ...{ size: hexOf(bytes.length), sha256: sha256(bytes), reserved: '0x0' },
      cmdline: own === '' ? null : { text: own },
    })),
  });
  expect(info.cmdline?.text ?? '').toBe(options['command-line']?.[0] ?? '');
  expect(info['memmap']).toContainEqual([hexOf(submission.lastWords ?? 0n), '0x1000', '0x2']);
  const pointers = [
    info.address,
    info.memmap_paddr,
    info.cmdline?.address,
    ...info.modules.map((m) => m.paddr),
  ];
  const pieces = submission.segments.flatMap((segment) => segment.pieces);
  for (const address of pointers) {
    if (address === undefined) continue;
    const at = BigInt(address);
    const holder = pieces.find(({ start, memorySize }) => start <= at && at < start + memorySize);
    expect(holder, `${address} is in no piece`).toBeDefined();
  }
}

/** The initrds are the first module, as Linux expects; the others follow in their order. */
function modulesOf({ initrds = [], modules = [] }: Request): NonNullable<Request['modules']> {
  const initrd = initrds.length === 0 ? [] : [{ bytes: concatenated(initrds), commandLine: '' }];
  return [...initrd, ...modules];
}

describe.each(['x86_64', 'i386'] as const)(
  'a kernel with a PVH entry, from a kernel of %s',
  (architecture) => {
    describe.each(['pvh', 'pvh-moves', 'vmlinux'])('%s', (kernel) => {
      it.each([microvm, q35])('is handed what was planned, at its own place, on $model', async (machine) => {
        const guest = { ...machine, architecture };
        const told = await tellAndCompare({ kernel, guest, options: commandLine, initrds: [noise(70_001)] });
        expect(piece(told.submission, 'load.0').start).toBe(LINKED);
      });

      it('says the same when every register that was not promised holds garbage', async () => {
        const guest = { ...microvm, architecture };
        await tellAndCompare({ kernel, guest, options: commandLine, initrds: [noise(1)], garbage: true });
      });
    });

    it.each(['pvh-moves', 'vmlinux'])('%s is moved as a whole where its place is taken', async (kernel) => {
      const guest = { ...microvm, architecture };
      const request = { kernel, guest, policy: elsewhere, options: commandLine };
      const { submission } = await tellAndCompare(request);
      const [first, second] = [piece(submission, 'load.0'), piece(submission, 'load.1')];
      expect(first.start % (2n * MIB)).toBe(0n);
      expect(first.start).toBeGreaterThanOrEqual(32n * MIB);
      expect(second.start + second.memorySize).toBeLessThanOrEqual(HIGHEST + 1n);
    });

    it('pvh is refused where its place is taken', async () => {
      const guest = { ...microvm, architecture };
      await expect(tell({ kernel: 'pvh', type: 'pvh', guest, policy: elsewhere })).rejects.toThrow(
        'PVH_ADDRESS_TAKEN',
      );
    });
  },
);

it.each([0, 1, 20])('%d modules come behind the initrds, each with its command line', async (count) => {
  const modules = Array.from({ length: count }, (_, n) => {
    return { bytes: noise(1000 + n), commandLine: n % 2 === 0 ? `module ${String(n)} "x"` : '' };
  });
  const initrds = [noise(1001), noise(2002)];
  await tellAndCompare({ kernel: 'pvh', guest: microvm, options: commandLine, initrds, modules });
});

it('the RSDP is handed on', async () => {
  const firmware = { acpiRsdp: 0xf_59e0n };
  await tellAndCompare({ kernel: 'pvh', guest: q35, options: commandLine, firmware });
});

it('a kernel with a PVH entry is entered from five levels of paging', async () => {
  await tellAndCompare({ kernel: 'pvh', guest: { ...microvm, paging: 5 }, options: commandLine });
});

it('there is neither command line nor module when none is given', async () => {
  const { witness } = await tellAndCompare({ kernel: 'pvh', guest: microvm });
  expect(witness['hvm_start_info']).toMatchObject({ nr_modules: '0x0', modlist_paddr: '0x0', modules: [] });
});
