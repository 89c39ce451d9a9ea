import type { Random } from './random.js';

export type Json = null | boolean | number | string | Json[] | JsonObject;

interface JsonObject {
  [key: string]: Json;
}
type Branch = Json[] | JsonObject;

/** A value in a tree, by what holds it. */
interface Place {
  readonly branch: Branch;
  readonly key: string;
}

/** Changes one to eight values of a tree, in place; gives it back. */
export function mutateJson(tree: Json, random: Random): Json {
  const root: Branch = [tree];
  if (random.oneIn(32)) return tree;
  let left = 8;
  do {
    const all = [...places(root)];
    if (all.length > 0) change(random.pick(all), all, random);
    left -= 1;
  } while (left > 0 && random.oneIn(2));
  return root[0] ?? null;
}

/** Every value; of a deep nesting that a mutation made, the outer part. */
function* places(branch: Branch, depth = 0): Generator<Place> {
  if (depth > 16) return;
  for (const [key, value] of Object.entries(branch)) {
    yield { branch, key };
    if (isBranch(value)) yield* places(value, depth + 1);
  }
}

function isBranch(value: Json | undefined): value is Branch {
  return typeof value === 'object' && value !== null;
}

function change(place: Place, all: readonly Place[], random: Random): void {
  const value = get(place);
  switch (random.below(8)) {
    case 0:
      remove(place);
      break;
    case 1:
      set(place, get(random.pick(all)));
      break;
    case 2:
      addUnknown(value, random);
      break;
    case 3:
      repeat(value, random);
      break;
    default:
      set(place, random.oneIn(4) ? random.pick(ODD)() : near(value, random));
  }
}

function get({ branch, key }: Place): Json {
  return (Reflect.get(branch, key) as Json | undefined) ?? null;
}

/** Own property, whatever its name: `__proto__` is a key like another in JSON. */
function set({ branch, key }: Place, value: Json): void {
  Object.defineProperty(branch, key, {
    value: structuredClone(value),
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function remove({ branch, key }: Place): void {
  if (Array.isArray(branch)) branch.splice(Number(key), 1);
  else Reflect.deleteProperty(branch, key);
}

function addUnknown(value: Json, random: Random): void {
  if (isBranch(value) && !Array.isArray(value))
    set(
      { branch: value, key: random.pick(['__proto__', 'constructor', 'toString', 'extra', '']) },
      random.pick(ODD)(),
    );
}

function repeat(value: Json, random: Random): void {
  if (!Array.isArray(value) || value.length === 0) return;
  const one = random.pick(value);
  const times = random.pick([1, 1, 1, 17, 17, 5000]);
  const copied = times > 100 && isBranch(one) ? null : one;
  for (let i = 0; i < times; i += 1) value.push(structuredClone(copied));
}

/** What is like the value, and is not it. */
function near(value: Json, random: Random): Json {
  if (typeof value === 'number')
    return random.pick([0, 1, -1, value + 1, value - 1, value * 2, 2 ** 31, 2 ** 32, 2 ** 53, 0.5]);
  if (typeof value === 'string' && /^0x[0-9a-f]{1,16}$/.test(value))
    return nearAddress(BigInt(value), random);
  if (typeof value === 'string') return nearText(value, random);
  return typeof value === 'boolean' ? !value : random.pick(ODD)();
}

function nearAddress(value: bigint, random: Random): string {
  const moved = random.pick([
    ...[value + 1n, value - 1n, value + 0x1000n, value - 0x1000n, value << 1n, 0n, 0xfffn, 0x1000n],
    ...[1n << 32n, (1n << 32n) - 0x1000n, 1n << 46n, (1n << 64n) - 1n, (1n << 64n) - 0x1000n, 1n << 64n],
    ...[1n << BigInt(random.below(64)), value ^ (1n << BigInt(random.below(48)))],
  ]);
  return moved < 0n ? '-0x1' : `0x${moved.toString(16)}`;
}

function nearText(value: string, random: Random): string {
  const at = random.below(value.length + 1);
  return random.pick([
    ...[
      '',
      value.slice(0, at),
      value.slice(at),
      value + value,
      value.toUpperCase(),
      `${value}\n`,
      ` ${value}`,
    ],
    ...[
      `${value.slice(0, at)}${random.pick(['\0', 'é', '\u2028', '"', '\\', '0', '=', '\ud800'])}${value.slice(at)}`,
    ],
  ]);
}

const ODD: readonly (() => Json)[] = [
  ...[null, true, 0, -1, -0, 1e308, 2 ** 53, 0.1, '', '0x', '0x0', '0X1', '0x00', '-0x1', ' 0x1'].map(
    (value) => () => value,
  ),
  ...['0xffffffffffffffff', '0x10000000000000000', 'AAAA', '=', '../../etc/passwd', '__proto__'].map(
    (value) => () => value,
  ),
  () => [],
  () => ({}),
  () => [[[]]],
  () => 'x'.repeat(70_000),
  () => nested(200),
];

function nested(depth: number): Json {
  return depth === 0 ? 0 : [nested(depth - 1)];
}
