import { describe, expect, it } from 'vitest';
import type { Option } from '@kexec-kit/loader-api';
import { parseArguments } from '../src/arguments.js';
import { UsageError } from '../src/usage-error.js';

const table: readonly Option[] = [
  { type: 'string', name: 'command-line', aliases: ['append'], placeholder: 'STRING', summary: '' },
  { type: 'file', name: 'initrd', placeholder: 'FILE', multiple: true, summary: '' },
  { type: 'choice', name: 'model', placeholder: 'MODEL', choices: ['q35', 'microvm'], summary: '' },
  { type: 'flag', name: 'verbose', short: 'v', summary: '' },
  { type: 'file', name: 'output', short: 'o', placeholder: 'OUT', summary: '' },
];
const withAddress: readonly Option[] = [
  { type: 'address', name: 'memory', placeholder: 'SIZE', summary: '' },
];
const parse = (...argv: string[]) => parseArguments(argv, table, ['FILE', '[MORE]']);

describe('parseArguments', () => {
  it('takes options in any order, before and after operands, with = or a blank, by alias and letter', () => {
    const { operands, values } = parse(
      '-v',
      'vmlinuz',
      '--append=a b',
      '--initrd',
      'one',
      '-o',
      'out',
      '--initrd=two',
    );
    expect(operands).toEqual(['vmlinuz']);
    expect(Object.fromEntries(values)).toEqual({
      verbose: ['true'],
      'command-line': ['a b'],
      initrd: ['one', 'two'],
      output: ['out'],
    });
  });

  it('refuses what is no address where one is wanted, and keeps its spelling where it is', () => {
    expect(parseArguments(['--memory', '6G'], withAddress, []).values.get('memory')).toEqual(['6G']);
    expect(() => parseArguments(['--memory', '6X'], withAddress, [])).toThrow(
      '--memory takes a size or address',
    );
  });

  it('takes what follows -- as operands, whatever it looks like', () => {
    expect(parse('--', '--initrd').operands).toEqual(['--initrd']);
  });

  it('takes a value that begins with a dash when it is joined to its option', () => {
    expect(parse('x', '--append=-x').values.get('command-line')).toEqual(['-x']);
  });

  it.each([
    [['x', '--inird', 'y'], 'there is no option --inird', 'did you mean --initrd?'],
    [['x', '--command', 'y'], 'there is no option --command', 'did you mean --command-line?'],
    [['x', '--output'], '--output needs a value: --output OUT', undefined],
    [['x', '--verbose=1'], '--verbose takes no value', undefined],
    [['x', '--append', 'a', '--append', 'b'], '--command-line was given twice ("a" and "b")', 'give it once'],
    [['x', '-o', '-'], '--output takes the name of a file, not "-"', './- is a file of that name.'],
    [['x', '--model', 'pc'], '--model is one of q35, microvm, not "pc"', undefined],
    [[], 'FILE is missing', undefined],
    [['a', 'b', 'c'], '"c" is one operand too many', 'put a value with blanks in quotes'],
  ])('refuses %j in one sentence', (argv, message, hint) => {
    const attempt = () => parse(...argv);
    expect(attempt).toThrow(UsageError);
    expect(attempt).toThrow(expect.objectContaining({ message, hint }) as Error);
  });
});
