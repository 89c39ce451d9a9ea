import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readSources, SourceError, sourceChanged } from '@kexec-kit/host-node';
import { linuxTarget } from '@kexec-kit/core';
import { unwrap, type Part, type ReadSource } from '@kexec-kit/loader-api';
import { KEXEC } from '@kexec-kit/syscall';
import { linuxBackend } from '../src/index.js';
import { fakeKernel, machineAt, recordedRoot, segmentsFor, sourceOf } from './host.js';

const neverRead: ReadSource = () => Promise.reject(new Error('nothing is to be read'));
const page = 0x1000n;

async function prepared(name: 'small' | 'crash' = 'small') {
  const root = await recordedRoot(name);
  const kernel = fakeKernel(root);
  return { root, kernel, machine: await machineAt(root), backend: linuxBackend({ root, syscalls: kernel }) };
}

/** Loads one segment with this content. */
async function loadedContent(parts: readonly Part[], read = neverRead): Promise<Uint8Array> {
  const { kernel, machine, backend } = await prepared();
  const submission = segmentsFor(machine, [{ start: 0x100_0000n, memorySize: 0x40_0000n, parts }]);
  expect(await backend.apply(submission, read)).toMatchObject({ ok: true });
  const [call] = kernel.asked;
  if (call?.call !== 'kexec_load') throw new Error('kexec_load was not called');
  return call.segments[0]!.buffer;
}

describe('kexec_load is handed', () => {
  it('the entry, each segment at its place, and the architecture of the running kernel', async () => {
    const { kernel, machine, backend } = await prepared();
    const parts: Part[] = [{ bytes: Uint8Array.of(1, 2, 3) }];
    const segments = [0x20_0000n, 0x100_0000n].map((start) => ({ start, memorySize: 2n * page, parts }));
    const submission = segmentsFor(machine, segments, { entry: 0x20_0010n });
    expect(await backend.apply(submission, neverRead)).toEqual({ ok: true, value: true, diagnostics: [] });
    const buffer = Uint8Array.of(1, 2, 3);
    expect(kernel.asked).toEqual([
      {
        call: 'kexec_load',
        entry: 0x20_0010n,
        flags: KEXEC.ARCH_X86_64,
        segments: [0x20_0000n, 0x100_0000n].map((address) => ({ address, memorySize: 2n * page, buffer })),
      },
    ]);
  });

  it('bytes, slices of sources, zeros and random bytes in their order', async () => {
    const source = Uint8Array.from({ length: 100 }, (_, n) => n);
    const content = await loadedContent(
      [
        { bytes: Uint8Array.of(0xaa) },
        { source: 'image', offset: 10, length: 20 },
        { zeros: 3n },
        { fresh: 32 },
        { bytes: Uint8Array.of(0xbb) },
      ],
      (_, offset, into) => {
        into.set(source.subarray(offset, offset + into.length));
        return Promise.resolve();
      },
    );
    expect([...content.subarray(0, 24)]).toEqual([0xaa, ...source.subarray(10, 30), 0, 0, 0]);
    expect(content.subarray(24, 56).some((byte) => byte !== 0)).toBe(true);
    expect([...content.subarray(56)]).toEqual([0xbb]);
  });

  it('other random bytes each time', async () => {
    const [one, other] = [await loadedContent([{ fresh: 16 }]), await loadedContent([{ fresh: 16 }])];
    expect(one).not.toEqual(other);
  });

  it('no zeros at the end: the kernel fills the rest by itself', async () => {
    expect(await loadedContent([{ bytes: Uint8Array.of(7) }, { zeros: 0x1000n }, { zeros: 5n }])).toEqual(
      Uint8Array.of(7),
    );
    expect(await loadedContent([{ zeros: 0x2000n }])).toHaveLength(0);
  });

  it('every byte of a large source after it was read once, in order, and its progress is told', async () => {
    const { kernel, machine, backend } = await prepared();
    const length = (3 << 20) + 5;
    const reads: number[][] = [];
    const told: [number, number | undefined][] = [];
    const submission = segmentsFor(machine, [
      { start: 0x100_0000n, memorySize: 0x40_0000n, parts: [{ source: 'initrd', offset: 0, length }] },
    ]);
    await backend.apply(
      submission,
      (_, offset, into) => {
        reads.push([offset, into.length]);
        into.fill(0x5a);
        return Promise.resolve();
      },
      ({ done, total }) => told.push([done, total]),
    );
    const ends = reads.map(([offset = 0, size = 0]) => offset + size);
    expect(reads.map(([offset]) => offset)).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(length);
    expect(told).toEqual(ends.map((end) => [end, length]));
    const [call] = kernel.asked;
    expect(call?.call === 'kexec_load' && call.segments[0]!.buffer.every((byte) => byte === 0x5a)).toBe(true);
  });

  it('a source from where it is held, without a copy of this backend', async () => {
    const root = await recordedRoot();
    const held = Uint8Array.from({ length: 64 }, (_, n) => n);
    const kernel = fakeKernel(root);
    const backend = linuxBackend({ root, syscalls: kernel, bytesOf: () => held });
    const parts: Part[] = [{ source: 'image', offset: 8, length: 16 }, { zeros: 4n }];
    const submission = segmentsFor(await machineAt(root), [{ start: 0x100_0000n, memorySize: page, parts }]);
    expect(await backend.apply(submission, neverRead)).toMatchObject({ ok: true });
    expect(kernel.asked).toMatchObject([{ segments: [{ buffer: held.subarray(8, 24) }] }]);
  });
});

describe('nothing is asked of the kernel when', () => {
  const parts: Part[] = [{ bytes: Uint8Array.of(0xeb, 0xfe) }];

  it('the memory map is another one now, and the difference is shown', async () => {
    const { kernel, machine, backend } = await prepared();
    const less = { ...machine, usable: machine.usable.slice(0, 1) };
    const submission = segmentsFor(less, [{ start: 0x1000n, memorySize: page, parts }]);
    const result = await backend.apply(submission, neverRead);
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'LINUX_OTHER_MACHINE' }] });
    expect(result.diagnostics.at(0)?.found).toContain('was not usable, is now usable');
    expect(await backend.dryRun(submission)).toMatchObject({ ok: false });
    expect(kernel.asked).toEqual([]);
  });

  it('the plan was made for another way of hand-over', async () => {
    const { kernel, machine, backend } = await prepared();
    const target = linuxTarget('i386');
    const submission = segmentsFor(machine, [{ start: 0x1000n, memorySize: page, parts }], { target });
    expect(await backend.apply(submission, neverRead)).toMatchObject({
      diagnostics: [{ code: 'LINUX_UNSUPPORTED', found: 'linux-i386', expected: 'linux-x86_64' }],
    });
    expect(kernel.asked).toEqual([]);
  });

  it('a crash kernel does not lie in the memory that is reserved for it', async () => {
    const { kernel, machine, backend } = await prepared('crash');
    const segment = { start: 0x1000n, memorySize: page, parts };
    expect(
      await backend.apply(segmentsFor(machine, [segment], { purpose: 'crash' }), neverRead),
    ).toMatchObject({
      diagnostics: [{ code: 'LINUX_BAD_SUBMISSION', at: { field: 'segments[0]' } }],
    });
    expect(kernel.asked).toEqual([]);
  });

  it('a segment lies above what can be addressed', async () => {
    const { kernel, machine, backend } = await prepared();
    const segment = { start: (1n << 46n) - page, memorySize: 2n * page, parts };
    expect(await backend.apply(segmentsFor(machine, [segment]), neverRead)).toMatchObject({
      diagnostics: [{ code: 'LINUX_BAD_SUBMISSION' }],
    });
    expect(kernel.asked).toEqual([]);
  });

  it.each([
    ['its own words', new SourceError(sourceChanged('/boot/vmlinuz', 'a', 'b')), 'SOURCE_CHANGED'],
    ['any error', new Error('EIO'), 'LINUX_SOURCE'],
  ])('a source cannot be read: %s', async (_, error, code) => {
    const { kernel, machine, backend } = await prepared();
    const part: Part = { source: 'image', offset: 0, length: 4 };
    const submission = segmentsFor(machine, [{ start: 0x1000n, memorySize: page, parts: [part] }]);
    const result = await backend.apply(submission, () => Promise.reject(error));
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code }] });
    expect(kernel.asked).toEqual([]);
  });

  it.each([
    ['in what is loaded of it', 'what was here'.length],
    ['in what is not loaded of it', 'what'.length],
  ])('the host finds that a file has another digest: it changed %s', async (_, length) => {
    const { root, kernel, machine } = await prepared();
    const path = `${root}/image`;
    await writeFile(path, 'what is there');
    const source = sourceOf('image', path, Buffer.from('what was here'));
    const { read, verify, close } = unwrap(await readSources([source], { verify: true }));
    const backend = linuxBackend({ root, syscalls: kernel, verify });
    const parts: Part[] = [{ source: 'image', offset: 0, length }];
    const submission = segmentsFor(machine, [{ start: 0x1000n, memorySize: page, parts }], {
      sources: [source],
    });
    expect(await backend.apply(submission, read)).toMatchObject({
      diagnostics: [{ code: 'SOURCE_CHANGED' }],
    });
    await close();
    expect(kernel.asked).toEqual([]);
  });
});

it('a crash kernel is loaded with the flag for it', async () => {
  const { kernel, machine, backend } = await prepared('crash');
  const region = machine.crashKernel[0]!;
  const segment = { start: region.start, memorySize: page, parts: [{ bytes: Uint8Array.of(1) }] };
  expect(await backend.apply(segmentsFor(machine, [segment], { purpose: 'crash' }), neverRead)).toMatchObject(
    {
      ok: true,
    },
  );
  expect(kernel.asked).toMatchObject([{ flags: KEXEC.ARCH_X86_64 | KEXEC.ON_CRASH }]);
});

it('a dry run says what would be asked, and asks nothing', async () => {
  const { kernel, machine, backend } = await prepared();
  const parts: Part[] = [{ bytes: new Uint8Array(300) }, { source: 'image', offset: 0, length: 0x800 }];
  const submission = segmentsFor(machine, [{ start: 0x100_0000n, memorySize: page, parts }]);
  expect(await backend.dryRun(submission)).toEqual({
    ok: true,
    diagnostics: [],
    value: {
      call: 'kexec_load',
      flags: ['KEXEC_ARCH_X86_64'],
      bytes: 0x92cn,
      lines: [
        'kexec_load: entry 0x1000000, 1 segments, KEXEC_ARCH_X86_64',
        '  0x1000000-0x1001000: 0x92c bytes of piece-0',
      ],
    },
  });
  expect(kernel.asked).toEqual([]);
});

it('a recorded tree is no machine to make system calls on', () => {
  expect(() => linuxBackend({ root: '/somewhere' })).toThrow(RangeError);
});
