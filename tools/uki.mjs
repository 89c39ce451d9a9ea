// @ts-check
/** Real unified kernel images for tests: systemd's stub, with sections added by objcopy, as its manual page shows. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { image } from './images.mjs';

/** Behind the stub, which ends at 0x19300. */
const FIRST_ADDRESS = 0x20000;
const PAGE = 0x1000;

/**
 * @param {Readonly<Record<string, string | Uint8Array>>} sections By name, in their order; `.linux` is best the last, since what is
 *   behind it would be overwritten by a kernel that unpacks itself in place.
 * @returns {Promise<Uint8Array>}
 */
export async function makeUki(sections) {
  const stub = await image('systemd-stub');
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-uki-'));
  try {
    let address = FIRST_ADDRESS;
    const options = Object.entries(sections).flatMap(([name, content], index) => {
      const file = join(folder, String(index));
      writeFileSync(file, content);
      const here = address;
      address += Math.ceil((content.length + 1) / PAGE) * PAGE;
      return ['--add-section', `${name}=${file}`, '--change-section-vma', `${name}=0x${here.toString(16)}`];
    });
    const result = join(folder, 'uki.efi');
    execFileSync('objcopy', [...options, stub.path, result]);
    return readFileSync(result);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
