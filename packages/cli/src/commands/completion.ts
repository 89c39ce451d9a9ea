import { UsageError } from '../usage-error.js';
import { commands, type Invocation } from '../commands.js';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit.js';

export function completion(context: Context, { operands }: Invocation): Promise<ExitCode> {
  const shell = operands[0] ?? '';
  const script = scripts[shell];
  if (script === undefined)
    throw new UsageError(`SHELL is one of ${Object.keys(scripts).join(', ')}, not "${shell}"`);
  context.stdout.write(script(wordsOf(context)));
  return Promise.resolve(EXIT.done);
}

interface Words {
  readonly commands: readonly {
    readonly name: string;
    readonly summary: string;
    readonly options: readonly string[];
  }[];
}

function wordsOf(context: Context): Words {
  const ofLoaders = context.discover().loaders.flatMap(({ manifest }) => Object.values(manifest.options));
  return {
    commands: commands.map((command) => ({
      name: command.name,
      summary: command.summary,
      options: [...command.options, ...(command.loaderOptions ? ofLoaders : [])].map(
        ({ name }) => `--${name}`,
      ),
    })),
  };
}

const scripts: Readonly<Record<string, (words: Words) => string>> = { bash, zsh, fish };

function bash({ commands: known }: Words): string {
  const cases = known.map(({ name, options }) => `    ${name}) words="${options.join(' ')}" ;;`);
  return `_kexec_kit() {
  local words
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${known.map(({ name }) => name).join(' ')}" -- "$2"))
  elif [[ $2 == -* ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$2"))
  else
    COMPREPLY=($(compgen -f -- "$2"))
  fi
}
complete -o filenames -F _kexec_kit kexec-kit
`;
}

function zsh({ commands: known }: Words): string {
  const cases = known.map(({ name, options }) => `    ${name}) compadd -- ${options.join(' ')} ;;`);
  return `#compdef kexec-kit
if (( CURRENT == 2 )); then
  compadd -- ${known.map(({ name }) => name).join(' ')}
elif [[ $words[CURRENT] == -* ]]; then
  case $words[2] in
${cases.join('\n')}
  esac
else
  _files
fi
`;
}

function fish({ commands: known }: Words): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = known.flatMap(({ name, summary, options }) => [
    `complete -c kexec-kit -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ...options.map(
      (option) => `complete -c kexec-kit -n "__fish_seen_subcommand_from ${name}" -l ${option.slice(2)}`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}
