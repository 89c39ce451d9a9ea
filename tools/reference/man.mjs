// @ts-check
/** kexec-kit(1), in the man macros that both groff and mandoc read. */

/** @typedef {import('../reference.mjs').Facts} Facts */
/** @typedef {import('@kexec-kit/loader-api').Option} Option */

/** @param {Facts} facts */
export function manPage(facts) {
  const { version, commands, loaders, exits } = facts;
  return lines([
    '.\\" Made by "npm run generate" from the tables that the program runs on: do not edit.',
    `.TH KEXEC\\-KIT 1 "" "kexec\\-kit ${roff(version)}" "User Commands"`,
    '.SH NAME',
    'kexec\\-kit \\- inspect, plan, draw and boot kernels',
    '.SH SYNOPSIS',
    ...commands.flatMap(({ name, operands }) => [
      `.B kexec\\-kit ${roff(name)}`,
      [...operands.map(roff), '[\\fIOPTION\\fR...]'].join(' '),
      '.br',
    ]),
    '.SH DESCRIPTION',
    'Starts another kernel from a running one. It shows what it would do before it does it.',
    'Results go to standard output, diagnostics to standard error.',
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandSection(facts, command)),
    '.SH OPTIONS OF LOADERS',
    ...loaders.flatMap(({ manifest }) => [
      `.SS ${roff(manifest.name)}`,
      text(`${manifest.summary}.`),
      ...optionList(facts, Object.values(manifest.options)),
    ]),
    '.SH EXIT STATUS',
    ...exits.flatMap(([code, meaning]) => ['.TP', `.B ${code}`, text(sentence(meaning))]),
    '.SH EXAMPLES',
    ...commands.flatMap(({ examples }) =>
      examples.flatMap(({ line, does }) => ['.TP', `.B ${roff(line)}`, text(sentence(does))]),
    ),
    '.SH ENVIRONMENT',
    '.TP',
    '.B NO_COLOR',
    'If set and not empty, nothing is printed in colour. Colour and progress are for terminals only.',
    '.SH SEE ALSO',
    '.BR kexec (8),',
    '.BR qemu\\-system\\-x86_64 (1)',
  ]);
}

/**
 * @param {Facts} facts
 * @param {Facts['commands'][number]} command
 */
function commandSection(facts, command) {
  const usage = [`kexec-kit ${command.name}`, ...command.operands].join(' ');
  const ofLoader =
    command.loaderOptions === true
      ? ['.PP', 'It also takes the options of the loader that the image needs.']
      : [];
  return [
    `.SS ${roff(usage)}`,
    text(`${command.summary}.`),
    ...command.about.map(text),
    ...optionList(facts, command.options),
    ...ofLoader,
  ];
}

/**
 * @param {Facts} facts
 * @param {readonly Option[]} options
 */
function optionList({ spelling, summaryOf }, options) {
  return options.flatMap((option) => [
    '.TP',
    `.B ${roff(spelling(option))}`,
    text(sentence(summaryOf(option))),
  ]);
}

/** @param {string} clause */
function sentence(clause) {
  return `${clause.slice(0, 1).toUpperCase()}${clause.slice(1)}.`;
}

/**
 * A line of text: one that began with a dot or a quote would be a request.
 *
 * @param {string} words
 */
function text(words) {
  return roff(words).replace(/^[.']/, '\\&$&');
}

/** @type {Readonly<Record<string, string>>} */
const special = {
  '\\': '\\e',
  '-': '\\-',
  '"': '\\(dq',
  "'": '\\(aq',
  '…': '...',
  '’': '\\(cq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

/**
 * Text that means itself, also in a macro's argument.
 *
 * @param {string} words
 */
function roff(words) {
  return words.replace(/[\\"'…’`^~-]/g, (character) => special[character] ?? character);
}

/** @param {readonly string[]} all */
function lines(all) {
  return `${all.join('\n')}\n`;
}
