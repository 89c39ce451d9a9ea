import type { Result } from '@kexec-kit/loader-api';
import type { Invocation, Values } from '../commands.js';
import type { Context } from '../context.js';
import { diagnose, type Diagnosis } from '../doctor/diagnose.js';
import { examine } from '../doctor/examine.js';
import type { Situation } from '../doctor/situation.js';
import { inWords } from '../doctor/words.js';
import { EXIT, type ExitCode } from '../exit.js';
import { checkRemoveArg } from '../inputs.js';
import { finish, toJson } from '../report.js';
import { UsageError } from '../usage-error.js';
import { flag } from '../values.js';

export async function doctor(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const [file] = operands;
  checkCombinations(file, values);
  const json = flag(values, 'json');
  const examined = await examine(context, file, values);
  if (!examined.ok) return finish(context, json, undefined, examined.diagnostics);
  const diagnosis = diagnose(examined.value);
  context.stdout.write(
    json
      ? `${toJson(documentOf(diagnosis, examined.value))}\n`
      : inWords(diagnosis, examined.value, context.stdout),
  );
  return diagnosis.can ? EXIT.done : EXIT.cannot;
}

/** What says something of a machine; everything else is about an image. */
const OF_MACHINE: readonly string[] = ['machine', 'crash', 'method', 'no-video', 'no-efi', 'json'];

/** @throws UsageError for options that need others, or an image. */
function checkCombinations(file: string | undefined, values: Values): void {
  const about = [...values.keys()].find((name) => !OF_MACHINE.includes(name));
  if (file === undefined && about !== undefined)
    throw new UsageError(`--${about} says something of an image, and FILE is missing`);
  checkRemoveArg(values);
}

/** What planning and reading had to say stands behind the findings, so it comes along. */
function documentOf({ findings, ways, can }: Diagnosis, { image, machine, purpose }: Situation): object {
  const plans: readonly Result<unknown>[] = image?.plans === undefined ? [] : Object.values(image.plans);
  return {
    ok: can,
    purpose,
    ...(image && { image: { name: image.name, detail: image.detail } }),
    ways,
    checks: findings,
    diagnostics: [machine, ...plans].flatMap(({ diagnostics }) => diagnostics),
  };
}
