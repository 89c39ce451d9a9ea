export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'operator';
  readonly text: string;
}

const TOKEN =
  /(?<number>0x[0-9a-f_]+|0b[01_]+|0o[0-7_]+|\d[\d_]*(?:\.\d+)?)|(?<name>[a-z_]\w*(?:::\w+)*)|(?<text>"[^"]*"|'[^']*')|(?<operator><<|>>|[<>=!]=|\S)/gi;
const KINDS = ['number', 'name', 'text', 'operator'] as const;
/** What looks like a name and is none. */
export const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'true', 'false']);

export function tokens(expression: string): readonly Token[] {
  return [...expression.matchAll(TOKEN)].map(({ 0: text, groups }) => ({
    kind: KINDS.find((kind) => groups?.[kind] !== undefined) ?? 'operator',
    text,
  }));
}

/** The fields that an expression names; of a path the last, and of `_io.size` none. */
export function fieldNames(expression: string): readonly string[] {
  const all = tokens(expression);
  return all
    .filter(({ kind, text }, i) => {
      const ofStream = all[i - 1]?.text === '.' && all[i - 2]?.text === '_io';
      return kind === 'name' && !text.includes('::') && !WORDS.has(text) && !ofStream;
    })
    .map(({ text }) => text);
}

export function literals(expression: string): readonly bigint[] {
  return tokens(expression)
    .filter(({ kind, text }) => kind === 'number' && !text.includes('.'))
    .map(({ text }) => BigInt(text.replaceAll('_', '')));
}

export function hasOperator(expression: string, operators: ReadonlySet<string>): boolean {
  return tokens(expression).some(({ kind, text }) => kind === 'operator' && operators.has(text));
}

export const BITWISE: ReadonlySet<string> = new Set(['&', '|', '^', '~', '<<', '>>']);
export const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', ...BITWISE]);
