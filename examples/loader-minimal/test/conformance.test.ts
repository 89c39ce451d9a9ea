import { test } from 'vitest';
import { checks } from '@kexec-kit/loader-testkit';
import { loader } from '../src/index.js';

/** A made-up image: 32 bytes of code, entered at `entry`. */
function image(entry: number): Uint8Array {
  const bytes = new Uint8Array(48).fill(0x90);
  bytes.set(Array.from('FLATBOOT', (letter) => letter.charCodeAt(0)));
  new DataView(bytes.buffer).setUint32(8, entry, true);
  new DataView(bytes.buffer).setUint32(12, 32, true);
  return bytes;
}

const accepts = [
  { name: 'entered at its start', bytes: image(0) },
  { name: 'entered at its last byte', bytes: image(31) },
];
const rejects = [{ name: 'entered behind its end', bytes: image(32) }];

for (const { name, run } of checks({ loader, accepts, rejects })) test(name, run);
