import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { runInBochs } from '../bochs.js';
import { type Fault, faults, type Handoff, PURGATORY, RAM_END, segmentsWith } from './faults.js';
import { run } from './guest.js';

/** Each way in which purgatory does its work: QEMU emulates no SHA extensions, Bochs does. */
const ways = [
  { name: '64-bit, SSE2', handoff: 'long64', in: inQemu },
  { name: '64-bit, SHA extensions', handoff: 'long64', in: inBochs },
  { name: '32-bit, scalar', handoff: 'protected32', in: inQemu },
  { name: '32-bit, SHA extensions', handoff: 'protected32', in: inBochs },
] as const satisfies readonly {
  readonly name: string;
  readonly handoff: Handoff;
  readonly in: (fault: Fault, handoff: Handoff) => Promise<string>;
}[];

/** What was said, by way and fault. */
const said = new Map<string, string>();
const cell = (way: { readonly name: string }, { what }: Fault) => `${way.name}: ${what}`;

const ARCHITECTURE = { long64: 'x86_64', protected32: 'i386' } as const;

/** The RAM is mapped, as Linux hands over, and nothing else but the ROM. */
async function inQemu(fault: Fault, handoff: Handoff): Promise<string> {
  const guest = { model: 'microvm', memory: RAM_END, architecture: ARCHITECTURE[handoff] } as const;
  const { outcome, debugcon } = await run(guest, segmentsWith(fault, handoff), PURGATORY);
  expect(outcome).toBe('halted');
  return debugcon;
}

function inBochs(fault: Fault, handoff: Handoff): Promise<string> {
  const segments = segmentsWith(fault, handoff);
  return runInBochs({ architecture: ARCHITECTURE[handoff], cpu: 'ryzen', entry: PURGATORY, segments });
}

describe.each(ways)('$name', (way) => {
  it.each(faults)('with $what', async (fault) => {
    const words = await way.in(fault, way.handoff);
    const [first = ''] = words.split('\n');
    said.set(cell(way, fault), first.replace('kexec-kit purgatory: ', ''));
    if (fault.harmless === true || fault.harmless === way.handoff) {
      expect(words).toMatch(/regions verified.*\nentered\n$/);
      expect(words.includes('with SHA extensions')).toBe(way.name.includes('SHA extensions'));
    } else {
      expect(words).not.toMatch(/regions verified|\nentered/);
      expect(first).toMatch(/^kexec-kit purgatory: .*, nothing was entered\.$/);
    }
  });
});

const page = fileURLToPath(new URL('../../../docs/guide/purgatory-faults.md', import.meta.url));

it('that is what the guide tells', async () => {
  const text = await format(pageOf(), { ...(await resolveConfig(page)), filepath: page });
  await expect(text).toMatchFileSnapshot(page);
});

function pageOf(): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    '# What purgatory finds',
    '',
    '<!-- Made by e2e/boot/purgatory/faults.test.ts from what it has seen: do not edit. -->',
    '',
    'Each cell is a run: in QEMU, or where SHA extensions are needed in Bochs. It holds what [purgatory](purgatory.md) said after',
    '`kexec-kit purgatory: `. Whatever does not end in “verified” was followed by a halt.',
    '',
    line(['fault', ...ways.map(({ name }) => name)]),
    line(['---', ...ways.map(() => '---')]),
    ...faults.map((fault) => line([fault.what, ...ways.map((way) => wordsIn(said.get(cell(way, fault))))])),
    '',
  ].join('\n');
}

function wordsIn(line = 'not run'): string {
  return line.replace(', nothing was entered.', '');
}
