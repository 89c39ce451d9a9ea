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
const commandLine = { 'command-line': ['console=com1 "quoted words" \\ ünïcödé'] };
const microvm = { model: 'microvm', memory: 128n * MIB } as const;
const q35 = { model: 'q35', memory: 128n * MIB } as const;
/** eax at entry (Multiboot2 2.0, 3.3). */
const MAGIC = 0x36d76289n;
const LINKED = 16n * MIB;

interface Tag {
  readonly type: Hex;
  readonly size: Hex;
  readonly [field: string]: unknown;
}

interface Information {
  readonly address: Hex;
  readonly total_size: Hex;
  readonly tags: readonly Tag[];
  readonly [field: string]: unknown;
}

async function tellAndCompare(request: Request): Promise<Told> {
  const told = await tell(request);
  expect(told.submission.loader.name).toBe('multiboot2');
  expect(told.witness).toMatchObject({ witness: request.kernel, mode: 'protected32' });
  const info = informationOf(told);
  expectState(told, request, { eax: MAGIC, ebx: BigInt(info.address) });
  expectInformation(told, info, request);
  return told;
}

function informationOf({ witness }: Told): Information {
  return witness['multiboot2'] as Information;
}

/** The block around its tags, and the tags that every kernel is given. */
function expectInformation(all: Told, info: Information, request: Request): void {
  const { submission } = all;
  const told = toldMap(all);
  const { start, size } = piece(submission, 'multiboot2-info');
  const { kernel, options = {}, modules = [] } = request;
  const given = options['command-line']?.[0];
  expect(info).toMatchObject({
    ...{
      magic: hexOf(MAGIC),
      address: hexOf(start),
      total_size: hexOf(size),
      reserved: '0x0',
      end: hexOf(size),
    },
  });
  expect(start % 8n, 'the block lies at a multiple of 8').toBe(0n);
  expect(info.tags.at(-1)).toMatchObject({ type: '0x0', size: '0x8' });
  expect(only(info, 1)).toMatchObject({ string: given === undefined ? kernel : `${kernel} ${given}` });
  expect(only(info, 2)).toMatchObject({ string: `kexec-kit ${submission.loader.version}` });
  expect(only(info, 4)).toMatchObject({ data: basicMemory(told) });
  expect(only(info, 6)).toMatchObject({
    entry_size: '0x18',
    entry_version: '0x0',
    entries: e820Of({ told }),
  });
  expect(only(info, 6)?.['entries']).toContainEqual([hexOf(submission.lastWords ?? 0n), '0x1000', '0x2']);
  expect(info.tags.filter(({ type }) => type === '0x3')).toMatchObject(
    modules.map(({ bytes, commandLine: own }, n) => ({
      sha256: sha256(bytes),
      string: own === '' ? `module ${n}` : `module ${n} ${own}`,
    })),
  );
}

function only({ tags }: Information, type: number): Tag | undefined {
  const found = tags.filter((tag) => tag.type === hexOf(type));
  expect(found.length, `tags of type ${type}`).toBe(1);
  return found[0];
}

/** mem_lower and mem_upper as the witness shows bytes: 639 KiB, and up to the first hole. */
function basicMemory(told: ReturnType<typeof toldMap>): string {
  const ram = told.find(({ kind, start }) => kind === 'ram' && start === MIB);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(639);
  bytes.writeUInt32LE(Number(((ram?.end ?? MIB) - MIB) / 1024n), 4);
  return bytes.toString('hex');
}

const types = ({ tags }: Information): string[] => tags.map(({ type }) => type);

const manyModules = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    bytes: noise(1 + n * 517),
    // Of every length modulo 8: each tag has its own padding.
    commandLine: 'x'.repeat(n),
  }));

describe.each(['x86_64', 'i386'] as const)('from a running kernel of %s', (architecture) => {
  const guest = { ...microvm, architecture };

  it.each(['multiboot2', 'multiboot2-flat'])('%s is told all that was planned', async (kernel) => {
    const told = await tellAndCompare({ kernel, guest, options: commandLine });
    expect(types(informationOf(told))).toEqual(['0x1', '0x2', '0x4', '0x6', '0x0']);
  });

  it.each(['multiboot2', 'multiboot2-flat'])(
    '%s says the same when every register that was not promised holds garbage',
    async (kernel) => {
      await tellAndCompare({ kernel, guest, options: commandLine, garbage: true });
    },
  );
});

describe.each(['multiboot2', 'multiboot2-flat'])('%s', (kernel) => {
  it.each([0, 1, 20])('finds %d modules, each with its text', async (count) => {
    await tellAndCompare({ kernel, guest: q35, modules: manyModules(count) });
  });
});

describe('an image that may be moved', () => {
  const loadBase = (told: Told) => {
    const data = only(informationOf(told), 21)?.['data'] as string;
    return BigInt(Buffer.from(data, 'hex').readUInt32LE());
  };
  const start = ({ submission }: Told) => piece(submission, 'load.0').start;

  it('without a preference goes where the tag allows, from the bottom, since its own place is outside', async () => {
    const told = await tellAndCompare({ kernel: 'multiboot2-none', guest: microvm });
    expect(start(told)).toBe(32n * MIB);
    expect(loadBase(told)).toBe(start(told));
  });

  it('that prefers low goes to the lowest place that the tag allows', async () => {
    const told = await tellAndCompare({ kernel: 'multiboot2-low', guest: microvm });
    expect(start(told)).toBe(32n * MIB);
    expect(loadBase(told)).toBe(start(told));
  });

  it('that prefers high goes to the highest place that the tag allows, at its alignment', async () => {
    const told = await tellAndCompare({ kernel: 'multiboot2-high', guest: microvm });
    expect(start(told)).toBeGreaterThan(120n * MIB);
    expect(start(told) % 0x10000n).toBe(0n);
    expect(loadBase(told)).toBe(start(told));
  });

  it('that prefers high stays below the end that the tag names', async () => {
    const told = await tellAndCompare({
      kernel: 'multiboot2-high',
      guest: { model: 'q35', memory: 512n * MIB },
    });
    expect(start(told)).toBeLessThan(256n * MIB);
    expect(start(told)).toBeGreaterThan(250n * MIB);
  });
});

describe('an image that asks for all there is', () => {
  it('is given the section headers, and what it asks for and nobody has is left out', async () => {
    const told = await tellAndCompare({ kernel: 'multiboot2-asks', guest: microvm });
    expect(piece(told.submission, 'load.0').start).toBe(LINKED);
    expect(types(informationOf(told))).toEqual(['0x1', '0x2', '0x4', '0x6', '0x9', '0x0']);
    expect(told.submission.diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['MULTIBOOT2_TAG_IGNORED', 'MULTIBOOT2_INFORMATION_LEFT_OUT']),
    );
  });

  it('is given screen and EFI system table, where they are known', async () => {
    const told = await tellAndCompare({
      kernel: 'multiboot2-asks',
      guest: microvm,
      firmware: {
        screen: { screenInfo: SCREEN },
        efi: {
          ...{ bits: 64, systemTable: 0x1_0f5e_c018n, vendor: 0n, runtime: 0n, configurationTable: 0n },
          ...{ descriptorVersion: 1, runtimeMap: [] },
        },
      },
    });
    const info = informationOf(told);
    expect(types(info)).toEqual(['0x1', '0x2', '0x4', '0x6', '0x8', '0x9', '0xc', '0x0']);
    expect(only(info, 12)).toMatchObject({ size: '0x10', data: '18c05e0f01000000' });
    expect(only(info, 8)).toMatchObject({
      size: '0x26',
      // address, pitch, width, height, bits, RGB, reserved, positions and sizes
      data: ['000000c000000000', '000c0000', '00040000', '00030000', '18', '01', '0000', '100808080008'].join(
        '',
      ),
    });
  });

  it('finds its sections where their headers say', async () => {
    const told = await tellAndCompare({ kernel: 'multiboot2-asks', guest: microvm });
    const data = Buffer.from(only(informationOf(told), 9)?.['data'] as string, 'hex');
    const [num, entsize] = [data.readUInt32LE(0), data.readUInt32LE(4)];
    const { start, memorySize } = piece(told.submission, 'elf-sections');
    const loaded = Array.from({ length: num }, (_, n) => 12 + n * entsize)
      .filter((at) => [2, 3].includes(data.readUInt32LE(at + 4)))
      .map((at) => BigInt(data.readUInt32LE(at + 12)));
    expect(loaded.length, 'symbols and two tables of names').toBe(3);
    for (const address of loaded) {
      expect(address).toBeGreaterThanOrEqual(start);
      expect(address).toBeLessThan(start + memorySize);
    }
  });
});

/** struct screen_info of 1024 by 768 in 24 bits at 0xc0000000, by EFI. */
const SCREEN = (() => {
  const info = Buffer.alloc(64);
  info[0x0f] = 0x70;
  info.writeUInt16LE(1024, 0x12);
  info.writeUInt16LE(768, 0x14);
  info.writeUInt16LE(24, 0x16);
  info.writeUInt32LE(0xc0000000, 0x18);
  info.writeUInt16LE(3072, 0x24);
  info.set([8, 16, 8, 8, 8, 0], 0x26);
  return info.toString('hex');
})();

it('a map of 300 ranges is told whole, and nothing lies outside its RAM', async () => {
  expect(manyRanges).toHaveLength(300);
  await tellAndCompare({
    kernel: 'multiboot2-none',
    guest: microvm,
    told: manyRanges,
    modules: [{ bytes: noise(5000), commandLine: 'x' }],
  });
});
