import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ok, type Result } from '@kexec-kit/loader-api';
import { noBios } from './codes.js';

/** SeaBIOS as QEMU starts q35 with it by itself. */
const IMAGE = 'bios-256k.bin';
const IMAGE_SIZE = 256 << 10;

/** SeaBIOS, from where this QEMU looks for it. */
export async function readBios(program: string): Promise<Result<Uint8Array>> {
  const { stdout } = await promisify(execFile)(program, ['-L', 'help']).catch(() => ({ stdout: '' }));
  const directories = stdout.split('\n').filter((line) => line !== '');
  for (const directory of directories) {
    const image = await readFile(join(directory, IMAGE)).catch(() => undefined);
    if (image?.length === IMAGE_SIZE) return ok(image);
  }
  return noBios(IMAGE, directories);
}
