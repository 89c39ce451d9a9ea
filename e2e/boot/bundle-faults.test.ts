import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle, BundleHeader, type Bundle } from '@kexec-kit/bundle';
import { hex, unwrap } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { qemu, writeBundle, type Machine, type Said } from './bundle-qemu.js';
import { noise, tell, type Told } from './witness.js';

const MIB = 1n << 20n;
/** Of the page in front of a bundle that makes it an image. */
const FRONT = 0x1000;
/** The end of what the program says, and of what purgatory does, when they refuse. */
const UNCHANGED = 'nothing was changed.';
const NOT_ENTERED = 'nothing was entered';

let folder: string;
let told: Told;
let made: Bundle;
let image: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-bundle-'));
  const guest = { model: 'q35', memory: 128n * MIB, firmware: 'seabios' } as const;
  told = await tell({ kernel: 'bzimage', guest, initrds: [noise(70_001)] });
  made = unwrap(bundle(told.submission, { form: 'image', protocols: ['multiboot'] }));
  image = readFileSync(await writeBundle(join(folder, 'image.elf'), made, told.read));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Starts the image as somebody changed it, until it refuses, or until the witness speaks. */
function start(
  change: (image: Buffer) => void,
  machine: Partial<Machine> = {},
  until = UNCHANGED,
): Promise<Said> {
  const changed = Buffer.from(image);
  change(changed);
  const path = join(folder, 'changed.elf');
  writeFileSync(path, changed);
  return qemu({ memory: 128, ...machine }, ['-kernel', path], until, 20_000);
}

function flip(at: number): (image: Buffer) => void {
  return (bytes) => {
    bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  };
}

describe('a flipped bit', () => {
  it('in any content is named by purgatory', async () => {
    const { checked, segments } = told.submission;
    const contents = made.pieces.filter(({ contentSize }) => contentSize > 0n);
    expect(contents.map(({ name }) => name).join()).toMatch(/kernel.*/);
    for (const { name, start: at, length } of checked) {
      const piece = contents.find(
        ({ destination, contentSize }) => destination <= at && at < destination + contentSize,
      );
      if (piece === undefined)
        throw new Error(`${name} is in no content of ${String(segments.length)} segments`);
      const said = await start(
        flip(Number(piece.offset + at - piece.destination + length / 2n)),
        {},
        NOT_ENTERED,
      );
      expect(said.serial).toContain(`region "${name}" differs`);
      expect(said.serial).not.toContain('"witness"');
    }
  });

  it('in header, program or tables is found by the program', async () => {
    const { checked_size, segments, told: map } = parse(BundleHeader, image.subarray(FRONT));
    for (const at of [0x10, 0x30, 0x34, segments, segments + 8, map, checked_size - 1]) {
      const said = await start(flip(FRONT + at));
      expect(said.serial, `at ${at}`).toContain('its own header, program or tables were damaged');
      expect(said.debugcon).not.toContain('in place');
    }
  });
});

describe('another machine', () => {
  it('with less memory is refused, and every segment that finds none is named', async () => {
    const missing = made.pieces.filter(({ destination }) => destination >= 64n * MIB);
    const { destination: last = 0n, memorySize = 0n } = missing.at(-1) ?? {};
    const said = await start(() => undefined, { memory: 64 }, ` to ${hex(last + memorySize)}\r\n`);
    expect(said.serial).toContain(
      'this machine is not the one that it was planned for, nothing was changed.',
    );
    for (const { name, destination } of missing)
      expect(said.serial).toMatch(
        new RegExp(`no RAM at 0x\\w+ for "${name.slice(0, 48)}" at 0x${destination.toString(16)} to 0x`),
      );
  });

  it('without 64-bit mode is refused', async () => {
    const said = await start(() => undefined, { cpu: 'pentium3' });
    expect(said.serial).toContain('kexec-kit bundle: this CPU has no 64-bit mode, nothing was changed.');
    expect(said.debugcon).toContain('no 64-bit mode');
  });

  it('without RDRAND is started, and it is said where the random bytes are from', async () => {
    const said = await start(() => undefined, { cpu: 'qemu64' }, 'end of witness');
    expect(said.serial).toContain('this CPU has no RDRAND');
    expect(said.serial).toContain('end of witness');
  });
});

describe('a boot loader', () => {
  /** `mov $bundle, %edi` in front: in its place `mov $value, %eax` as well, so that another magic arrives. */
  const magic = (value: number) => (bytes: Buffer) => {
    const entry = bytes.readUInt32LE(0x18) - bytes.readUInt32LE(0x3c);
    const jump = Buffer.from(bytes.subarray(entry, entry + 10));
    bytes[entry] = 0xb8;
    bytes.writeUInt32LE(value, entry + 1);
    jump.copy(bytes, entry + 5);
    bytes.writeInt32LE(jump.readInt32LE(6) - 5, entry + 5 + 6);
  };

  it('of another protocol is refused', async () => {
    const said = await start(magic(0x1234));
    expect(said.serial).toContain(
      'entered by none of Multiboot, Multiboot2, PVH: eax is 0x1234, nothing was changed.',
    );
  });

  it('without a memory map is refused', async () => {
    const said = await start(magic(0x336ec578));
    expect(said.serial).toContain('the boot loader gave no memory map, nothing was changed.');
  });

  it('whose memory is told otherwise is warned of, and goes on', async () => {
    const { submission, read } = told;
    const map = {
      ...submission.map,
      told: [...submission.map.told, { start: 1n << 36n, end: 1n << 37n, kind: 'ram' }],
    };
    const other = unwrap(bundle({ ...submission, map } as typeof submission, { form: 'image' }));
    const path = await writeBundle(join(folder, 'told.elf'), other, read);
    const said = await qemu({ memory: 128 }, ['-kernel', path], 'end of witness', 20_000);
    expect(said.serial).toContain(
      'warning: the next kernel is told of RAM at 0x1000000000, where this machine has none.',
    );
    expect(said.serial).toContain('end of witness');
  });
});
