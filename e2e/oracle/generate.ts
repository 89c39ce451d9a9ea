import * as fc from 'fast-check';
import type {
  BzImageShape,
  Case,
  ElfShape,
  Format,
  Image,
  MadeBootParams,
  MadeEfi,
  MadeMachine,
  ToldRange,
} from './case.js';

const PAGE = 0x1000n;
const MIB = 1n << 20n;
const GIB = 1n << 30n;

/** Every kind of memory that a firmware tells of, RAM more often than the others. */
const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constant('System RAM') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'Reserved',
      'ACPI Tables',
      'ACPI Non-volatile Storage',
      'Unusable memory',
      'Persistent Memory',
      'Persistent Memory (legacy)',
      'Soft Reserved',
      'reserved',
    ),
  },
);

/** In bytes: from one byte to gigabytes, mostly whole pages. */
const size = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 0x3000 }).map(BigInt) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 64 }).map((n) => BigInt(n) * PAGE) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 0x4000 }).map((n) => BigInt(n) * PAGE + 0x400n) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 512 }).map((n) => BigInt(n) * MIB) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 16 }).map((n) => BigInt(n) * GIB) },
);

/** Before a range: nothing mostly, an odd gap, up to 4 GiB. */
const gap = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0n) },
  { weight: 2, arbitrary: size },
  { weight: 1, arbitrary: fc.constant(4n * GIB) },
);

interface Piece {
  readonly gap: bigint;
  readonly size: bigint;
  readonly type: string;
}

const piece: fc.Arbitrary<Piece> = fc.record({ gap, size, type: kind });
const smallPiece: fc.Arbitrary<Piece> = fc.record({
  gap: fc.constantFrom(0n, 0n, PAGE),
  size: fc.integer({ min: 1, max: 200 }).map((n) => BigInt(n) * 0x800n),
  type: kind,
});

/** Few ranges, tens, or hundreds. */
const pieces = fc.oneof(
  { weight: 8, arbitrary: fc.array(piece, { minLength: 1, maxLength: 8 }) },
  { weight: 3, arbitrary: fc.array(piece, { minLength: 8, maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(smallPiece, { minLength: 100, maxLength: 400 }) },
);

/** How a machine begins: as a PC does, from any address, or with all that is below 1 MiB. */
const low: fc.Arbitrary<readonly ToldRange[]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(0x9fc00n, 0x9f000n, 0xa0000n, 0x58000n)
      .map((end) => [
        { start: 0n, end, type: 'System RAM' },
        ...(end < 0xa0000n ? [{ start: end, end: 0xa0000n, type: 'Reserved' }] : []),
        { start: 0xf0000n, end: MIB, type: 'Reserved' },
      ]),
  },
  { weight: 1, arbitrary: fc.constant([]) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(0x1000n, 0x400n, 0x100n)
      .map((start) => [{ start, end: 0x9f000n, type: 'System RAM' }]),
  },
);

/** Most cases have room for a kernel somewhere: otherwise refusals were all that is compared. */
const room = fc.option(
  fc.record({
    first: fc.boolean(),
    gap: fc.constantFrom(0n, 0n, 16n * MIB, 4n * GIB),
    size: fc.constantFrom(64n, 512n, 4096n),
  }),
  { freq: 6, nil: undefined },
);

/** The end of what a made-up machine may have. */
const END = 1n << 45n;

const told: fc.Arbitrary<readonly ToldRange[]> = fc.tuple(low, pieces, room).map(([first, more, large]) => {
  const ranges = [...first];
  let end = ranges.at(-1)?.end ?? 0n;
  const add = (each: Piece) => {
    const start = end + each.gap;
    if (start + each.size > END) return;
    end = start + each.size;
    ranges.push({ start, end, type: each.type });
  };
  const roomy = large === undefined ? [] : [{ gap: large.gap, size: large.size * MIB, type: 'System RAM' }];
  for (const each of large?.first === true ? [...roomy, ...more] : [...more, ...roomy]) add(each);
  return ranges;
});

const word = fc.constantFrom(
  'quiet',
  'ro',
  'console=ttyS0,115200',
  'root=/dev/vda1',
  'a="b c"',
  'crashkernel=64M',
);
const words = fc.array(word, { maxLength: 5 }).map((list) => list.join(' '));
const running = fc
  .tuple(fc.boolean(), words)
  .map(([image, rest]) => (image ? `BOOT_IMAGE=/boot/vmlinuz ${rest}` : rest));

const bootParams: fc.Arbitrary<MadeBootParams> = fc.record({
  hardwareSubarch: fc.constantFrom(0, 0, 0, 3),
  acpiRsdp: fc.constantFrom(0n, 0xf59d0n, 0x7f77e014n),
  screenInfo: fc.constantFrom(
    '00'.repeat(64),
    '000900fc0000035019190100001910'.padEnd(128, '0'),
    `0000000000000000000000000000007000000000000420000400000300200000000080000000000000${'08'.repeat(8)}`.padEnd(
      128,
      '0',
    ),
  ),
});

/** Runtime ranges: where they lie is up to the map; the kernel keeps them whatever that says. */
const efi: fc.Arbitrary<MadeEfi> = fc.record({
  systemTable: fc.constantFrom(0x7f5ec018n, 0x17f5ec018n),
  vendor: fc.constant(0x7f51c818n),
  runtime: fc.constant(0x7f5ecb98n),
  configurationTable: fc.constant(0x7f5ecc98n),
  smbios: fc.constantFrom(0n, 0x7f518000n),
  runtimeMap: fc.array(
    fc.record({
      type: fc.constantFrom(4, 5, 6, 11),
      physicalStart: fc.integer({ min: 0x100, max: 0xfffff }).map((n) => BigInt(n) * PAGE),
      virtualStart: fc.integer({ min: 0, max: 0xfffff }).map((n) => 0xfffffffe00000000n + BigInt(n) * PAGE),
      numberOfPages: fc.integer({ min: 1, max: 64 }).map(BigInt),
      attribute: fc.constantFrom(0xfn, 0x800000000000000fn),
    }),
    { minLength: 1, maxLength: 6 },
  ),
});

const machine: fc.Arbitrary<MadeMachine> = fc
  .record({
    told,
    unusedAt: fc.option(fc.tuple(fc.nat(), size), { freq: 5, nil: undefined }),
    commandLine: running,
    bootParams: fc.option(bootParams, { freq: 6, nil: undefined }),
    efi: fc.option(efi, { freq: 3, nil: undefined }),
  })
  .map(({ unusedAt, bootParams: params, efi: firmware, ...made }) => {
    const ram = made.told.filter(({ type }) => type === 'System RAM');
    const chosen = unusedAt && ram[unusedAt[0] % Math.max(ram.length, 1)];
    const unused =
      unusedAt === undefined || chosen === undefined
        ? []
        : [{ start: chosen.start, end: min(chosen.start + unusedAt[1], chosen.end) }];
    return {
      ...made,
      unused,
      crash: [],
      ...(params && { bootParams: params }),
      // EFI is known through boot_params alone.
      ...(params && firmware && { efi: firmware }),
    };
  });

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

const bzShape: fc.Arbitrary<Omit<BzImageShape, 'version' | 'xloadflags'>> = fc.record({
  setupSects: fc.integer({ min: 2, max: 20 }),
  code: fc.integer({ min: 0x300, max: 0x4000 }),
  relocatable: fc.boolean(),
  alignment: fc.integer({ min: 12, max: 24 }),
  minAlignment: fc.integer({ min: 12, max: 24 }),
  prefAddress: fc.constantFrom(0x100000n, 0x1000000n, 0x400000n),
  initSize: fc.integer({ min: 0x8000, max: 0x3000000 }),
  cmdlineSize: fc.constantFrom(255, 2047),
  initrdAddrMax: fc.constantFrom(0x37ffffff, 0x7fffffff, 0xffffffff),
});

const KERNEL_64 = 1;
const ABOVE_4G = 2;
const EFI_KEXEC = 16;

const bzimage64: fc.Arbitrary<Image> = fc
  .record({
    bzimage: bzShape,
    version: fc.constantFrom(0x20c, 0x20d, 0x20f),
    efiKexec: fc.boolean(),
  })
  .map(({ bzimage, version, efiKexec }) => ({
    format: 'bzimage64',
    bzimage: {
      ...bzimage,
      relocatable: true,
      version,
      xloadflags: KERNEL_64 | ABOVE_4G | (efiKexec ? EFI_KEXEC : 0),
    },
  }));

const bzimage32: fc.Arbitrary<Image> = fc
  .record({
    bzimage: bzShape,
    version: fc.constantFrom(0x202, 0x203, 0x204, 0x205, 0x206, 0x208, 0x209, 0x20a, 0x20c, 0x20f),
    xloadflags: fc.constantFrom(0, 0, KERNEL_64, KERNEL_64 | ABOVE_4G | EFI_KEXEC),
  })
  .map(({ bzimage, version, xloadflags }) => ({
    format: 'bzimage32',
    bzimage: { ...bzimage, version, xloadflags },
  }));

function elfShape(bits: fc.Arbitrary<32 | 64>): fc.Arbitrary<ElfShape> {
  return fc.record({
    bits,
    movable: fc.boolean(),
    base: fc.constantFrom(0x100000n, 0x200000n, 0x1000000n, 0x10000n, 0x40000000n),
    alignment: fc.constantFrom(0, 12, 16, 21),
    loads: fc.array(
      fc.record({
        gap: fc.integer({ min: 0, max: 4 }),
        content: fc.integer({ min: 0x200, max: 0x2000 }),
        zeros: fc.constantFrom(0, 0, 0x10, 0x1800, 0x20000),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    entry: fc.integer({ min: 0, max: 0x1ff }),
    note: fc.boolean(),
  });
}

const elf: fc.Arbitrary<Image> = fc
  .record({ elf: elfShape(fc.constantFrom(32, 64)), args: fc.constantFrom('elf', 'linux', 'none') })
  .map(({ elf: shape, args }) => ({
    format: 'elf',
    elf: shape,
    // kexec(8) cannot enter 32-bit code without its purgatory.
    args: args === 'none' && shape.bits === 32 ? 'elf' : args,
  }));

const multiboot: fc.Arbitrary<Image> = fc
  .record({
    elf: elfShape(fc.constant(32)),
    flags: fc.constantFrom(0, 1, 2, 3, 7),
    kludge: fc.boolean(),
  })
  .map((shape) => ({ format: 'multiboot', multiboot: shape }));

const multiboot2: fc.Arbitrary<Image> = fc
  .record({
    elf: elfShape(fc.constantFrom(32, 64)),
    requests: fc.subarray([1, 2, 3, 4, 6]),
    framebuffer: fc.boolean(),
    moduleAlign: fc.boolean(),
    relocatable: fc.option(
      fc.record({
        min: fc.constantFrom(0x100000, 0x200000, 0x1000000),
        max: fc.constantFrom(0xffffffff, 0x7fffffff, 0x3fffffff),
        alignment: fc.constantFrom(0, 12, 21),
        preference: fc.constantFrom(0 as const, 1 as const, 2 as const),
      }),
      { freq: 2, nil: undefined },
    ),
  })
  .map(({ relocatable, ...shape }) => ({
    format: 'multiboot2',
    multiboot2: { ...shape, ...(relocatable && { relocatable }) },
  }));

const images: Readonly<Record<Format, fc.Arbitrary<Image>>> = {
  bzimage64,
  bzimage32,
  elf,
  multiboot,
  multiboot2,
};

const fileSize = fc.oneof(fc.integer({ min: 1, max: 0x100 }), fc.integer({ min: 0x1000, max: 0x9000 }));

const options = fc.record({
  commandLine: words,
  reuse: fc.boolean(),
  initrd: fc.oneof(fc.constant(0), fileSize),
  modules: fc.array(fc.record({ size: fileSize, text: fc.constantFrom('', 'a', 'dom0 root=/dev/vda') }), {
    maxLength: 6,
  }),
  efi: fc.boolean(),
  bounds: fc.option(
    fc.tuple(fc.constantFrom(0n, PAGE, 16n * MIB), fc.constantFrom(GIB, 4n * GIB, 64n * GIB)),
    {
      freq: 8,
      nil: undefined,
    },
  ),
});

/** A crash region at the end of the last range of RAM that is large enough to lose it; none where there is none. */
function withCrash(made: MadeMachine, wanted: bigint): MadeMachine {
  const home = made.told
    .filter(({ start, end, type }) => type === 'System RAM' && end - start >= 48n * MIB)
    .at(-1);
  if (home === undefined || made.unused.length > 0) return made;
  const end = (home.end / MIB) * MIB;
  const size = min(wanted, ((home.end - home.start) / (3n * MIB)) * MIB);
  return { ...made, crash: [{ start: end - size, end }] };
}

/** In bytes: a third of the cases that can be crash loads are. */
const crash: fc.Arbitrary<bigint | undefined> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.integer({ min: 32, max: 256 }).map((n) => BigInt(n) * MIB) },
);

/** kexec(8) loads a bzImage for a crash if it may be moved. */
function takesCrash(image: Image): boolean {
  return 'bzimage' in image && image.bzimage.relocatable && image.bzimage.version >= 0x205;
}

/** Cases of one format: any machine, any image of that format, and what such an image takes. */
export function casesOf(format: Format): fc.Arbitrary<Case> {
  return fc
    .record({ image: images[format], machine, options, crash })
    .map(({ image, machine: plain, options: all, crash: size }) => {
      const made = size === undefined || !takesCrash(image) ? plain : withCrash(plain, size);
      const isCrash = made.crash.length > 0;
      const { bounds, ...rest } = all;
      const isLinux = format.startsWith('bzimage') || (image.format === 'elf' && image.args === 'linux');
      const isBare = image.format === 'elf' && image.args === 'none';
      return {
        image,
        machine: made,
        purpose: isCrash ? 'crash' : 'normal',
        options: {
          ...rest,
          ...(isBare ? { commandLine: '', reuse: false } : {}),
          initrd: isLinux ? rest.initrd : 0,
          modules: format.startsWith('multiboot') ? rest.modules : [],
          ...(bounds && !isCrash && { memory: { start: bounds[0], end: bounds[1] } }),
        },
      };
    });
}
