import { fail, hex, ok, type Machine, type Result } from '@kexec-kit/loader-api';
import { contains } from '@kexec-kit/memory';
import { snapshotFormat, snapshotInvalid, snapshotNotJson, snapshotVersion } from './codes.js';
import { Invalid, show } from './decode.js';
import { decodeMachine } from './shape.js';

export const SNAPSHOT_FORMAT = 'kexec-kit-machine';
export const SNAPSHOT_VERSION = 1;

/**
 * Writes a machine as JSON: addresses and 64-bit numbers as lower-case `0x…` strings, one region a line.
 *
 * @example
 * ```ts
 * parseMachine(serializeMachine(machine)); // { ok: true, value: machine, diagnostics: [] }
 * ```
 */
export function serializeMachine(machine: Machine): string {
  return `${print({ format: SNAPSHOT_FORMAT, version: SNAPSHOT_VERSION, ...machine }, '')}\n`;
}

/**
 * Reads what {@link serializeMachine} wrote. Strict: an unknown field, a number where a `0x…` string belongs, regions that
 * overlap or usable memory that is no RAM are refused, each with the field's path.
 */
export function parseMachine(text: string): Result<Machine> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return fail(snapshotNotJson((error as SyntaxError).message));
  }
  const { format, version, ...machine } = isObject(json) ? json : {};
  if (format !== SNAPSHOT_FORMAT) return fail(snapshotFormat(show(format), JSON.stringify(SNAPSHOT_FORMAT)));
  if (version !== SNAPSHOT_VERSION) return fail(snapshotVersion(show(version), SNAPSHOT_VERSION));
  try {
    return ok(checkUsable(decodeMachine(machine, '')));
  } catch (error) {
    if (error instanceof Invalid) return fail(snapshotInvalid(error.field, error.found, error.expected));
    throw error;
  }
}

function checkUsable(machine: Machine): Machine {
  const ram = machine.told.filter((region) => region.kind === 'ram');
  machine.usable.forEach((each, index) => {
    if (!contains(ram, each)) {
      throw new Invalid(
        `usable[${String(index)}]`,
        `${hex(each.start)}-${hex(each.end)}`,
        'within RAM that was told of',
      );
    }
  });
  return machine;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON with every object or list that fits on a line on one line: a memory map should look like one. */
function print(value: unknown, indent: string): string {
  if (typeof value === 'bigint') return JSON.stringify(hex(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const items = (inner: string) =>
    Array.isArray(value)
      ? value.map((item: unknown) => print(item, inner))
      : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${print(item, inner)}`);
  if (Object.keys(value).length === 0) return `${open}${close}`;
  if (isLeaf(value)) return `${open} ${items('').join(', ')} ${close}`;
  const inner = `${indent}  `;
  return `${open}\n${inner}${items(inner).join(`,\n${inner}`)}\n${indent}${close}`;
}

/** A region, a descriptor, a short list: what reads best as one line. */
function isLeaf(value: object): boolean {
  return Object.keys(value).length <= 5 && Object.values(value).every((each) => typeof each !== 'object');
}
