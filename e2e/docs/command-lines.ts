import { commands, manifests, parseArguments } from './cli.js';

const loaderOptions = manifests.flatMap(({ options }) => Object.values(options));

/** The calls of `kexec-kit` in a block of shell, as lists of words; `npx` and `sudo` may stand before them. */
export function kexecKitLines(shell: string): readonly (readonly string[])[] {
  return shell
    .replaceAll('\\\n', ' ')
    .split('\n')
    .map((line) => words(line.replace(/^\s*(\$ )?(sudo )?(npx (--no-install )?)?/, '')))
    .filter(([program]) => program === 'kexec-kit')
    .map(([, ...argv]) => argv);
}

/** Up to a pipe, a redirection or a comment; quotes keep words together. */
function words(line: string): readonly string[] {
  const found: string[] = [];
  for (const [word] of line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)) {
    if (/^([|<>;#]|&&)/.test(word)) break;
    found.push(word.replaceAll(/["']/g, ''));
  }
  return found;
}

/** @throws UsageError when there is no such command, or it takes no such options. */
export function parseLine([name, ...rest]: readonly string[]): ReturnType<typeof parseArguments> {
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) throw new Error(`there is no command ${String(name)}`);
  const options = [...command.options, ...(command.loaderOptions === true ? loaderOptions : [])];
  return parseArguments(rest, options, command.operands);
}
