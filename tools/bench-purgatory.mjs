// What purgatory takes, in memory and in time, beside kexec-tools' own: one section of npm run bench.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../packages/purgatory/build.mjs';
import { HEADER_SIZE, REGION_SIZE } from '../packages/purgatory/dist/layout.js';
import { kexecSource } from './kexec-source.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = here('../.cache/bench');
const MEBIBYTES = 64;
const MB = 1e6;

/** In bytes, once loaded: `memsz` of its segment. */
const THEIR_MEMORY = 0x9000;

/** As kexec-tools' purgatory/Makefile and purgatory/arch/x86_64/Makefile have them for sha256.o. */
const THEIR_FLAGS =
  '-mcmodel=large -Os -fno-builtin -ffreestanding -fno-zero-initialized-in-bss -fno-PIC -fno-PIE -fno-stack-protector -fno-tree-vectorize -O2';

/**
 * Prints the section.
 *
 * @param {{ rounds: number, loads: readonly { title: string, ours: readonly number[], theirs: number }[] }} options
 *   of some loads, what is verified before the next kernel is entered, in bytes: ours by region
 */
export function printPurgatory({ rounds, loads }) {
  const blob = build({ compiler: 'gcc' });
  const rates = ratesOf(blob, rounds);
  console.log('purgatory, of a 64-bit running kernel');
  printSize(blob, Math.max(...loads.map(({ ours }) => ours.length)));
  console.log(
    `  SHA-256 of ${MEBIBYTES} MiB, CPU time, the blob mapped executable beside kexec-tools' code with its own flags`,
  );
  const [upstream] = rates;
  for (const { name, rate, aim } of rates)
    console.log(`    ${name.padEnd(28)} ${mbs(rate)}  ${times(rate, upstream.rate)}${aimText(aim)}`);
  for (const load of loads) printLoad(load, rates);
  console.log('');
}

function printSize({ bytes, parametersOffset }, regions) {
  const memory = Math.ceil((parametersOffset + HEADER_SIZE + regions * REGION_SIZE) / 4096) * 4096;
  console.log(
    `  size         ${bytes.length} bytes of code and constants, 0x${memory.toString(16)} in memory with stack and parameter block; kexec-tools: 0x${THEIR_MEMORY.toString(16)}`,
  );
}

/** Of one load, from the rates: a lone lane's where there is nothing for the other. */
function printLoad({ title, ours, theirs }, [upstream, plain, lone, pair]) {
  const bytes = ours.reduce((total, length) => total + length, 0);
  const milliseconds = (seconds) => `${(1000 * seconds).toFixed(1)} ms`;
  const mb = (amount) => `${(amount / MB).toFixed(1)} MB`;
  const best = lone === undefined ? bytes / plain.rate : longestLane(ours) / lone.rate;
  console.log(`  verification at the hand-over, ${title}: reckoned from these rates`);
  console.log(
    `    kexec-tools ${milliseconds(theirs / upstream.rate)} (${mb(theirs)}), ${milliseconds((theirs - bytes) / upstream.rate)} of it for zero tails`,
  );
  console.log(
    `    kexec-kit   ${milliseconds(best)} (${mb(bytes)} in ${ours.length} regions), ${milliseconds(bytes / plain.rate)} without extensions${pair === undefined ? '' : `, ${milliseconds(bytes / pair.rate)} if both lanes were always full`}`,
  );
}

/** The next region goes into the lane that is free first. */
function longestLane(lengths) {
  const lanes = [0, 0];
  for (const length of lengths) lanes[lanes[0] <= lanes[1] ? 0 : 1] += length;
  return Math.max(...lanes);
}

/** The fastest round of each: what else the machine does only ever adds. */
function ratesOf(blob, rounds) {
  const measured = run(blob, rounds);
  const names = [
    { name: 'kexec-tools' },
    { name: 'kexec-kit, no extensions', aim: 1.2 },
    { name: 'kexec-kit, one lane' },
    { name: 'kexec-kit, two lanes', aim: 5 },
  ];
  return names.slice(0, measured[0].length).map((row, i) => ({
    ...row,
    rate: ((MEBIBYTES * 2 ** 20) / Math.min(...measured.map((round) => round[i]))) * 1e9,
  }));
}

function run({ bytes, offsets }, rounds) {
  mkdirSync(folder, { recursive: true });
  const [path, program] = [join(folder, 'purgatory.bin'), join(folder, 'bench-purgatory')];
  writeFileSync(path, bytes);
  compile(program);
  const names = ['sha256_begin', 'sha256_ended', 'sha256_advance', 'sha256_method'];
  const at = names.map((name) => String(offsets.get(name)));
  const output = execFileSync(program, [path, String(MEBIBYTES), String(rounds), ...at], {
    encoding: 'utf8',
  });
  return output
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number));
}

function compile(program) {
  const source = kexecSource();
  const object = `${program}-theirs.o`;
  execFileSync('gcc', [
    ...THEIR_FLAGS.split(' '),
    ...['-c', `-I${join(source, 'util_lib', 'include')}`, '-o', object, join(source, 'util_lib', 'sha256.c')],
  ]);
  execFileSync('gcc', ['-O2', '-no-pie', '-o', program, here('bench-purgatory.c'), object]);
}

function mbs(rate) {
  return `${(rate / MB).toFixed(0).padStart(5)} MB/s`;
}

function times(rate, base) {
  return `${(rate / base).toFixed(2)} times`;
}

function aimText(aim) {
  return aim === undefined ? '' : ` (aim: ${aim})`;
}
