// @ts-check
/** How we differ from kexec-tools: made of the rules by which the oracle judges. */

/** @typedef {import('../../e2e/oracle/rules/rule.js').Rule} Rule */

const note =
  '<!-- Made by "npm run generate" from the rules of the oracle (e2e/oracle/rules): do not edit. -->';

/** @param {{ rules: readonly Rule[] }} facts */
export function differencesPage({ rules }) {
  const defects = rules.filter(({ defect }) => defect !== undefined);
  return [
    note,
    '# How we differ from kexec-tools',
    'The oracle asks Debian’s own kexec(8) (2.0.25) and kexec-kit about the same images on the same machines, and compares what a ' +
      'kernel would find: every segment, every field, every register. What differs is a disagreement unless one of the rules below ' +
      'explains it, and a rule says what each side must have. Each has a machine in `e2e/oracle/rules/cases` that shows it at work. ' +
      'What the oracle says of ten thousand machines is in [the measurements](../measurements.md).',
    '## On purpose',
    table(rules.filter(({ defect }) => defect === undefined)),
    '## Where something in kexec-tools 2.0.25 is wrong',
    table(defects),
    '## What is wrong there',
    ...defects.map(({ name, defect }) => `- **${name}**: ${defect ?? ''}.`),
    '',
  ].join('\n\n');
}

/** @param {readonly Rule[]} rules */
function table(rules) {
  const row = (/** @type {readonly string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    row(['rule', 'of', 'kexec-tools', 'kexec-kit', 'because']),
    row(['---', '---', '---', '---', '---']),
    ...rules.map(({ name, of, theirs, ours, reason }) => row([`\`${name}\``, of, theirs, ours, reason])),
  ].join('\n');
}
