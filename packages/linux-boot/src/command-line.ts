import { fail, ok, type Purpose, type Result } from '@kexec-kit/loader-api';
import { encodeText } from '@kexec-kit/structures';
import { commandLineHasNul, commandLineTooLong } from './codes.js';

/** What a user asks for. */
export interface CommandLineRequest {
  /** `--command-line`, `--append`. */
  readonly text: string | undefined;
  /** `--reuse-cmdline`: begin with the running kernel's own. */
  readonly reuse: boolean;
  /** The running kernel's command line. */
  readonly running: string;
  readonly purpose: Purpose;
}

/**
 * The next kernel's command line: the running one, if it is to be reused, then the text.
 * `BOOT_IMAGE=` names a file that the running kernel came from and is left out, and `elfcorehdr=` a dump of its own; so is
 * every `crashkernel=` for a crash kernel, which has no memory to reserve.
 *
 * @example
 * ```ts
 * composeCommandLine({ text: 'quiet', reuse: true, running: 'BOOT_IMAGE=/vmlinuz ro', purpose: 'normal' }); // 'ro quiet'
 * ```
 */
export function composeCommandLine({ text = '', reuse, running, purpose }: CommandLineRequest): string {
  if (!reuse) return text;
  const names = ['BOOT_IMAGE', 'elfcorehdr', ...(purpose === 'crash' ? ['crashkernel'] : [])];
  return [withoutParameters(running, names), text].filter((part) => part !== '').join(' ');
}

/**
 * A command line without every `name` and `name=…` of those names. Whole words only, and a quoted value is one word:
 * `dyndbg="a crashkernel=1G"` keeps what is between its quotes. As for the kernel, `-` and `_` are one character in a name.
 *
 * @example
 * ```ts
 * withoutParameters('root=/dev/sda1 quiet panic_on_oops=1', ['quiet', 'panic-on-oops']); // 'root=/dev/sda1'
 * ```
 */
export function withoutParameters(commandLine: string, names: readonly string[]): string {
  const words = commandLine.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
  const unwanted = new Set(names.map(sameName));
  return words.filter((word) => !unwanted.has(sameName(nameOf(word)))).join(' ');
}

/** What stands before the value; a quote may open the whole parameter: `"name=a b"`. */
function nameOf(word: string): string {
  return /^"?([^=]*?)(?:=|"?$)/.exec(word)?.[1] ?? word;
}

function sameName(name: string): string {
  return name.replaceAll('-', '_');
}

/**
 * A command line as the kernel reads it: UTF-8 with a terminating NUL.
 *
 * @param limit - `cmdline_size`: in bytes, without the NUL. Longer is an error: the kernel would cut it silently.
 */
export function encodeCommandLine(text: string, limit: number): Result<Uint8Array> {
  const bytes = encodeText(text);
  if (bytes.includes(0)) return fail(commandLineHasNul(bytes.indexOf(0)));
  if (bytes.length > limit) return fail(commandLineTooLong(bytes.length, limit));
  return ok(encodeText(`${text}\0`));
}
