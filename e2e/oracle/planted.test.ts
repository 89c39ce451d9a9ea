import { describe, expect, test } from 'vitest';
import { runMany } from './bulk.js';
import type { Format } from './case.js';
import type { Tampering } from './judge.js';
import type { Loaded, Scene } from './memory.js';

/** Defects of ours, planted: what the oracle must name, on a machine made small. */
const defects: readonly { what: string; format: Format; named: RegExp; tampering: Tampering }[] = [
  {
    what: 'a kernel that lies a page too high',
    format: 'bzimage64',
    named: /^at kernel\.0$/,
    tampering: {
      places: (places) =>
        new Map([...places].map(([name, at]) => [name, name === 'kernel.0' ? at + 0x1000n : at])),
    },
  },
  {
    what: 'RAM that is told of as reserved',
    format: 'bzimage64',
    named: /^e820\[0\]$/,
    tampering: { scene: patched('boot-params', 0x2d0 + 16, 2) },
  },
  {
    what: 'a register that points elsewhere',
    format: 'bzimage32',
    named: /^boot_params$|^boot_params\.|^register\.esi$/,
    tampering: {
      scene: (scene) => {
        const { esi = 0n, ...registers } = scene.state.registers;
        return { ...scene, state: { ...scene.state, registers: { ...registers, esi: esi + 0x10n } } };
      },
    },
  },
  {
    what: 'boot notes whose checksum is wrong',
    format: 'elf',
    named: /^b_checksum$/,
    tampering: { scene: patched('elf-boot-notes', 8, 1) },
  },
  {
    what: 'a byte of the image that is another',
    format: 'multiboot',
    named: /^load\.0\.content$/,
    tampering: { scene: patched(/^(load\.0|image)$/, 0x40, 1) },
  },
  {
    what: 'a core header that leaves a page out of the dump',
    format: 'bzimage64',
    named: /^core, (notes|memory)$/,
    // The first program header's p_paddr, by a page.
    tampering: { scene: patched('elfcorehdr', 64 + 24 + 1, 0x10) },
  },
  {
    what: 'a memory map without its last entry',
    format: 'multiboot2',
    named: /^mmap/,
    tampering: { scene: shortenMap },
  },
];

describe.each(defects)('$what', ({ format, named, tampering }) => {
  test('is named as a disagreement, on a machine of few ranges', async () => {
    const report = await runMany({ machines: 16, formats: [format], seed: 3, tampering });
    expect(report.disagreements.length).toBeGreaterThan(0);
    const [first] = report.disagreements;
    expect(first?.differences.map(({ item }) => item)).toContainEqual(expect.stringMatching(named));
    expect(first?.smallest.machine.told.length).toBeLessThanOrEqual(4);
    expect(first?.smallest.options).toMatchObject({ commandLine: '', reuse: false, modules: [] });
  });
});

/** Adds to a byte of one of our pieces. */
function patched(wanted: string | RegExp, at: number, by: number): (scene: Scene) => Scene {
  return changing(wanted, (bytes) => {
    bytes[at] = ((bytes[at] ?? 0) + by) & 0xff;
  });
}

function changing(wanted: string | RegExp, change: (bytes: Uint8Array) => void): (scene: Scene) => Scene {
  return (scene) => ({
    ...scene,
    pieces: scene.pieces.map((piece: Loaded & { readonly id?: string }) => {
      const { id = '' } = piece;
      if (typeof wanted === 'string' ? id !== wanted : !wanted.test(id)) return piece;
      const bytes = Uint8Array.from(piece.bytes);
      change(bytes);
      return { ...piece, bytes };
    }),
  });
}

/** Tag 6 by one entry: its size says so. */
function shortenMap(scene: Scene): Scene {
  return changing('multiboot2-info', (bytes) => {
    const view = new DataView(bytes.buffer);
    for (let at = 8; at + 8 <= bytes.length;) {
      const [type, size] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
      if (type === 6) {
        view.setUint32(at + 4, size - 24, true);
        // What is left of it would be the next tag: it becomes one that nobody knows.
        view.setUint32(at + size - 24, 0xffff, true);
        view.setUint32(at + size - 20, 24, true);
        return;
      }
      if (size < 8) return;
      at += Math.ceil(size / 8) * 8;
    }
  })(scene);
}
