import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { getopt, type Spelling } from '../src/kexec/getopt.js';

const table: readonly Spelling[] = [
  { name: 'load', short: 'l' },
  { name: 'load-panic', short: 'p' },
  { name: 'force', short: 'f' },
  { name: 'type', short: 't', placeholder: 'TYPE' },
  { name: 'initrd', placeholder: 'FILE' },
  { name: 'append', placeholder: 'TEXT' },
  { name: 'reuse-cmdline' },
  { name: 'reuseinitrd' },
];
const read = (...argv: string[]) => {
  const { options, operands } = getopt(argv, table);
  return [options.map(({ option, value }) => (value === '' ? option.name : [option.name, value])), operands];
};

describe('getopt', () => {
  it('takes letters together, the last one with its value joined or behind', () => {
    expect(read('-lf', 'k')).toEqual([['load', 'force'], ['k']]);
    expect(read('-lt', 'bzImage', 'k')).toEqual([['load', ['type', 'bzImage']], ['k']]);
    expect(read('-ltbzImage', 'k')).toEqual([['load', ['type', 'bzImage']], ['k']]);
  });

  it('takes options behind operands, values joined or behind', () => {
    expect(read('k', '--initrd=a', '-l', '--append', 'b c')).toEqual([
      [['initrd', 'a'], 'load', ['append', 'b c']],
      ['k'],
    ]);
  });

  it('takes a value that looks like an option, and an empty one', () => {
    expect(read('--append', '--load', '-t', '--')).toEqual([
      [
        ['append', '--load'],
        ['type', '--'],
      ],
      [],
    ]);
    expect(read('--append=')).toEqual([['append'], []]);
  });

  it('ends options with --, and takes - for an operand', () => {
    expect(read('-l', '-', '--', '--initrd')).toEqual([['load'], ['-', '--initrd']]);
  });

  it('takes the beginning of a name that begins no other, and a whole name that begins another', () => {
    expect(read('--i', 'x', '--app=y', '--load-', '--load')).toEqual([
      [['initrd', 'x'], ['append', 'y'], 'load-panic', 'load'],
      [],
    ]);
  });

  it.each([
    [['--reuse'], '--reuse can be --reuse-cmdline or --reuseinitrd'],
    [['--lod'], 'there is no option --lod'],
    [['-q'], 'there is no option -q'],
    [['-initrd=x'], 'there is no option -i'],
    [['--initrd'], '--initrd needs a value: --initrd FILE'],
    [['-t'], '--type needs a value: --type TYPE'],
    [['--load=yes'], '--load takes no value'],
  ])('refuses %j', (argv, message) => {
    expect(() => read(...argv)).toThrow(message);
  });

  it('lets further options be cut short, but never at the cost of the table', () => {
    const more = [{ name: 'args', placeholder: 'STYLE' }, { name: 'forced' }, { name: 'appendix' }];
    const names = (...argv: string[]) => getopt(argv, table, more).options.map(({ option }) => option.name);
    expect(names('--ar', 'x', '--force', '--forced', '--app', 'y')).toEqual([
      'args',
      'force',
      'forced',
      'append',
    ]);
  });

  it('reads the same from every order of the same options', () => {
    const words = [['-l'], ['--initrd', 'a'], ['--append=b'], ['-tx'], ['kernel']];
    const shuffled = fc.shuffledSubarray(words, { minLength: words.length });
    fc.assert(
      fc.property(shuffled, (order) => {
        const { options, operands } = getopt(order.flat(), table);
        expect(operands).toEqual(['kernel']);
        expect(new Map(options.map(({ option, value }) => [option.name, value]))).toEqual(
          new Map([
            ['load', ''],
            ['initrd', 'a'],
            ['append', 'b'],
            ['type', 'x'],
          ]),
        );
      }),
    );
  });

  it('reads every unambiguous beginning of every name as that name', () => {
    const option = fc.constantFrom(...table);
    fc.assert(
      fc.property(option, fc.nat(), ({ name, placeholder }, cut) => {
        const short = name.slice(0, 1 + (cut % name.length));
        const fitting = table.filter((other) => other.name.startsWith(short));
        fc.pre(fitting.length === 1 || short === name);
        const argv = placeholder === undefined ? [`--${short}`] : [`--${short}`, 'value'];
        expect(getopt(argv, table).options.map((given) => given.option.name)).toEqual([name]);
      }),
    );
  });
});
