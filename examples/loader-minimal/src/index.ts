import {
  addressOf,
  API_VERSION,
  defineLoader,
  fail,
  ok,
  range,
  type Diagnostic,
} from '@kexec-kit/loader-api';

// The "flat" format: "FLATBOOT", u32 entry (within the code), u32 length, so many bytes of 64-bit code that runs anywhere.
const MAGIC = Array.from('FLATBOOT', (letter) => letter.charCodeAt(0));
const HEADER = 16;

const codes = {
  FLAT_TRUNCATED: { cause: 'The file ends before its header says.', cure: 'Get the whole file.' },
  FLAT_ENTRY: { cause: 'The entry does not lie in the code.', cure: 'Build the image again.' },
};

const error = (code: keyof typeof codes, offset: number, found: number, expected: string): Diagnostic => ({
  code,
  severity: 'error',
  message: codes[code].cause,
  at: { source: 'image', offset },
  found: String(found),
  expected,
  hint: codes[code].cure,
});

const isFlat = (bytes: Uint8Array) => MAGIC.every((byte, index) => bytes[index] === byte);

export const loader = defineLoader({
  api: API_VERSION,
  name: 'flat',
  version: '0.1.0',
  summary: 'Flat 64-bit code behind a header of 16 bytes',
  supports: { purposes: ['normal'], handoffs: ['long64'], architectures: ['x86_64'] },
  options: {},
  codes,
  signatures: [{ at: 0, hex: '464c4154424f4f54' }],
  probe: (bytes) =>
    isFlat(bytes) ? { match: true, detail: 'flat image' } : { match: false, reason: 'no "FLATBOOT" at 0' },
  load({ bytes }) {
    const size = bytes.length;
    if (size < HEADER || !isFlat(bytes)) return fail(error('FLAT_TRUNCATED', size, size, 'a header'));
    const view = new DataView(bytes.buffer, bytes.byteOffset, size);
    const [entry, length] = [view.getUint32(8, true), view.getUint32(12, true)];
    if (size < HEADER + length) return fail(error('FLAT_TRUNCATED', size, size, `${HEADER + length} bytes`));
    if (entry >= length) return fail(error('FLAT_ENTRY', 8, entry, `below ${length}`));
    return ok({ entry, length });
  },
  plan({ entry, length }) {
    const parts = [{ source: 'image', offset: HEADER, length }];
    const placements = [{ within: range(0x10_0000n, 1n << 46n), align: 4096n, from: 'bottom' }] as const;
    return ok({
      segments: [{ id: 'code', parts, memorySize: BigInt(length), placements }],
      handoff: { mode: 'long64', entry: addressOf('code', BigInt(entry)), registers: {} },
    });
  },
});
