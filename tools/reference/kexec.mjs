// @ts-check
/** The page that says what becomes of every option of kexec(8). */
import { escape, page, table } from './markdown.mjs';

/** @typedef {import('../reference.mjs').Facts} Facts */
/** @typedef {import('../../packages/cli/src/kexec/table.js').KexecOption} KexecOption */

/** @param {Facts} facts */
export function kexecPage({ kexecOptions, kexecGroups, loaders }) {
  return page(
    '`kexec`',
    'The program `kexec` of `@kexec-kit/cli` takes the command lines of kexec(8) for x86, with their meanings and exit codes: scripts written for kexec-tools run unchanged, unless they use an option that is refused. Options may stand in any order and be cut short as long as only one fits. This page has every option that kexec(8) has, and where ours differs.',
    `Refused, each for the reason that the table gives: ${refused(kexecOptions)}.`,
    'Wherever kexec(8) goes by the order of options, this one does not: `-u -p` is `-p -u`. An option that the chosen loader does not have is an error, not a warning. Options of [the loaders](loaders.md) that kexec(8) does not know are taken too.',
    ...kexecGroups.flatMap((group) => [
      `## ${group}`,
      table(
        ['option', 'what it does', 'how it differs from kexec(8)'],
        kexecOptions
          .filter((option) => option.group === group)
          .map((option) => [
            spelled(option),
            `${option.does}${kindOf(option, loaders)}`,
            escape(option.differs ?? ''),
          ]),
      ),
    ]),
    '## Exit status',
    table(
      ['status', 'meaning'],
      [
        ['0', 'done; with `-S`: not loaded'],
        [
          '1',
          'wrong usage, a file that is not there, a command line that is too long, no place or no reserved memory, nothing to start; with `-S`: loaded',
        ],
        ['253', 'with `-s`: kexec_file_load is not there, or does not take this image or this request'],
        [
          '255',
          'the image is not named, not known or not whole, the value of an option is wrong, or the system call failed',
        ],
      ],
    ),
    'Nothing is said where all goes well; what goes wrong is said on stderr, with a [code](codes.md).',
  );
}

/** @param {readonly KexecOption[]} options */
function refused(options) {
  return options
    .filter(({ meaning }) => 'refused' in meaning)
    .map(({ name }) => `\`--${name}\``)
    .join(', ');
}

/** @param {KexecOption} option */
function spelled({ name, short, placeholder }) {
  const letter = short === undefined ? '' : `\`-${short}\`, `;
  return `${letter}\`--${name}${placeholder === undefined ? '' : `=${placeholder}`}\``;
}

/**
 * @param {KexecOption} option
 * @param {Facts['loaders']} loaders
 */
function kindOf({ meaning }, loaders) {
  if ('refused' in meaning) return ' — refused';
  if ('nothing' in meaning) return ' — taken, and nothing is to be done';
  if (!('loader' in meaning)) return '';
  const takers = loaders.filter(({ manifest }) =>
    Object.values(manifest.options).some(({ name }) => name === meaning.loader),
  );
  return ` (${takers.map(({ manifest }) => manifest.name).join(', ')})`;
}
