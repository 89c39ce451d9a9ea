import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSetupData } from '@kexec-kit/machine';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kexec-kit-setup-data-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A node as Linux shows it. */
function node(name: string, type: string, data: Uint8Array): void {
  const folder = join(root, 'sys/kernel/boot_params/setup_data', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'type'), type);
  writeFileSync(join(folder, 'data'), data);
}

describe('the setup_data nodes of the running kernel', () => {
  it('are given by type, in the order of the list', async () => {
    node('10', '0x6b6b\n', Uint8Array.of(2));
    node('9', '0x6b6b\n', Uint8Array.of(1));
    node('0', '0x9\n', Uint8Array.of(9));
    expect(await readSetupData(0x6b6b, { root })).toMatchObject({
      ok: true,
      value: [Buffer.from([1]), Buffer.from([2])],
    });
  });

  it('are none where the kernel shows none, or only what is no node', async () => {
    expect(await readSetupData(0x6b6b, { root })).toMatchObject({ ok: true, value: [] });
    mkdirSync(join(root, 'sys/kernel/boot_params/setup_data/0'), { recursive: true });
    node('1', '', Uint8Array.of(1));
    expect(await readSetupData(0, { root })).toMatchObject({ ok: true });
    expect(await readSetupData(0x6b6b, { root })).toMatchObject({ ok: true, value: [] });
  });
});
