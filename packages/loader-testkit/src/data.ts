import { NonConforming } from './assert.js';

/** Calls `visit` on a value and on everything in it, each with its path. Bytes are a leaf. */
export function walk(value: unknown, visit: (value: unknown, path: string) => void, path = ''): void {
  visit(value, path);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const [key, item] of Object.entries(value)) {
    walk(item, visit, Array.isArray(value) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
  }
}

/** Refuses everything that does not survive being printed: functions, classes, maps, cycles, symbols. */
export function demandPlain(value: unknown, what: string): void {
  try {
    walk(value, demandPlainPiece);
  } catch (error) {
    if (error instanceof RangeError) throw new NonConforming(`${what} is a cycle, or endless`);
    if (error instanceof NonConforming) throw new NonConforming(`${what}: ${error.message}`);
    throw error;
  }
}

function demandPlainPiece(value: unknown, path: string): void {
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new NonConforming(`${path} is a ${typeof value}, and not data`);
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || Array.isArray(value))
    return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new NonConforming(`${path} is an instance of a class, and not plain data`);
  }
  const computed = Object.entries(Object.getOwnPropertyDescriptors(value)).find(
    ([, each]) => each.get !== undefined,
  );
  if (computed !== undefined) throw new NonConforming(`${path}.${computed[0]} is computed when it is read`);
}

/** A double that stands for a 64-bit field has lost bits beyond 2^53, and looks like this. */
export function demandExactNumbers(value: unknown, what: string): void {
  walk(value, (each, path) => {
    if (typeof each === 'number' && !Number.isSafeInteger(each)) {
      throw new NonConforming(`${what}: ${path} is the number ${String(each)}: a 64-bit field is a bigint`);
    }
  });
}

/** A deep copy that owes nothing to the original. */
export function copy<T>(value: T): T {
  if (value instanceof Uint8Array) return value.slice() as T;
  if (Array.isArray(value)) return value.map(copy) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)])) as T;
}

/** Freezes all of it but the bytes, which JavaScript cannot freeze. */
export function freeze<T>(value: T): T {
  walk(value, (each) => {
    if (typeof each === 'object' && each !== null && !(each instanceof Uint8Array)) Object.freeze(each);
  });
  return value;
}

/** Structural equality of data: a field that is undefined is a field that is absent. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) return sameBytes(a, b);
  if (a instanceof Map && b instanceof Map) return same([...a], [...b]);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same(a[key as keyof object], b[key as keyof object]));
}

function sameBytes(a: object, b: object): boolean {
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array) || a.length !== b.length) return false;
  return a.every((byte, index) => byte === b[index]);
}
