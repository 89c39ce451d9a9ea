import { machineCodes, parseMachine, readMachine, redact, serializeMachine } from '@kexec-kit/machine';
import { isDeepStrictEqual } from 'node:util';
import { rule } from '../finding.js';
import { demandMachine, startSomething } from '../machine-rules.js';
import { setFiles } from '../memory-files.js';
import { join } from '../mutate.js';
import type { Random } from '../random.js';
import { textSeed } from '../seeds/json.js';
import type { Answer, Seed, Target } from '../target.js';
import { demandFailure } from './json.js';

/** /proc and /sys as they were recorded: text, or bytes in base64, by path. */
type Tree = Record<string, string | { readonly base64: string }>;

const RECORDED = ['small', 'holes', 'above4g', 'crash', 'crash-high', 'uefi', 'microvm'];
/** So the files of a tree are told apart by their paths: below a root of their own, as a recorded machine is read. */
const ROOT = '/recorded';

function makeTree(random: Random, seeds: readonly Seed[]): Uint8Array {
  const tree = { ...treeOf(random.pick(seeds)) };
  let left = 6;
  do {
    random.pick([damageFile, damageFile, damageFile, damageFile, dropFile, addEntries])(tree, random);
    left -= 1;
  } while (left > 0 && random.oneIn(2));
  return Buffer.from(JSON.stringify(tree));
}

/** Parsed once. */
const trees = new Map<string, Tree>();

function treeOf({ name, bytes }: Seed): Tree {
  const tree = trees.get(name) ?? (JSON.parse(Buffer.from(bytes).toString()) as Tree);
  trees.set(name, tree);
  return tree;
}

/** Half of the time one of the files that carry the most. */
const HEAVY = [
  '/proc/iomem',
  '/proc/cmdline',
  '/sys/devices/system/cpu/possible',
  '/sys/kernel/boot_params/data',
];

function anyPath(tree: Tree, random: Random): string {
  const heavy = HEAVY.filter((path) => path in tree);
  return random.oneIn(2) && heavy.length > 0 ? random.pick(heavy) : random.pick(Object.keys(tree));
}

function dropFile(tree: Tree, random: Random): void {
  if (Object.keys(tree).length > 1) Reflect.deleteProperty(tree, anyPath(tree, random));
}

/** More of what a directory has: numbers that go on, up to more than any machine. */
function addEntries(tree: Tree, random: Random): void {
  const count = random.pick([1, 1, 1, 1, 3, 3, 3, 3, 12, 12, 12, 40, 40, 40, 40, 1100]);
  for (let i = 0; i < count; i += 1) {
    const start = BigInt(random.bits()) << BigInt(random.below(36));
    const folder = `/sys/firmware/memmap/${String(100 + i)}`;
    tree[`${folder}/start`] = `0x${start.toString(16)}\n`;
    tree[`${folder}/end`] = `0x${(start + BigInt(random.bits() >>> random.below(32))).toString(16)}\n`;
    tree[`${folder}/type`] = random.pick([
      'System RAM',
      'Reserved',
      'ACPI Tables',
      'Persistent Memory',
      'Odd\x1b[2J',
      '',
    ]);
  }
}

function damageFile(tree: Tree, random: Random): void {
  const path = anyPath(tree, random);
  const content = tree[path] ?? '';
  if (typeof content === 'string') tree[path] = damageText(content, random);
  else
    tree[path] = {
      base64: Buffer.from(damageBytes(Buffer.from(content.base64, 'base64'), random)).toString('base64'),
    };
}

function damageBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1);
  if (random.oneIn(8)) return random.oneIn(2) ? bytes.subarray(0, at) : join(bytes, random.bytes(at));
  const damaged = bytes.slice();
  for (let i = random.below(8); i >= 0; i -= 1) {
    // What boot_params say of EFI, E820 and EDD is dense: 0x1c0 to 0x210.
    const place = random.oneIn(2) ? random.below(bytes.length) : 0x1c0 + random.below(0x50);
    if (place < damaged.length) damaged[place] = random.pick([0, 0xff, random.below(256)]);
  }
  return damaged;
}

const NUMBERS = [
  '0',
  '1',
  'fff',
  '1000',
  'fffff',
  'ffffffff',
  '100000000',
  '7fffffffffffffff',
  '8000000000000000',
  'ffffffffffffffff',
  'fffffffffffff000',
  '10000000000000000',
  'g',
  '',
];

/** Lines and numbers of a text: repeated, swapped, dropped, out of all proportion. */
function damageText(text: string, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  const line = lines[at] ?? '';
  switch (random.below(9)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(
        random.below(lines.length),
        0,
        ...Array.from({ length: random.pick([1, 1, 1, 1, 30, 30, 3000]) }, () => line),
      );
      break;
    case 2:
      [lines[at], lines[0]] = [lines[0] ?? '', line];
      break;
    case 3:
      lines[at] = `${' '.repeat(random.below(6))}${line.trimStart()}`;
      break;
    case 4:
      lines[at] = line + random.pick(['\r', '\0', ' ', 'x'.repeat(100_000), '\u2028', '"', ',']);
      break;
    case 5:
      lines[at] = line.replace(
        /: .*$/,
        () => `: ${random.pick(['System RAM', 'Reserved', 'Crash kernel', 'ACPI Tables', 'RAM buffer'])}`,
      );
      break;
    case 6:
      return text.slice(0, random.below(text.length + 1));
    default:
      lines[at] = replaceNumber(line, random);
  }
  return lines.join('\n');
}

function replaceNumber(line: string, random: Random): string {
  const numbers = [...line.matchAll(/[0-9a-f]+/g)];
  if (numbers.length === 0) return random.pick(NUMBERS);
  const { 0: found, index } = random.pick(numbers);
  const value = random.oneIn(2) ? random.pick(NUMBERS) : nudged(found, random);
  return `${line.slice(0, index)}${value}${line.slice(index + found.length)}`;
}

function nudged(digits: string, random: Random): string {
  const value =
    BigInt(`0x${digits}`) + random.pick([1n, -1n, 0x1000n, -0x1000n, 0xfffn, BigInt(random.bits())]);
  return (value < 0n ? 0n : value).toString(16).padStart(digits.length, '0');
}

async function readTree(bytes: Uint8Array, choose: Random): Promise<Answer> {
  const tree = JSON.parse(Buffer.from(bytes).toString()) as Tree;
  setFiles(new Map(Object.entries(tree).map(([path, content]) => [`${ROOT}${path}`, toBuffer(content)])));
  const read = await readMachine({ root: ROOT });
  demandFailure(read, machineCodes);
  if (!read.ok) return { reached: [], value: read };
  const machine = read.value;
  demandMachine(machine);
  redact(machine);
  const again = parseMachine(serializeMachine(machine));
  const why = again.ok ? '' : again.diagnostics[0].message;
  rule(again.ok, `a machine that was read makes a snapshot that is refused: ${why}`);
  rule(isDeepStrictEqual(again.value, machine), 'a machine that was read makes a snapshot of another');
  const started = startSomething(machine, choose);
  return { reached: ['read', ...(started ? ['linked on it'] : [])], value: read };
}

function toBuffer(content: Tree[string]): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.base64, 'base64');
}

export const machineTarget: Target = {
  name: 'machine',
  stages: ['read', 'linked on it'],
  seeds: (sources) =>
    RECORDED.map((name) =>
      textSeed(name, JSON.stringify(sources.json(`packages/machine/fixtures/trees/${name}.json`))),
    ),
  make: makeTree,
  run: readTree,
};
