import { Finding } from './finding.js';

/** The most that one case may take in buffers, all together, in bytes. */
export const CASE_MEMORY = 64 << 20;

/** Of the case that runs now; undefined between cases. */
let taken: number | undefined;

export function beginCounting(): void {
  taken = 0;
}

/** In bytes, since {@link beginCounting}. */
export function endCounting(): number {
  const bytes = taken ?? 0;
  taken = undefined;
  return bytes;
}

const COUNTED = [
  'ArrayBuffer',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
] as const;

/**
 * From here on every buffer that anybody makes by its length is counted before it comes into being: a case that takes more
 * than {@link CASE_MEMORY} is a finding, at the place where it asks. (What is made of arrays and objects is bounded by the
 * worker's resource limits.)
 */
export function countAllocations(): void {
  for (const name of COUNTED) {
    const original = globalThis[name] as unknown as new (...args: unknown[]) => object;
    const each = (original as unknown as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
    const counted: typeof original = new Proxy(original, {
      construct(target, args: unknown[], newTarget): object {
        count(lengthOf(args[0]) * each);
        return Reflect.construct(target, args, newTarget === counted ? target : newTarget) as object;
      },
    });
    Reflect.set(globalThis, name, counted);
  }
}

/** A view of a buffer takes nothing. */
function lengthOf(argument: unknown): number {
  if (typeof argument === 'number') return argument;
  return Array.isArray(argument) || ArrayBuffer.isView(argument)
    ? (argument as { length: number }).length
    : 0;
}

function count(bytes: number): void {
  if (taken === undefined) return;
  taken += bytes > 0 ? bytes : 0;
  if (taken > CASE_MEMORY)
    throw new Finding(
      'memory',
      `asks for ${String(bytes)} bytes, ${String(taken)} in all: more than ${String(CASE_MEMORY)}`,
    );
}
