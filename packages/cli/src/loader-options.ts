import type { AnyLoader, Diagnostic, OptionSpec } from '@kexec-kit/loader-api';
import { commands, type Command, type Values } from './commands.js';
import type { Discovery } from './discover.js';

/** Options that were given, are no option of the command, and belong to other loaders than the one chosen. */
export function foreignOptions(
  commandName: string,
  loader: AnyLoader,
  discovery: Discovery,
  values: Values,
): readonly Diagnostic[] {
  const known = new Set(
    [...commandNamed(commandName).options, ...Object.values(loader.options as OptionSpec)].map(
      ({ name }) => name,
    ),
  );
  return [...values.keys()]
    .filter((name) => !known.has(name))
    .map((name) => notOfLoader(name, loader.name, ownersOf(name, discovery)));
}

function commandNamed(name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  return command;
}

function ownersOf(name: string, { loaders }: Discovery): readonly string[] {
  return loaders
    .filter(({ manifest }) => Object.values(manifest.options).some((option) => option.name === name))
    .map(({ manifest }) => manifest.name);
}

function notOfLoader(name: string, loader: string, owners: readonly string[]): Diagnostic {
  return {
    code: 'CLI_OPTION_NOT_OF_LOADER',
    severity: 'error',
    message: `--${name} is no option of the loader ${loader}, which was chosen for this image`,
    expected: `the loader ${owners.join(' or ')}`,
    hint: `leave it out, or choose with --type ${owners[0] ?? ''}`,
  };
}
