import type { Address } from '@kexec-kit/loader-api';
import { ADDRESS_END, quote } from './text.js';

/** Turns a JSON value into a typed one, or throws {@link Invalid} with the path at which it could not. */
export type Decoder<T> = (value: unknown, field: string) => T;

/** A field that is not what it should be. Caught once, in `parseMachine`. */
export class Invalid extends Error {
  readonly field: string;
  readonly found: string;
  readonly expected: string;
  constructor(field: string, found: string, expected: string) {
    super(`${field}: expected ${expected}, found ${found}`);
    this.field = field;
    this.found = found;
    this.expected = expected;
  }
}

/** A JSON value, short enough to print. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}

/** A lower-case `0x…` string of at most 64 bits, without leading zeros. */
export const address: Decoder<Address> = (value, field) => {
  if (typeof value !== 'string' || !/^0x(0|[1-9a-f][0-9a-f]{0,15})$/.test(value)) {
    throw new Invalid(field, show(value), 'a lower-case 0x… string of at most 64 bits');
  }
  return BigInt(value);
};

/** As {@link address}, but for the end of a range, which may be 2^64. */
export const endAddress: Decoder<Address> = (value, field) =>
  value === `0x${ADDRESS_END.toString(16)}` ? ADDRESS_END : address(value, field);

export const integer =
  (minimum: number, maximum: number): Decoder<number> =>
  (value, field) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum)
      return value;
    throw new Invalid(field, show(value), `an integer within ${String(minimum)}..${String(maximum)}`);
  };

export const string =
  (maximum: number): Decoder<string> =>
  (value, field) => {
    if (typeof value === 'string' && value.length <= maximum) return value;
    throw new Invalid(field, show(value), `a string of at most ${String(maximum)} characters`);
  };

/** So many bytes in lower-case hexadecimal. */
export const hexBytes =
  (size: number): Decoder<string> =>
  (value, field) => {
    if (typeof value === 'string' && value.length === 2 * size && /^[0-9a-f]*$/.test(value)) return value;
    throw new Invalid(field, show(value), `${String(size)} bytes in lower-case hexadecimal`);
  };

export const oneOf =
  <const T extends string | number>(...values: readonly T[]): Decoder<T> =>
  (value, field) => {
    const known = values.find((each) => each === value);
    if (known !== undefined) return known;
    throw new Invalid(field, show(value), values.map((each) => JSON.stringify(each)).join(' or '));
  };

export const list =
  <T>(item: Decoder<T>, maximum: number): Decoder<T[]> =>
  (value, field) => {
    if (!Array.isArray(value)) throw new Invalid(field, show(value), 'a list');
    if (value.length > maximum) {
      throw new Invalid(field, `${String(value.length)} items`, `at most ${String(maximum)} items`);
    }
    return value.map((each, index) => item(each, `${field}[${String(index)}]`));
  };

type Shape = Readonly<Record<string, Decoder<unknown>>>;
type Decoded<S extends Shape> = { readonly [K in keyof S]: ReturnType<S[K]> };

/** Exactly these fields, and no others; those of `optional` may be absent. */
export const object =
  <R extends Shape, O extends Shape>(required: R, optional: O): Decoder<Decoded<R> & Partial<Decoded<O>>> =>
  (value, field) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new Invalid(field, show(value), 'an object');
    }
    const at = (name: string) => (field === '' ? name : `${field}.${name}`);
    const given = new Map<string, unknown>(Object.entries(value));
    const decoders = new Map(Object.entries({ ...required, ...optional }));
    for (const name of given.keys()) {
      if (!decoders.has(name))
        throw new Invalid(at(name), 'an unknown field', [...decoders.keys()].join(', '));
    }
    for (const name of Object.keys(required)) {
      if (!given.has(name)) throw new Invalid(at(name), 'nothing', 'a value');
    }
    // In the order of the text, so that what was read is written as it was.
    const decoded = [...given].map(([name, each]) => [name, decoders.get(name)?.(each, at(name))]);
    return Object.fromEntries(decoded) as Decoded<R> & Partial<Decoded<O>>;
  };
