import { boot, guestMachine, qemuTarget } from '@kexec-kit/backend-qemu';
import { linkPlanned, open, plan } from '@kexec-kit/core';
import { nodeEngines } from '@kexec-kit/host-node';
import { unwrap, type ReadSource, type Region, type SourceBytes } from '@kexec-kit/loader-api';
import { loaders } from '@kexec-kit/preset-x86';
import { expect, test } from 'vitest';
import { exampleKernel, screenOf, viewer } from './multiboot-example.js';
import { hexOf, noise, piece, sha256, toldMap } from './witness.js';

const MIB = 1n << 20n;
const VIEWER = 0x400000n;
const guest = { model: 'microvm', memory: 64n * MIB } as const;

const sourceOf = (id: string, name: string, bytes: Uint8Array): SourceBytes => {
  return { id, name, size: bytes.length, sha256: sha256(bytes), bytes };
};

test("the specification's example kernel reads our block as it was planned", async () => {
  const image = sourceOf('image', 'kernel', await exampleKernel(Number(VIEWER)));
  const modules = [sourceOf('module.0', 'a.bin', noise(5000)), sourceOf('module.1', 'b.bin', noise(300))];
  const machine = guestMachine(guest);
  const opened = unwrap(open(image, loaders));
  const given = modules.map(({ id, name, size }, n) => ({
    source: id,
    name,
    size,
    arguments: n === 0 ? 'first second' : '',
  }));
  const planned = unwrap(plan(opened, { machine, options: { 'command-line': ['a b c'], module: given } }));
  const withViewer = {
    ...planned,
    plan: {
      ...planned.plan,
      segments: [
        ...planned.plan.segments,
        { id: 'viewer', parts: [{ bytes: viewer() }], memorySize: 0x1000n, placements: [{ at: VIEWER }] },
      ],
    },
  };
  const submission = unwrap(
    linkPlanned(withViewer, { target: qemuTarget, engines: nodeEngines, sources: modules }),
  );
  const read: ReadSource = (id, offset, into) => {
    const source = [image, ...modules].find((each) => each.id === id);
    into.set((source as SourceBytes).bytes.subarray(offset, offset + into.length));
    return Promise.resolve();
  };
  const { output } = unwrap(await boot(submission, read, { ...guest, timeoutMs: 60_000 }));
  const told = toldMap({ machine, submission });
  const ram = told.find(({ kind, start }) => kind === 'ram' && start === MIB) as Region;
  const lines = modules.map(({ size, name }, n) => {
    const { start } = piece(submission, `module.${n}`);
    const text = n === 0 ? `${name} first second` : name;
    return ` mod_start = ${hexOf(start)}, mod_end = ${hexOf(start + BigInt(size))}, cmdline = ${text}`;
  });
  const screen = screenOf(output).join('\n');
  expect(screen).toContain('flags = 0x24d');
  expect(screen).toContain(`mem_lower = 639KB, mem_upper = ${(ram.end - MIB) / 1024n}KB`);
  expect(screen).toContain('cmdline = kernel a b c');
  expect(screen).toContain('mods_count = 2, mods_addr = 0x');
  for (const line of lines) expect(screen).toContain(line);
  expect(screen).toContain(`mmap_length = ${hexOf(told.length * 24)}`);
  expect(mapOf(screen)).toEqual(told.map(({ start, end, kind }) => [start, end, kind === 'ram' ? 1n : 2n]));
});

/** ` size = 0x14, base_addr = 0x…, length = 0x…, type = 0x1`, a line for each range. */
function mapOf(screen: string): (readonly [bigint, bigint, bigint])[] {
  const entry = / size = 0x14, base_addr = (0x\w+), length = (0x\w+), type = (0x\w+)/g;
  return [...screen.matchAll(entry)].map(([, base = '', length = '', type = '']) => {
    return [BigInt(base), BigInt(base) + BigInt(length), BigInt(type)];
  });
}
