import { expect, it } from 'vitest';
import { humanSize } from '../src/size.js';

it.each([
  [0n, '0 bytes'],
  [1n, '1 byte'],
  [1023n, '1023 bytes'],
  [1024n, '1 KiB'],
  [0x3f98000n, '63.6 MiB'],
  [1n << 32n, '4 GiB'],
  [(1n << 32n) + 16n, '4 GiB'],
  [1n << 50n, '1024 TiB'],
])('%d is read as %s', (bytes, text) => {
  expect(humanSize(bytes)).toBe(text);
});
