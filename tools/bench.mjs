// npm run bench: kexec-kit's own figures beside Debian's kexec(8), in one run, as ratios.
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomFillSync } from 'node:crypto';
import { printLoads } from './bench-load.mjs';
import { printPurgatory } from './bench-purgatory.mjs';
import { image } from './images.mjs';
import { madeUpMachine, oracle } from './oracle-kexec.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache', 'bench');
const runs = Number(process.env.KEXEC_KIT_BENCH_RUNS ?? 9);
const cli = join(root, 'packages', 'cli', 'bin', 'kexec-kit.mjs');
const MIB = 1 << 20;
// Left out of every process that is measured: certificates to be parsed make Node itself start 40 ms later, whatever it runs.
const { NODE_EXTRA_CA_CERTS: _certificates, NODE_OPTIONS: _options, ...environment } = process.env;

const told = [
  [0x0n, 0x9fc00n, 'System RAM'],
  [0x9fc00n, 0xa0000n, 'Reserved'],
  [0x100000n, 0xbffe0000n, 'System RAM'],
  [0xbffe0000n, 0xc0000000n, 'Reserved'],
  [0x100000000n, 0x240000000n, 'System RAM'],
];

mkdirSync(folder, { recursive: true });
const kernel = (await image('linux-6.12-cloud')).path;
const initrd = bigFile(join(folder, 'initrd-100m'), 100);
const made = join(folder, 'machine');
madeUpMachine(made, told);
const snapshot = join(folder, 'machine.json');
writeFileSync(snapshot, await snapshotOf(made));

const theirs = oracle();
const report = join(folder, 'report');
const kexec = (extra) => ({
  argv: [theirs.command, '-c', '-l', kernel, '--command-line=console=ttyS0', ...extra],
  env: { ...theirs.environment, KEXEC_ROOT: made, KEXEC_REPORT: report },
});
const ours = (extra, output = []) => ({
  argv: [
    process.execPath,
    cli,
    'plan',
    kernel,
    '--machine',
    snapshot,
    '--command-line',
    'console=ttyS0',
    ...extra,
    ...output,
  ],
});

console.log(
  `${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.versions.node}, ${runs} pairs each, medians`,
);
console.log(
  'kexec-kit plan beside "kexec -c -l" of Debian (system call answered by a library that reads every buffer)\n',
);
const loads = [];
compare('kernel only', [], [], 0.6);
compare('kernel + 100 MiB initrd', ['--initrd', initrd], [`--initrd=${initrd}`], 0.4);
printLoads({
  rounds: runs,
  kernel,
  machine: made,
  report,
  measure,
  cases: [
    { title: 'kernel only', aim: 0.8 },
    { title: 'kernel + 100 MiB initrd', initrd, aim: 0.4 },
    { title: 'kernel + 500 MiB initrd', initrd: bigFile(join(folder, 'initrd-500m'), 500), aim: 0.35 },
  ],
});
startUp();
printPurgatory({ rounds: runs, loads });

function compare(title, our, their, aim) {
  const a = [];
  const b = [];
  for (let run = -1; run < runs; run++) {
    rmSync(report, { force: true });
    const one = measure(ours(our));
    const other = measure(kexec(their));
    if (run < 0) continue; // the first pair warms up
    a.push(one);
    b.push(other);
  }
  const ratio = median(a.map(({ seconds }, i) => seconds / b[i].seconds));
  const memory = (median(a.map(({ kib }) => kib)) - median(b.map(({ kib }) => kib))) / 1024;
  console.log(title);
  console.log(
    `  wall time    ${seconds(a)} against ${seconds(b)}: ratio ${ratio.toFixed(2)} (aim: at most ${aim})`,
  );
  console.log(`  peak memory  ${mib(a)} against ${mib(b)}: ${memory.toFixed(0)} MiB more (aim: at most 50)`);
  const [we, they] = [whatWeDid(our), whatTheyDid()];
  console.log(
    `  read/hashed  kexec-kit read ${inMib(we.read)} once, purgatory will hash ${inMib(sum(we.checked))}; kexec: ${inMib(they.buffers)} of buffers, ${inMib(they.hashed)} hashed (zero tails too)\n`,
  );
  loads.push({ title, ours: we.checked, theirs: they.hashed });
}

function startUp() {
  const bare = { argv: [process.execPath, '-e', '0'] };
  const version = { argv: [process.execPath, cli, '--version'] };
  const help = { argv: [process.execPath, cli, 'plan', '--help'] };
  const figures = { bare: [], version: [], help: [] };
  for (let run = -2; run < 2 * runs; run++) {
    const [x, y, z] = [measure(bare), measure(version), measure(help)];
    if (run < 0) continue;
    figures.bare.push(x);
    figures.version.push(y);
    figures.help.push(z);
  }
  const over = (list) =>
    (1000 * median(list.map(({ seconds }, i) => seconds - figures.bare[i].seconds))).toFixed(1);
  console.log('start-up');
  console.log(
    `  node -e 0 ${seconds(figures.bare)}; kexec-kit --version ${over(figures.version)} ms more (aim: 15); plan --help, which reads every loader's manifest, ${over(figures.help)} ms more`,
  );
}

/** Wall time and peak memory of a whole process, by time(1): Node tells nothing of a child's memory. */
function measure({ argv, env }) {
  const figures = join(folder, 'time');
  const started = process.hrtime.bigint();
  const done = spawnSync('/usr/bin/time', ['-o', figures, '-f', '%M', ...argv], {
    env: { ...environment, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (done.status !== 0)
    throw new Error(`${argv.join(' ')} ended with ${String(done.status)}: ${String(done.stderr)}`);
  return { seconds, kib: Number(readFileSync(figures, 'utf8').trim()) };
}

function whatWeDid(extra) {
  const { argv } = ours(extra, ['--json']);
  const done = spawnSync(argv[0], argv.slice(1), { encoding: 'utf8', maxBuffer: 64 * MIB });
  const { submission } = JSON.parse(done.stdout).plan;
  return {
    read: sum(submission.sources.map(({ size }) => Number(size))),
    checked: submission.checked.map(({ length }) => Number(length)),
  };
}

function whatTheyDid() {
  const segments = readFileSync(report, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('segment '));
  const sizes = segments
    .map((line) => /memsz (\S+) bufsz (\S+)/.exec(line))
    .map((m) => [Number(m[1]), Number(m[2])]);
  return {
    buffers: sum(sizes.map(([, size]) => size)),
    // The last segment is purgatory, which its digest leaves out.
    hashed: sum(sizes.slice(0, -1).map(([size]) => size)),
  };
}

async function snapshotOf(folderOfMachine) {
  const { readMachine, serializeMachine } = await import('../packages/machine/dist/index.js');
  const machine = await readMachine({ root: folderOfMachine });
  if (!machine.ok) throw new Error(machine.diagnostics[0].message);
  return serializeMachine(machine.value);
}

function bigFile(path, mebibytes) {
  if (existsSync(path) && statSync(path).size === mebibytes * MIB) return path;
  const chunk = Buffer.alloc(MIB);
  const fd = openSync(path, 'w');
  for (let i = 0; i < mebibytes; i++) writeSync(fd, randomFillSync(chunk));
  closeSync(fd);
  return path;
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function inMib(bytes) {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function median(values) {
  const sorted = [...values].sort((x, y) => x - y);
  return sorted[Math.floor(sorted.length / 2)];
}

function seconds(list) {
  return `${median(list.map(({ seconds }) => seconds)).toFixed(3)} s`;
}

function mib(list) {
  return `${(median(list.map(({ kib }) => kib)) / 1024).toFixed(0)} MiB`;
}
