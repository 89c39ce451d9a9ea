import { SETUP_LAST_WORDS } from '@kexec-kit/linux-boot';
import { fail, type Result } from '@kexec-kit/loader-api';
import { readSetupData } from '@kexec-kit/machine';
import { readLastWords, type HandoverRecord, type HandoverState } from '@kexec-kit/purgatory';
import { noLastWords } from '../codes.js';
import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { finish } from '../report.js';
import { printable } from '../terminal.js';
import { flag } from '../values.js';

export async function lastWords(context: Context, { values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const record = await readRecord(context);
  if (!record.ok) return finish(context, json, undefined, record.diagnostics);
  if (!json) context.stdout.write(describe(record.value));
  return finish(context, json, { record: record.value }, record.diagnostics);
}

/** The last node: whoever else made one came before us. */
async function readRecord({ system }: Context): Promise<Result<HandoverRecord>> {
  const nodes = await readSetupData(SETUP_LAST_WORDS, { root: system.root });
  if (!nodes.ok) return nodes;
  const last = nodes.value.at(-1);
  return last === undefined ? fail(noLastWords()) : readLastWords(last);
}

function describe(record: HandoverRecord): string {
  return [SENTENCES[record.state](record), ...digests(record), ...times(record)]
    .map((line) => `${line}\n`)
    .join('');
}

const STOPPED = 'The hand-over stopped';

const SENTENCES: Readonly<Record<HandoverState, (record: HandoverRecord) => string>> = {
  jumped: ({ regions }) =>
    regions === 0
      ? 'The hand-over went well: nothing was to be verified, and this kernel was entered.'
      : `The hand-over went well: ${count(regions)} verified, then this kernel was entered.`,
  switched: () => `${STOPPED} in 32-bit mode without paging: the next kernel was not entered.`,
  verified: ({ regions }) =>
    `${STOPPED} after ${count(regions)} verified, before the next kernel was entered.`,
  verifying: ({ regions, region = 0 }) =>
    `${STOPPED} while region ${region + 1} of ${regions} was being verified.`,
  entered: () => `${STOPPED} in purgatory, before anything was verified.`,
  mismatch: ({ mismatch }) =>
    `${STOPPED}: "${printable(mismatch?.name ?? '')}" was not what had been loaded.`,
  refused: () =>
    `${STOPPED}: purgatory was told what it cannot do. What that was it said on debugcon and on its console.`,
};

function count(regions: number): string {
  return regions === 1 ? '1 region was' : `${regions} regions were`;
}

function digests({ mismatch }: HandoverRecord): string[] {
  if (mismatch === undefined) return [];
  return [`  expected ${mismatch.expected}`, `  found    ${mismatch.found}`];
}

/** The clock's speed is not known here, so that cycles are told and not seconds. */
function times({ entered, verified, jumped }: HandoverRecord): string[] {
  if (verified === undefined || jumped === undefined) return [];
  return [`It took ${millions(jumped - entered)} cycles, ${millions(verified - entered)} of them to verify.`];
}

function millions(cycles: bigint): string {
  const tenths = cycles / 100_000n;
  return `${tenths / 10n}.${tenths % 10n} million`;
}
