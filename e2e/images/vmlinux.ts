import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decompress } from '@kexec-kit/decompress';
import { readSetupHeader, setupCodeSize } from '@kexec-kit/linux-boot';
import { unwrap } from '@kexec-kit/loader-api';
import { image } from '../../tools/images.mjs';

const LIMIT = 256 << 20;

/**
 * The ELF file inside a Debian bzImage, extracted once and kept beside it.
 *
 * @param name - Of the bzImage in tools/images.mjs.
 */
export async function vmlinux(name: string): Promise<string> {
  const { path, sha256 } = await image(name);
  const target = join(dirname(path), `vmlinux-${name}-${sha256.slice(0, 12)}`);
  if (existsSync(target)) return target;
  // Tests run at once: whoever comes second replaces the file by an equal one.
  const scratch = `${target}.${String(process.pid)}.${String(performance.now())}`;
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(scratch, unwrap(await decompress(payloadOf(readFileSync(path)), { limit: LIMIT })));
  renameSync(scratch, target);
  return target;
}

/** boot.rst, payload_offset and payload_length: what is compressed, and behind it 4 bytes that say how large it becomes. */
function payloadOf(bytes: Uint8Array): Uint8Array {
  const header = readSetupHeader(bytes);
  const start = setupCodeSize(header) + (header.payload_offset ?? 0);
  return bytes.subarray(start, start + (header.payload_length ?? 0) - 4);
}
