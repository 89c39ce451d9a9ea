import { parseArguments } from './arguments.js';
import { isUsageError, UsageError } from './usage-error.js';
import { commands, type Command } from './commands.js';
import type { Context } from './context.js';
import { EXIT, type ExitCode } from './exit.js';
import { commandHelp, generalHelp } from './help.js';
import { didYouMean } from './did-you-mean.js';
import { processContext } from './process-context.js';

/** Runs `kexec-kit` in this process: argv in, exit status out. */
export async function main(): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), processContext());
}

/** Runs one command line. The only place where an exception becomes an exit status. */
export async function run(argv: readonly string[], context: Context): Promise<ExitCode> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    if (context.signal.aborted) return EXIT.interrupted;
    if (isUsageError(error)) return usageError(error, argv, context);
    context.stderr.write(
      `This is a bug in kexec-kit, please report it:\n${error instanceof Error ? (error.stack ?? '') : String(error)}\n`,
    );
    return EXIT.bug;
  }
}

async function dispatch(argv: readonly string[], context: Context): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === 'help' && rest[0] !== undefined) return dispatch([...rest, '--help'], context);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help')
    return say(context, generalHelp(context.stdout.colours));
  if (name === '--version' || name === 'version') return say(context, `kexec-kit ${context.version}\n`);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw unknownCommand(name);
  if (wantsHelp(rest))
    return say(context, commandHelp(command, manifestsFor(command, context), context.stdout.colours));
  const invocation = parseArguments(rest, optionsOf(command, context), command.operands);
  const action = await command.run();
  return action(context, invocation);
}

function wantsHelp(rest: readonly string[]): boolean {
  const end = rest.indexOf('--');
  const before = end < 0 ? rest : rest.slice(0, end);
  return before.includes('--help') || before.includes('-h');
}

function manifestsFor(command: Command, context: Context) {
  return command.loaderOptions ? context.discover().loaders.map(({ manifest }) => manifest) : [];
}

/** A command's own options, and those of every installed loader where it takes them: all must be known to tell values from files. */
function optionsOf(command: Command, context: Context) {
  const ofLoaders = manifestsFor(command, context).flatMap(({ options }) => Object.values(options));
  const own = new Set(command.options.map(({ name }) => name));
  return [...command.options, ...ofLoaders.filter(({ name }) => !own.has(name))];
}

function unknownCommand(name: string): UsageError {
  const known = commands.map((command) => command.name);
  return new UsageError(`there is no command "${name}"`, didYouMean(name, known));
}

function say(context: Context, text: string): ExitCode {
  context.stdout.write(text);
  return EXIT.done;
}

function usageError(error: UsageError, argv: readonly string[], context: Context): ExitCode {
  const command = commands.find(({ name }) => name === argv[0]);
  const more = command === undefined ? 'kexec-kit --help' : `kexec-kit ${command.name} --help`;
  context.stderr.write(`${context.stderr.colours.red('error')}: ${error.message}\n`);
  context.stderr.write(
    `  hint:   ${error.hint === undefined ? '' : `${error.hint.replace(/\.$/, '')}; `}"${more}" says more\n`,
  );
  return EXIT.usage;
}
