import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inFolders, runMany, type Disagreement } from './bulk.js';
import { formats, parseCase, serializeCase, type Format } from './case.js';
import { differenceLines, reportOf } from './report.js';
import { judge } from './rules/index.js';
import { ask } from './run.js';

const usage = `npm run oracle -- [--machines N] [--format F]… [--seed S]   generated machines (10000 of all formats)
npm run oracle -- --case FILE                               one saved case, shown in full
  formats: ${formats.join(', ')}`;

/** `npm run oracle`. @param saveTo - Where disagreements are saved. */
export async function main(argv: readonly string[], saveTo: string): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      machines: { type: 'string', default: '10000' },
      format: { type: 'string', multiple: true, default: [...formats] },
      seed: { type: 'string' },
      case: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const machines = Number(values.machines);
  const chosen = formats.filter((format) => values.format.includes(format));
  const isWrong =
    !Number.isSafeInteger(machines) || machines < 1 || chosen.length !== new Set(values.format).size;
  if (values.help === true || isWrong) {
    console.log(usage);
    return isWrong ? 1 : 0;
  }
  if (values.case !== undefined) return showCase(values.case);
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1000));
  return generated({ machines, formats: chosen, seed, saveTo });
}

async function generated(run: {
  machines: number;
  formats: Format[];
  seed: number;
  saveTo: string;
}): Promise<number> {
  console.log(`${run.machines} machines, formats ${run.formats.join(', ')}, --seed ${run.seed}`);
  const report = await runMany({ ...run, progress: progressOf(run.machines) });
  console.log(reportOf(report, repeatOf));
  return report.disagreements.length === 0 ? 0 : 1;
}

function repeatOf({ file, format, seed }: Disagreement): string {
  return `npm run oracle -- ${file === undefined ? `--machines 1 --format ${format} --seed ${seed}` : `--case ${file}`}`;
}

/** One line on a terminal, which is written over. */
function progressOf(machines: number): (done: number, disagreements: number) => void {
  const started = Date.now();
  return (done, disagreements) => {
    if (!process.stderr.isTTY || (done % 20 !== 0 && done !== machines)) return;
    const seconds = (Date.now() - started) / 1000;
    const left = ((machines - done) * seconds) / done;
    const end = done === machines ? '\n' : '';
    process.stderr.write(
      `\r${done} of ${machines}, ${disagreements} disagreements, ${left.toFixed(0)} s left  ${end}`,
    );
  };
}

async function showCase(file: string): Promise<number> {
  const made = parseCase(readFileSync(file, 'utf8'));
  let unexplained = 0;
  await inFolders(1, async (folder) => {
    const comparison = await ask(made, folder);
    const { theirs, ourRefusal } = comparison.evidence;
    const verdict = judge(comparison);
    unexplained = verdict.unexplained.length;
    console.log(serializeCase(made));
    console.log(theirs.command);
    if (!theirs.ok) console.log(`kexec refuses: ${theirs.said}`);
    if (ourRefusal !== undefined) console.log(`we refuse: ${ourRefusal}`);
    console.log(`differences:\n${differenceLines(comparison.differences).join('\n')}`);
    console.log(`rules: ${verdict.rules.join(', ')}`);
    console.log(`not explained:\n${differenceLines(verdict.unexplained).join('\n')}`);
  });
  return unexplained === 0 ? 0 : 1;
}
