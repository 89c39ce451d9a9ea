import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { guestMachine, qemuTarget } from '@kexec-kit/backend-qemu';
import { decompressImage, linkPlanned, open, plan, type GivenOptions } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import {
  range,
  type Range,
  unwrap,
  type Machine,
  type Result,
  type SegmentsSubmission,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { usableFrom } from '@kexec-kit/memory';
import {
  LoadBaseTag,
  MemoryMapTag,
  ModuleTag,
  MultibootInfo,
  MultibootMmap,
  readInfoTags,
  StringTag,
  type ReadInfoTag,
} from '@kexec-kit/multiboot-info';
import { loaders } from '@kexec-kit/preset-x86';
import { ascii, parse } from '@kexec-kit/structures';
import { beforeAll, describe, expect, test } from 'vitest';
import { image } from '../../tools/images.mjs';
import { multiboot2Header, multibootElf, multibootHeader } from '../../tools/multiboot-file.mjs';
import { vmlinux } from './vmlinux.js';

const MIB = 1n << 20n;

const loadedAs = (bytes: Uint8Array, name: string, id = 'image'): SourceBytes => {
  const hasher = nodeEngines.sha256();
  hasher.update(bytes);
  return { id, name, size: bytes.length, sha256: Buffer.from(hasher.digest()).toString('hex'), bytes };
};

let xen: Uint8Array;
beforeAll(async () => {
  xen = Uint8Array.from(gunzipSync(readFileSync((await image('xen-4.17')).path)));
});

/** What a test asks for: an image on a machine. */
interface Request {
  readonly bytes?: Uint8Array;
  readonly type?: string;
  readonly machine?: Machine;
  readonly options?: GivenOptions;
  readonly modules?: readonly { readonly size: number; readonly text: string }[];
}

function submit({
  bytes = xen,
  type,
  machine = guestMachine(GUEST),
  options = {},
  modules = [],
}: Request): Result<SegmentsSubmission> {
  const opened = unwrap(open(loadedAs(bytes, 'xen'), loaders, type === undefined ? {} : { type }));
  const files = modules.map(({ size }, n) => loadedAs(new Uint8Array(size).fill(n), `m${n}`, `module.${n}`));
  const module = files.map(({ id, name, size }, n) => {
    return { source: id, name, size, arguments: modules[n]?.text ?? '' };
  });
  const planned = plan(opened, { machine, options: { ...options, module } });
  if (!planned.ok) return planned;
  return linkPlanned(planned.value, { target: qemuTarget, engines: nodeEngines, sources: files });
}

const GUEST = { memory: 1024n * MIB, model: 'q35' } as const;

function pieceOf(submission: SegmentsSubmission, id: string): { start: bigint; size: bigint } {
  const found = submission.segments.flatMap(({ pieces }) => pieces).find((piece) => piece.id === id);
  if (found === undefined) throw new Error(`no piece ${id}`);
  return found;
}

/** The bytes of a piece that was made here, as they lie in memory. */
function bytesOf(submission: SegmentsSubmission, id: string): Uint8Array {
  const { start, size } = pieceOf(submission, id);
  for (const segment of submission.segments) {
    let at = segment.start;
    for (const part of segment.parts) {
      if ('bytes' in part && start >= at && start + size <= at + BigInt(part.bytes.length))
        return part.bytes.subarray(Number(start - at), Number(start - at + size));
      at +=
        'bytes' in part
          ? BigInt(part.bytes.length)
          : 'zeros' in part
            ? part.zeros
            : BigInt('fresh' in part ? part.fresh : part.length);
    }
  }
  throw new Error(`${id} was not made here`);
}

const tagsOf = (submission: SegmentsSubmission): ReadInfoTag[] =>
  readInfoTags(bytesOf(submission, 'multiboot2-info'));
const tagOf = (submission: SegmentsSubmission, type: number): Uint8Array =>
  tagsOf(submission).find((tag) => tag.type === type)?.bytes ?? new Uint8Array();

describe('which loader takes a file, and which ones could', () => {
  const wrong1 = multibootElf(multibootHeader({ checksum: 1 }));
  const wrong2 = multibootElf(multiboot2Header({ checksum: 1 }));
  const file = (name: string) => async () => readFileSync((await image(name)).path);
  const both = ['elf', 'multiboot', 'multiboot2'];
  const files: readonly (readonly [
    string,
    () => Uint8Array | Promise<Uint8Array>,
    string,
    readonly string[],
  ])[] = [
    ['Xen 4.17', () => xen, 'xen', [...both, 'xen']],
    ['Xen 4.17 in gzip', file('xen-4.17'), 'xen', [...both, 'xen']],
    ['tboot in gzip', file('tboot'), 'multiboot2', both],
    ["the specification's example", file('multiboot-example'), 'multiboot', ['elf', 'multiboot']],
    ['a Debian kernel', file('linux-6.1'), 'bzimage', ['bzimage']],
    ['its vmlinux', async () => readFileSync(await vmlinux('linux-6.12-cloud')), 'elf', ['elf', 'pvh']],
    ['memtest86+', file('memtest86+x64'), 'bzimage', ['bzimage']],
    ['ELF with a Multiboot header of a wrong checksum', () => wrong1, 'elf', ['elf']],
    ['ELF with a Multiboot2 header of a wrong checksum', () => wrong2, 'elf', ['elf']],
  ];

  test.each(files)('%s', async (name, read, chosen, matches) => {
    const bytes = Uint8Array.from(await read());
    const unpacked = unwrap(await decompressImage(loadedAs(bytes, name), { engines: nodeEngines }));
    expect(unwrap(open(unpacked, loaders)).loader.name).toBe(chosen);
    const matching = loaders.filter((each) => each.probe(unpacked.bytes).match).map((each) => each.name);
    expect(matching.sort()).toEqual(matches);
  });

  test('a wrong checksum is told', () => {
    const [loader] = loaders.filter(({ name }) => name === 'multiboot');
    expect(loader?.probe(wrong1)).toMatchObject({
      reason: expect.stringContaining('its checksum is wrong') as string,
    });
  });
});

/** Defects that kexec(8) has had, or still has, around Multiboot: each is ours to pass. */
describe("kexec(8)'s defects", () => {
  test.each(['multiboot', 'multiboot2'])(
    'K1 nothing lies in page 0, and the map is not changed: %s',
    (type) => {
      const machine = guestMachine(GUEST);
      const before = structuredClone(machine);
      const submission = unwrap(submit({ type, machine, modules: [{ size: 10, text: '' }] }));
      expect(machine).toEqual(before);
      for (const { start } of submission.segments) expect(start).toBeGreaterThanOrEqual(MIB);
    },
  );

  test("K2 the load base is the image's own", () => {
    const submission = unwrap(submit({ type: 'multiboot2' }));
    const { load_base_addr } = parse(LoadBaseTag, tagOf(submission, 21));
    expect(BigInt(load_base_addr)).toBe(pieceOf(submission, 'load.0').start);
  });

  test.each(['multiboot', 'multiboot2'])('K3 --reuse-cmdline reaches the kernel: %s', (type) => {
    const machine = { ...guestMachine(GUEST), commandLine: 'running=1' };
    const options = { 'reuse-cmdline': [true], 'command-line': ['own=1'] };
    const submission = unwrap(submit({ type, machine, options }));
    expect(ascii(bytesOf(submission, `${type}-info`))).toContain('xen running=1 own=1\\x00');
  });

  test('K4 eight short modules are all within the block, each tag padded, and so is the end tag', () => {
    const modules = Array.from({ length: 8 }, (_, n) => ({ size: 1 + n, text: 'y'.repeat(n) }));
    const submission = unwrap(submit({ type: 'multiboot2', modules }));
    const found = tagsOf(submission).filter(({ type }) => type === 3);
    expect(found.map(({ bytes }) => ascii(parse(ModuleTag, bytes).string, { untilNul: true }))).toEqual(
      modules.map(({ text }, n) => (text === '' ? `m${n}` : `m${n} ${text}`)),
    );
    const block = bytesOf(submission, 'multiboot2-info');
    expect([...block.subarray(-8)]).toEqual([0, 0, 0, 0, 8, 0, 0, 0]);
    expect(Buffer.from(block).readUInt32LE(0)).toBe(block.length);
  });

  test.each(['multiboot', 'multiboot2'])(
    'K5 20 large modules fit into the segments that a kernel has: %s',
    (type) => {
      const modules = Array.from({ length: 20 }, () => ({ size: 200_000, text: '' }));
      const submission = unwrap(submit({ type, modules }));
      expect(submission.segments.length).toBeLessThanOrEqual(15);
    },
  );

  test('K6 each protocol looks for its own header: a file with one of them is none of the other', () => {
    const [first, second] = [multibootElf(multibootHeader()), multibootElf(multiboot2Header())];
    const matching = (bytes: Uint8Array) =>
      loaders
        .filter((each) => each.name.startsWith('multiboot') && each.probe(bytes).match)
        .map(({ name }) => name);
    expect([matching(first), matching(second)]).toEqual([['multiboot'], ['multiboot2']]);
  });

  test('K7 mem_lower is 639, not 638, and the map begins at 0', () => {
    const submission = unwrap(submit({ type: 'multiboot' }));
    const block = bytesOf(submission, 'multiboot-info');
    const info = parse(MultibootInfo, block);
    expect(info.mem_lower).toBe(639);
    const map = block.subarray(info.mmap_addr - Number(pieceOf(submission, 'multiboot-info').start));
    expect(parse(MultibootMmap, map)).toMatchObject({ base_addr: 0n, length: 0x9fc00n, type: 1 });
  });

  test('K8 every kind of range has a type, and nothing is left unset', () => {
    const kinds = {
      persistent: 7,
      'persistent-legacy': 12,
      'soft-reserved': 0xefffffff,
      unusable: 5,
    } as const;
    const extra = Object.keys(kinds).map((kind, n) => {
      const start = (1n << 33n) + BigInt(n) * MIB;
      return { kind: kind as keyof typeof kinds, ...range(start, start + MIB) };
    });
    const own = guestMachine(GUEST);
    const submission = unwrap(
      submit({ type: 'multiboot2', machine: { ...own, told: [...own.told, ...extra] } }),
    );
    const { entries } = parse(MemoryMapTag, tagOf(submission, 6));
    expect(entries.slice(-4).map(({ type, reserved }) => [type, reserved])).toEqual(
      Object.values(kinds).map((type) => [type, 0]),
    );
  });

  test('K9 Xen asks for a high place, and has it', () => {
    const submission = unwrap(submit({ type: 'multiboot2' }));
    const { start } = pieceOf(submission, 'load.0');
    expect(start % 0x200000n).toBe(0n);
    expect(start + 0x400000n).toBeGreaterThan(1020n * MIB);
  });

  test('K10 a hole that is exactly large enough is taken, one that is a page short is not', () => {
    const exact = range(0x4000000n, 0x4000000n + 0x3a7000n);
    const machine = (hole: { start: bigint; end: bigint }): Machine => {
      const told = [
        { kind: 'ram' as const, ...range(0n, 0x9fc00n) },
        { kind: 'ram' as const, ...range(MIB, 0x180000n) },
        { kind: 'ram' as const, ...hole },
      ];
      return { ...guestMachine(GUEST), told, usable: usableFrom({ told, systemRam: told }) };
    };
    const taken = unwrap(submit({ type: 'multiboot2', machine: machine(exact) }));
    expect(pieceOf(taken, 'load.0').start).toBe(exact.start);
    const short = { ...exact, end: exact.end - 0x1000n };
    expect(submit({ type: 'multiboot2', machine: machine(short) })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINK_NO_PLACE' }],
    });
  });
});

describe('a map of 300 ranges', () => {
  const machine = standardMachines.manyRanges;

  /** The map as the firmware told it: the page of last words is cut out of one range of RAM. */
  const withoutPage = (
    submission: Parameters<typeof pieceOf>[0],
    entries: readonly { readonly base_addr: bigint; readonly length: bigint; readonly type: number }[],
  ): Range[] => {
    const page = entries.findIndex(({ base_addr }) => base_addr === pieceOf(submission, 'last-words').start);
    expect(entries.slice(page - 1, page + 2).map(({ type }) => type)).toEqual([1, 2, 1]);
    const ranges = entries.map(({ base_addr, length }) => range(base_addr, base_addr + length));
    const whole = range(ranges[page - 1]!.start, ranges[page + 1]!.end);
    return [...ranges.slice(0, page - 1), whole, ...ranges.slice(page + 2)];
  };

  test('reaches a Multiboot kernel whole', () => {
    const bytes = multibootElf(multibootHeader());
    const submission = unwrap(submit({ bytes, machine }));
    const block = bytesOf(submission, 'multiboot-info');
    const info = parse(MultibootInfo, block);
    expect(info.mmap_length).toBe(302 * 24);
    const map = block.subarray(info.mmap_addr - Number(pieceOf(submission, 'multiboot-info').start));
    const entries = Array.from({ length: 302 }, (_, i) => parse(MultibootMmap, map.subarray(i * 24)));
    expect(entries.every(({ size }) => size === 20)).toBe(true);
    expect(withoutPage(submission, entries)).toEqual(machine.told.map(({ start, end }) => ({ start, end })));
  });

  test('reaches a Multiboot2 kernel whole', () => {
    const submission = unwrap(submit({ bytes: multibootElf(multiboot2Header()), machine }));
    const { entries } = parse(MemoryMapTag, tagOf(submission, 6));
    expect(withoutPage(submission, entries)).toEqual(machine.told.map(({ start, end }) => ({ start, end })));
    expect(ascii(parse(StringTag, tagOf(submission, 1)).string)).toBe('xen\\x00');
  });
});

describe('an image for which there is no place', () => {
  /** RAM in pieces that are too small, or large enough only where they begin at no multiple of 2 MiB. */
  const odd = (holes: readonly (readonly [bigint, bigint])[]): Machine => {
    const told = [range(0n, 0x9fc00n), range(MIB, 0x180000n), ...holes.map(([a, b]) => range(a, b))].map(
      (each) => {
        return { kind: 'ram' as const, ...each };
      },
    );
    return { ...guestMachine(GUEST), told, usable: usableFrom({ told, systemRam: told }) };
  };

  test('says of each hole what refused it: Xen where only odd holes are left', () => {
    const machine = odd([
      [0x1010000n, 0x13f0000n],
      [0x2100000n, 0x25a0000n],
    ]);
    const result = submit({ type: 'multiboot2', machine });
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'LINK_NO_PLACE' }] });
    const { found = '' } = result.diagnostics[0];
    expect(found).toContain('aligned to 0x200000, from the top');
    expect(found).toContain(
      '0x2100000-0x25a0000 (0x3a0000 bytes after aligning to 0x200000, 0x3a7000 needed)',
    );
    expect(found).toContain(
      '0x1010000-0x13f0000 (0x1f0000 bytes after aligning to 0x200000, 0x3a7000 needed)',
    );
    expect(found).toContain('0x100000-0x180000 (ends at or below 0x200000)');
  });

  test('of 0x3f8001 bytes ("Could not find a free area of memory of 0x3f8001 bytes") says it, too', () => {
    const tags = [{ type: 10, data: [0x200000, 0xffffffff, 0x200000, 2] }];
    const bytes = multibootElf(multiboot2Header({ tags }));
    // p_memsz of the one program header (gABI, Elf32_Phdr).
    new DataView(bytes.buffer).setUint32(52 + 20, 0x3f8001, true);
    const machine = odd([
      [0x1000000n, 0x13f8000n],
      [0x2080000n, 0x2500000n],
      [0x4000000n, 0x43f8000n],
    ]);
    const { ok, diagnostics } = submit({ bytes, machine });
    expect(ok).toBe(false);
    const { found = '' } = diagnostics[0];
    expect(found).toContain('0x4000000-0x43f8000 (0x3f8000 bytes, 0x3f8001 needed)');
    expect(found).toContain('0x1000000-0x13f8000 (0x3f8000 bytes, 0x3f8001 needed)');
    expect(found).toContain(
      '0x2080000-0x2500000 (0x300000 bytes after aligning to 0x200000, 0x3f8001 needed)',
    );
  });

  test('that was linked to one place names what lies there', () => {
    const result = submit({ type: 'multiboot', machine: odd([[0x1000000n, 0x2000000n]]) });
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'LINK_NO_PLACE' }] });
    expect(result.diagnostics[0].found).toContain('at 0x200000');
  });
});
