import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundle } from '@kexec-kit/bundle';
import { unwrap } from '@kexec-kit/loader-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MARKER } from '../../tools/initramfs.mjs';
import { qemu, writeBundle } from './bundle-qemu.js';
import { noise, prepare, type Prepared } from './linux.js';

const MIB = 1n << 20n;
const guest = { model: 'q35', memory: 256n * MIB, firmware: 'seabios' } as const;

let folder: string;
let prepared: Prepared;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-bundle-'));
  prepared = await prepare({ kernel: 'linux-6.12-cloud', guest, payloads: [{ 'file.bin': noise(70_001) }] });
});
afterAll(async () => {
  await prepared.close();
  rmSync(folder, { recursive: true });
});

describe('a Debian kernel, bundled', () => {
  it.each(['multiboot', 'pvh'] as const)('starts by QEMU -kernel, as %s', async (protocol) => {
    const bundled = unwrap(bundle(prepared.submission, { form: 'image', protocols: [protocol] }));
    const path = await writeBundle(join(folder, 'image.elf'), bundled, prepared.read);
    const said = await qemu({ memory: 256 }, ['-kernel', path], MARKER);
    expect(said.serial).toContain(MARKER);
  });
});
