// @ts-check
/** A plan as a boot engineer reviews it: hexadecimal, nothing that is zero, of what is made here what it says. */
import { format } from 'prettier';

/** @typedef {import('@kexec-kit/loader-api').Plan} Plan */
/** @typedef {import('@kexec-kit/loader-api').Segment} Segment */
/** @typedef {import('@kexec-kit/loader-api').Relocation} Relocation */

/**
 * @param {{ readonly diagnostics: readonly unknown[]; readonly value: Plan }} planned
 * @param {(id: string, bytes: Uint8Array) => unknown} show What the bytes of a segment say.
 * @returns {Promise<string>} JSON.
 */
export async function goldenPlan({ diagnostics, value }, show) {
  const segments = value.segments.map((segment) => ({ ...segment, ...content(segment, show) }));
  const text = JSON.stringify(plainly({ diagnostics, ...value, segments }));
  return format(text, { parser: 'json', printWidth: 110 });
}

/**
 * @param {Segment} segment
 * @param {(id: string, bytes: Uint8Array) => unknown} show
 */
function content({ id, parts, relocations = [] }, show) {
  if ('deferred' in parts) return {};
  return {
    parts: parts.map((part) => ('bytes' in part ? { bytes: show(id, part.bytes) } : part)),
    relocations: relocations.map(target),
  };
}

/** @param {Relocation} relocation */
function target(relocation) {
  if (!('value' in relocation)) return `${relocation.checksum} at ${hex(relocation.offset)}`;
  return `${relocation.encoding} at ${hex(relocation.offset)} = ${formula(relocation.value)}`;
}

/** @param {import('@kexec-kit/loader-api').Expr} value */
function formula({ terms, constant, shift, part }) {
  const words = terms.map(({ sign, segment, at, offset }, i) => {
    const more = BigInt(sign) * offset + (i === 0 ? constant : 0n);
    const end = at === 'end' ? '.end' : '';
    return `${sign < 0 ? '-' : ''}${segment}${end}${more < 0n ? `-${hex(-more)}` : `+${hex(more)}`}`;
  });
  const sum = words.join(' + ');
  return `${shift === undefined ? sum : `(${sum}) >> ${shift}`}${part === undefined ? '' : `, ${part}`}`;
}

/**
 * @param {unknown} value
 * @returns {unknown}
 */
function plainly(value) {
  if (typeof value === 'number' || typeof value === 'bigint') return hex(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.keys(value).join() === 'start,end') {
    const { start, end } = /** @type {{ start: bigint; end: bigint }} */ (value);
    return `${hex(start)}-${hex(end)}`;
  }
  const entries = Object.entries(value).filter(([, member]) => !isNothing(member));
  return Object.fromEntries(entries.map(([key, member]) => [key, plainly(member)]));
}

/**
 * @param {unknown} value
 * @returns {boolean}
 */
function isNothing(value) {
  if (value === undefined || value === 0 || value === 0n) return true;
  if (value instanceof Uint8Array) return value.every((byte) => byte === 0);
  return typeof value === 'object' && value !== null && Object.values(value).every(isNothing);
}

/** @param {number | bigint} value */
function hex(value) {
  return `0x${value.toString(16)}`;
}
