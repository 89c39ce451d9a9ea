import type { Input } from './input.js';
import { LzmaDecoder, lzmaProperties } from './lzma.js';
import { BURST } from './window.js';
import type { Window } from './window.js';

/** What a chunk's control byte says (The .xz File Format, 5.3.1; LZMA2 chunk headers). */
const END = 0;
const STORED_RESET = 1;
const STORED = 2;
const LZMA = 0x80;

/** What must be reset before the next chunk can do without it: a stream begins with a dictionary, then properties. */
interface Needs {
  dictionary: boolean;
  properties: boolean;
}

/** Decodes LZMA2 chunks until the end chunk, into a window of the dictionary's size. */
export function* decodeLzma2(input: Input, window: Window): Generator<Uint8Array, void> {
  const decoder = new LzmaDecoder(input, window);
  const needs: Needs = { dictionary: true, properties: true };
  for (let control = input.u8(); control !== END; control = input.u8()) {
    if (control > STORED && control < LZMA) throw input.corrupt('an LZMA2 chunk of reserved type');
    const resetsDictionary = control === STORED_RESET || control >= 0xe0;
    if (needs.dictionary && !resetsDictionary)
      throw input.corrupt('LZMA2 does not begin with a dictionary reset');
    needs.dictionary = false;
    if (resetsDictionary) window.reset();
    if (control >= LZMA) yield* lzmaChunk(control, input, window, decoder, needs);
    else yield* storedChunk(input, window);
  }
  yield window.drain();
}

function* storedChunk(input: Input, window: Window): Generator<Uint8Array, void> {
  const size = bigEndian16(input) + 1;
  window.reserve();
  window.append(input.take(size));
  if (window.pending >= BURST) yield window.drain();
}

function* lzmaChunk(
  control: number,
  input: Input,
  window: Window,
  decoder: LzmaDecoder,
  needs: Needs,
): Generator<Uint8Array, void> {
  const size = ((control & 0x1f) << 16) + bigEndian16(input) + 1;
  const compressed = bigEndian16(input) + 1;
  resetFor((control >> 5) & 3, input, decoder, needs);
  const inputEnd = input.position + compressed;
  const end = window.total + size;
  decoder.range.start();
  for (let state = 'burst'; state === 'burst';) {
    window.reserve();
    state = decoder.run(end);
    if (state === 'marker') throw input.corrupt('an end marker within LZMA2');
    if (window.pending >= BURST) yield window.drain();
  }
  if (input.position !== inputEnd || !decoder.range.finished)
    throw input.corrupt('an LZMA2 chunk of another size');
}

/** 0: nothing, 1: state, 2: state with new properties, 3: the dictionary as well. */
function resetFor(reset: number, input: Input, decoder: LzmaDecoder, needs: Needs): void {
  if (reset >= 2) {
    const properties = lzmaProperties(input.u8());
    if (properties === undefined || properties.lc + properties.lp > 4)
      throw input.corrupt('impossible properties');
    decoder.resetState(properties);
    needs.properties = false;
  } else if (needs.properties) throw input.corrupt('LZMA2 without properties');
  else if (reset === 1) decoder.resetState();
}

function bigEndian16(input: Input): number {
  return (input.u8() << 8) | input.u8();
}
