import { toIndex } from '@kexec-kit/loader-api';
import type { Input } from './input.js';
import { LzmaDecoder, lzmaProperties } from './lzma.js';
import { Window } from './window.js';

/** LZMA specification: a smaller one is treated as this, in bytes. */
const SMALLEST_DICTIONARY = 1 << 12;
const UNKNOWN_SIZE = 0xffffffffffffffffn;

/** Decodes an LZMA-alone file (LZMA specification, "LZMA file format"). It carries no checksum. */
export function* decodeLzmaAlone(input: Input): Generator<Uint8Array, void> {
  const properties = lzmaProperties(input.u8());
  if (properties === undefined) throw input.corrupt('impossible properties');
  const window = new Window(Math.max(input.u32(), SMALLEST_DICTIONARY));
  const size = input.u64();
  const end = size > Number.MAX_SAFE_INTEGER ? Infinity : toIndex(size);
  const decoder = new LzmaDecoder(input, window);
  decoder.resetState(properties);
  decoder.range.start();
  let state = 'burst';
  while (state === 'burst') {
    window.reserve();
    state = decoder.run(end);
    yield window.drain();
  }
  if (state === 'marker' && size !== UNKNOWN_SIZE) throw input.corrupt('less content than its header says');
  // With a known size an end marker may still follow.
  if (state === 'full' && !decoder.range.finished) decoder.readMarker();
  input.expectPadding();
}
