import type { Fact, FactGroup, Facts } from '@kexec-kit/loader-api';
import { printable, type Colours } from '../terminal.js';

/** Facts as text: a heading for each group, an empty line before it, and a column of offsets where any has one. */
export function drawFacts(facts: Facts, colours: Colours): string {
  return facts.map((group) => drawGroup(group, colours)).join('');
}

function drawGroup({ title, fields }: FactGroup, colours: Colours): string {
  const width = Math.max(...fields.map(({ name }) => name.length)) + 2;
  const offsets = fields.some(({ offset }) => offset !== undefined) ? 10 : 0;
  const line = (fact: Fact) =>
    `  ${colours.dim(offsetOf(fact).padEnd(offsets))}${fact.name.padEnd(width)}${printable(fact.value)}\n`;
  return `\n${colours.bold(title)}\n${fields.map(line).join('')}`;
}

function offsetOf({ offset }: Fact): string {
  return offset === undefined ? '' : `0x${offset.toString(16)}`;
}
