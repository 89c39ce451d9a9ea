import { readFileSync } from 'node:fs';
import { guestMachine } from '@kexec-kit/backend-qemu';
import type { SourceBytes } from '@kexec-kit/loader-api';
import { loader } from '@kexec-kit/loader-bzimage';
import { beforeAll, describe, expect, test } from 'vitest';
import { image } from '../../tools/images.mjs';

/** From Debian's packages; all are signed. */
const KERNELS = [
  {
    name: 'linux-6.12-cloud',
    release: /^Linux bzImage 6\.12\.\S+-cloud-amd64, protocol 2\.15$/,
    payload: 'zstd',
  },
  { name: 'linux-6.1', release: /^Linux bzImage 6\.1\.\S+-amd64, protocol 2\.15$/, payload: 'xz' },
  {
    name: 'linux-6.1-686-pae',
    release: /^Linux bzImage 6\.1\.\S+-686-pae, protocol 2\.15$/,
    payload: 'xz',
  },
];

const NOTHING = {
  ...{ commandLine: undefined, reuseCommandLine: false, initrd: [] },
  ...{ entry: undefined, entry32bit: false, realMode: false },
};

describe.each(KERNELS)('$name', ({ name, release, payload }) => {
  let bytes: Uint8Array;
  let declared: number;
  const source = (length = bytes.length): SourceBytes => ({
    ...{ id: 'image', name, size: length, sha256: '0'.repeat(64) },
    bytes: bytes.subarray(0, length),
  });

  beforeAll(async () => {
    bytes = readFileSync((await image(name)).path);
    // setup_sects at 0x1f1, syssize at 0x1f4: read here by hand, since they are what is tested.
    declared =
      (bytes[0x1f1]! + 1) * 512 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0x1f4, true) * 16;
  });

  test('is recognised, with its release', () => {
    expect(loader.probe(bytes)).toMatchObject({
      match: true,
      detail: expect.stringMatching(release) as string,
    });
  });

  test('is loaded whole without a word, and plans on a guest', () => {
    const loaded = loader.load(source());
    expect(loaded).toMatchObject({ ok: true, diagnostics: [], value: { payload } });
    if (!loaded.ok) return;
    const planned = loader.plan(loaded.value, {
      machine: guestMachine({ memory: 1n << 30n, model: 'q35' }),
      purpose: 'normal',
      policy: { efi: true, video: 'auto', console: {} },
      options: { ...NOTHING, commandLine: 'console=ttyS0' },
    });
    expect(planned).toMatchObject({ ok: true, diagnostics: [] });
  });

  test('cut off at any byte of the header is refused with a code and a place', () => {
    for (let length = 0; length <= 0x280; length++) expectTruncated(length);
  });

  test('cut off anywhere before its declared end is refused with a code and a place', () => {
    const samples = Array.from({ length: 500 }, (_, i) => 0x281 + Math.floor(((declared - 0x282) * i) / 499));
    for (const length of [...samples, declared - 2, declared - 1]) expectTruncated(length);
  });

  test('cut off within its certificates is whole, with a warning', () => {
    expect(bytes.length).toBeGreaterThan(declared);
    for (const length of [declared, declared + 1, bytes.length - 1]) {
      expect(loader.load(source(length))).toMatchObject({
        ok: true,
        diagnostics: [{ code: 'BZIMAGE_SIGNATURE_LOST', severity: 'warning', at: { offset: length } }],
      });
    }
  });

  function expectTruncated(length: number): void {
    const result = loader.load(source(length));
    expect(result, `${length} bytes`).toMatchObject({
      ok: false,
      diagnostics: [
        {
          code: 'BZIMAGE_TRUNCATED',
          at: { source: name, offset: expect.any(Number) as number },
          found: expect.stringContaining(`${length} bytes`) as string,
          expected: expect.any(String) as string,
        },
      ],
    });
  }
});
