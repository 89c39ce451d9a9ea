// @ts-check
/** The pages of docs/reference for a reader on the web. Prettier lines the tables up. */

/** @typedef {import('../reference.mjs').Facts} Facts */
/** @typedef {import('@kexec-kit/loader-api').Option} Option */
/** @typedef {import('@kexec-kit/loader-api').Signature} Signature */

const note = '<!-- Made by "npm run generate" from the tables that the program runs on: do not edit. -->';

/** @param {Facts} facts */
export function cliPage(facts) {
  return page(
    'Commands',
    'Every command of `kexec-kit`. Results go to stdout, diagnostics to stderr; `--json` prints [one document](json.md).',
    ...facts.commands.flatMap((command) => commandSection(facts, command)),
    '## Exit status',
    table(
      ['status', 'meaning'],
      facts.exits.map(([code, meaning]) => [String(code), meaning]),
    ),
  );
}

/**
 * @param {Facts} facts
 * @param {Facts['commands'][number]} command
 */
function commandSection(facts, command) {
  const usage = ['kexec-kit', command.name, ...command.operands, '[OPTION…]'].join(' ');
  const examples = command.examples.flatMap(({ line, does }) => [`# ${does}`, line]);
  return [
    `## ${command.name}`,
    `${command.summary}.`,
    fence('text', [usage]),
    ...command.about,
    optionTable(facts, command.options),
    ...(command.loaderOptions === true
      ? ['It also takes the options of [the loader](loaders.md) that the image needs.']
      : []),
    fence('sh', examples),
  ];
}

/** @param {Facts} facts */
export function codesPage({ codeTables }) {
  return page(
    'Diagnostic codes',
    '`kexec-kit explain CODE` prints the same. Codes are stable; the wording of messages is not.',
    ...codeTables.flatMap(({ package: name, codes }) => [
      `## ${name}`,
      ...Object.entries(codes).flatMap(([code, { cause, cure, spec }]) => [
        `### ${code}`,
        escape(cause),
        `Cure: ${escape(cure)}`,
        ...(spec === undefined ? [] : [`Specification: ${escape(spec)}`]),
      ]),
    ]),
  );
}

/** @param {Facts} facts */
export function loadersPage(facts) {
  return page(
    'Loaders',
    'The official loaders, one package each. `kexec-kit loaders` lists those that are installed, others than these too.',
    ...facts.loaders.flatMap((loader) => loaderSection(facts, loader)),
  );
}

/**
 * @param {Facts} facts
 * @param {Facts['loaders'][number]} loader
 */
function loaderSection(facts, { package: name, manifest }) {
  const { supports, aliases, options, refines, signatures } = manifest;
  return [
    `## ${manifest.name}`,
    `${manifest.summary}. \`${name}\` ${manifest.version}.`,
    table(
      ['', ''],
      [
        ['purposes', supports.purposes.join(', ')],
        ['entered in mode', supports.handoffs.join(', ')],
        ['running kernel', supports.architectures.join(', ')],
        ['refines', refines.length === 0 ? 'nothing' : refines.join(', ')],
        ['recognised by', signatures.map(signature).join(', ')],
      ],
    ),
    optionTable(facts, Object.values(options)),
    ...(aliases.length === 0
      ? []
      : [
          table(
            ['alias', 'what it is', 'presets'],
            aliases.map((alias) => [
              `\`--type ${alias.name}\``,
              escape(alias.summary),
              presets(alias.presets),
            ]),
          ),
        ]),
    `Codes: ${Object.keys(manifest.codes)
      .sort()
      .map((code) => `[${code}](codes.md#${code.toLowerCase()})`)
      .join(', ')}.`,
  ];
}

/** @param {Signature} given */
function signature(given) {
  const where =
    'at' in given
      ? `at 0x${given.at.toString(16)}`
      : `within 0x${given.within.toString(16)} bytes, at multiples of ${given.align}`;
  return `\`${given.hex}\` ${where}`;
}

/** @param {Readonly<Record<string, boolean | string>>} given */
function presets(given) {
  const pairs = Object.entries(given).map(
    ([name, value]) => `\`--${name}${value === true ? '' : ` ${String(value)}`}\``,
  );
  return pairs.length === 0 ? 'none' : pairs.join(', ');
}

/**
 * @param {Facts} facts
 * @param {readonly Option[]} options
 */
function optionTable({ spelling, summaryOf }, options) {
  return table(
    ['option', 'what it does'],
    options.map((option) => [`\`${spelling(option)}\``, escape(summaryOf(option))]),
  );
}

/**
 * @param {string} title
 * @param {...string} blocks
 */
export function page(title, ...blocks) {
  return `${[`# ${title}`, note, ...blocks].join('\n\n')}\n`;
}

/**
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} rows
 */
export function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * @param {string} language
 * @param {readonly string[]} lines
 */
function fence(language, lines) {
  return ['```' + language, ...lines, '```'].join('\n');
}

/**
 * Text that means itself in Markdown.
 *
 * @param {string} text
 */
export function escape(text) {
  return text.replace(/[\\*<>[\]]/g, '\\$&');
}
