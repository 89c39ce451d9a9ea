import type { CodeInfo } from '@kexec-kit/loader-api';
import { allCodes } from '../all-codes.js';
import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import { didYouMean } from '../did-you-mean.js';
import type { ExitCode } from '../exit.js';
import { finish } from '../report.js';
import { flag } from '../values.js';

export function explain(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const codes = allCodes(context.discover());
  const asked = operands[0]?.toUpperCase();
  if (asked === undefined) return Promise.resolve(list(context, json, codes));
  // EPERM: people have what errno(3) calls it.
  const wanted = codes.has(asked) ? asked : ofErrno(asked, codes);
  const info = codes.get(wanted);
  if (info === undefined) {
    const hint = didYouMean(wanted, [...codes.keys()]) ?? 'kexec-kit explain lists them all';
    const unknown = {
      code: 'CLI_CODE_UNKNOWN',
      severity: 'error',
      message: `there is no code ${wanted}`,
      hint,
    } as const;
    return Promise.resolve(finish(context, json, undefined, [unknown]));
  }
  if (!json) context.stdout.write(describe(context, wanted, info));
  return Promise.resolve(finish(context, json, { code: wanted, ...info }, []));
}

/** The code for a system call that fails with this error. */
function ofErrno(name: string, codes: ReadonlyMap<string, CodeInfo>): string {
  const code = `LINUX_${name}`;
  return /^E[A-Z0-9]+$/.test(name) && codes.has(code) ? code : name;
}

function describe(context: Context, code: string, { cause, cure, spec }: CodeInfo): string {
  const lines = [context.stdout.colours.bold(code), `  cause: ${cause}`, `  cure:  ${cure}`];
  return `${[...lines, ...(spec === undefined ? [] : [`  spec:  ${spec}`])].join('\n')}\n`;
}

function list(context: Context, json: boolean, codes: ReadonlyMap<string, CodeInfo>): ExitCode {
  const width = Math.max(...[...codes.keys()].map((code) => code.length)) + 2;
  if (!json) for (const [code, { cause }] of codes) context.stdout.write(`${code.padEnd(width)}${cause}\n`);
  return finish(context, json, { codes: Object.fromEntries(codes) }, []);
}
