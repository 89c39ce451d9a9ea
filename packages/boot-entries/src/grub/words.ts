/** A piece of a word: text as it stands, or a variable to be put in. */
export type Part =
  | { readonly text: string; readonly isQuoted: boolean }
  | { readonly variable: string; readonly isQuoted: boolean };

export interface Word {
  readonly kind: 'word';
  readonly parts: readonly Part[];
  readonly line: number;
}

/** `end` ends a command: a line's end or a semicolon. */
export type Token = Word | { readonly kind: '{' | '}' | 'end'; readonly line: number };

export interface Tokens {
  readonly tokens: readonly Token[];
  /** Where it could not go on, and why. */
  readonly error?: { readonly line: number; readonly what: string };
}

const variableName = /(?:[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?])/;
/** One alternative per thing that can come next, in order; sticky, so that each character is looked at once. */
const next = new RegExp(
  [
    /(?<blank>[ \t\r]+|\\\n)/,
    /(?<comment>#[^\n]*)/,
    /(?<end>[\n;]+)/,
    /(?<brace>[{}])/,
    /(?<single>'[^']*')/,
    /\$?(?<double>")/,
    new RegExp(`\\$(?:\\{(?<braced>${variableName.source})\\}|(?<variable>${variableName.source}))`),
    /\\(?<escaped>[^\n])/,
    /(?<operator>[|&<>])/,
    /(?<text>[^ \t\r\n;{}'"$\\|&<>]+|\$)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'uy',
);

/** Takes a GRUB script apart, by section 6.2 of GRUB's manual. */
export function tokenize(script: string): Tokens {
  const tokens: Token[] = [];
  let parts: Part[] = [];
  let line = 1;
  const endWord = (): void => {
    if (parts.length > 0) tokens.push({ kind: 'word', parts, line });
    parts = [];
  };
  const stop = (what: string): Tokens => ({ tokens, error: { line, what } });
  for (let at = 0; at < script.length;) {
    next.lastIndex = at;
    // Within a word, a hash is a character like others; a comment is not looked for: each hash would look to the line's end.
    if (script[at] === '#' && parts.length > 0) {
      parts.push({ text: '#', isQuoted: false });
      at++;
      continue;
    }
    const found = next.exec(script);
    if (found?.groups === undefined) return stop('a quote or a backslash that leads nowhere');
    const { blank, comment, brace, single, double, braced, variable, escaped, operator, text } = found.groups;
    at = next.lastIndex;
    if (operator !== undefined) return stop(`"${operator}" is nothing that GRUB takes`);
    if (single !== undefined) parts.push({ text: single.slice(1, -1), isQuoted: true });
    else if (double !== undefined) {
      const quoted = quotedParts(script, at);
      if (quoted === undefined) return stop('a quotation without an end');
      parts.push(...quoted.parts);
      at = quoted.at;
    } else if (escaped !== undefined) parts.push({ text: escaped, isQuoted: true });
    else if (text !== undefined) parts.push({ text, isQuoted: false });
    else if (braced !== undefined || variable !== undefined)
      parts.push({ variable: braced ?? variable ?? '', isQuoted: false });
    else if (blank !== undefined || comment !== undefined) endWord();
    else {
      endWord();
      tokens.push(brace === '{' || brace === '}' ? { kind: brace, line } : { kind: 'end', line });
    }
    line += newlines(script, found.index, at);
  }
  endWord();
  tokens.push({ kind: 'end', line });
  return { tokens };
}

const inQuotes = new RegExp(
  `(?<end>")|\\\\(?<escaped>["$\\\\])|\\\\\\n|\\$(?:\\{(?<braced>${variableName.source})\\}|(?<variable>${variableName.source}))|(?<text>[^"$\\\\]+|[$\\\\])`,
  'uy',
);

function quotedParts(script: string, start: number): { parts: Part[]; at: number } | undefined {
  // An empty quotation is an argument, too.
  const parts: Part[] = [{ text: '', isQuoted: true }];
  for (let at = start; at < script.length;) {
    inQuotes.lastIndex = at;
    const found = inQuotes.exec(script);
    if (found?.groups === undefined) return undefined;
    at = inQuotes.lastIndex;
    const { end, escaped, braced, variable, text } = found.groups;
    if (end !== undefined) return { parts, at };
    const name = braced ?? variable;
    if (name !== undefined) parts.push({ variable: name, isQuoted: true });
    else parts.push({ text: escaped ?? text ?? '', isQuoted: true });
  }
  return undefined;
}

function newlines(script: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (script[at] === '\n') count++;
  return count;
}
