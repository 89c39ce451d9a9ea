import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
// eslint-disable-next-line n/no-unsupported-features/node-builtins -- there since 18.3, called stable since 20
import { parseArgs } from 'node:util';
import { compileKsy } from './compile.js';
import { KsyError } from './error.js';

const USAGE = `Usage: kexec-ksy FILE.ksy -o FILE.ts [--check]

Compiles a Kaitai Struct description to a typed reader for @kexec-kit/structures.

  -o, --output FILE  where the reader goes
      --check        write nothing; exit 1 when the file is not what would be written
  -h, --help         this text

Example:
  kexec-ksy src/header.ksy -o src/generated/header.ts
`;

/** The command line. Resolves to the exit status: 0, or 1 with a sentence on standard error. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<number> {
  try {
    return await run(argv);
  } catch (error) {
    if (!isExpected(error)) throw error;
    process.stderr.write(`kexec-ksy: ${error.message}\n`);
    return 1;
  }
}

async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      output: { type: 'string', short: 'o' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [input, ...more] = positionals;
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (input === undefined || more.length > 0 || values.output === undefined) {
    process.stderr.write(`kexec-ksy: one FILE.ksy and -o FILE.ts are needed\n\n${USAGE}`);
    return 1;
  }
  return write(input, values.output, values.check);
}

async function write(input: string, output: string, check: boolean): Promise<number> {
  const fresh = await compileKsy(readFileSync(input, 'utf8'), { file: basename(input) });
  if (!check) {
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, fresh);
    return 0;
  }
  if (readOrEmpty(output) === fresh) return 0;
  process.stderr.write(
    `kexec-ksy: ${output} is not what ${input} gives: run kexec-ksy without --check and commit it\n`,
  );
  return 1;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** What a user can cure: a .ksy that is refused, an unknown option, a file that is not there. */
function isExpected(error: unknown): error is Error {
  return error instanceof KsyError || (error instanceof Error && 'code' in error);
}
