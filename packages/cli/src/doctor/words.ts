import type { Output } from '../context.js';
import { callOf } from '../load/words.js';
import { counted } from '../size.js';
import { printable, type Paint } from '../terminal.js';
import type { Diagnosis, Finding } from './diagnose.js';
import type { Situation } from './situation.js';
import type { Level } from './verdict.js';

/** One line for each check, below it the cure where there is something to cure, and the verdict as the last line. */
export function inWords(diagnosis: Diagnosis, situation: Situation, output: Output): string {
  const { findings, can } = diagnosis;
  const { green, red } = output.colours;
  const title = Math.max(...findings.map((finding) => finding.title.length)) + 2;
  const lines = findings.map((finding) => line(finding, title, output));
  return `${lines.join('')}\n${(can ? green : red)(printable(verdict(diagnosis, situation)))}\n`;
}

const LEVEL = 9;

function line(finding: Finding, width: number, { colours }: Output): string {
  const { level, title, finding: found, consequence, cure, code } = finding;
  const paints: Readonly<Record<Level, Paint>> = {
    failure: colours.red,
    warning: colours.yellow,
    unknown: colours.cyan,
    note: colours.cyan,
    ok: colours.green,
  };
  const what = printable(consequence === undefined ? found : `${found}: ${consequence}`);
  const head = `${paints[level](level.padEnd(LEVEL))}${title.padEnd(width)}${what}`;
  if (cure === undefined) return `${head}\n`;
  return `${head} ${colours.dim(`[${code}]`)}\n${' '.repeat(LEVEL + width)}${printable(cure)}\n`;
}

function verdict({ findings, ways, can }: Diagnosis, { image, surroundings }: Situation): string {
  const where = surroundings === undefined ? 'on that machine' : 'here';
  const what = (word: 'can' | 'cannot') =>
    image === undefined ? `kexec ${word} work ${where}` : `${image.detail} ${word} be loaded ${where}`;
  if (!can) {
    const failures = findings.filter(({ level }) => level === 'failure').length;
    return `${what('cannot')}: ${counted(failures, 'thing')} ${failures === 1 ? 'stands' : 'stand'} in the way`;
  }
  const calls = ways.filter(({ open }) => open).map(({ method }) => callOf[method]);
  return `${what('can')}, by ${calls.join(', else by ')}${reserve(findings)}`;
}

function reserve(findings: readonly Finding[]): string {
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  const unknowns = findings.filter(({ level }) => level === 'unknown').length;
  const parts = [
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(unknowns > 0 ? [`${String(unknowns)} not known`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
