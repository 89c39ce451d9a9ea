/** What GRUB's `test` can ask of the files. */
export interface FileTests {
  /** The size of a file in bytes; undefined where there is none. */
  readonly sizeOf: (path: string) => number | undefined;
  readonly isFolder: (path: string) => boolean;
}

/** How deep parentheses and negations may nest. */
const DEEPEST = 32;

/**
 * GRUB's `test` and `[`, by section 16.3.80 of its manual; undefined for what it does not have.
 *
 * @param words - Its arguments, without the closing bracket.
 */
export function test(words: readonly string[], files: FileTests): boolean | undefined {
  let at = 0;
  const state = { isUnknown: false };
  const or = (depth: number): boolean => {
    let value = and(depth);
    while (words[at] === '-o') {
      at++;
      value = and(depth) || value;
    }
    return value;
  };
  const and = (depth: number): boolean => {
    let value = one(depth);
    while (at < words.length && words[at] !== '-o' && words[at] !== ')') {
      if (words[at] === '-a') at++;
      value = one(depth) && value;
    }
    return value;
  };
  const one = (depth: number): boolean => {
    const [first = '', second, third] = words.slice(at, at + 3);
    if (depth > DEEPEST) return unknown();
    const compare = second === undefined || third === undefined ? undefined : comparisons[second];
    if (compare !== undefined) {
      at += 3;
      return compare(first, third ?? '');
    }
    const ask = second === undefined ? undefined : questions[first];
    if (ask !== undefined) {
      at += 2;
      return ask(second ?? '', files);
    }
    at++;
    if (first === '!') return !one(depth + 1);
    if (first === '(') return parenthesis(depth + 1);
    return first !== '';
  };
  const parenthesis = (depth: number): boolean => {
    const value = or(depth);
    return words[at++] === ')' ? value : unknown();
  };
  const unknown = (): boolean => {
    state.isUnknown = true;
    at = words.length;
    return false;
  };
  const value = words.length > 0 && or(0);
  return state.isUnknown || at < words.length ? undefined : value;
}

const comparisons: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  '=': (a, b) => a === b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '-eq': (a, b) => toNumber(a) === toNumber(b),
  '-ne': (a, b) => toNumber(a) !== toNumber(b),
  '-lt': (a, b) => toNumber(a) < toNumber(b),
  '-le': (a, b) => toNumber(a) <= toNumber(b),
  '-gt': (a, b) => toNumber(a) > toNumber(b),
  '-ge': (a, b) => toNumber(a) >= toNumber(b),
};

const questions: Readonly<Record<string, (word: string, files: FileTests) => boolean>> = {
  '-n': (word) => word !== '',
  '-z': (word) => word === '',
  '-d': (word, files) => files.isFolder(word),
  '-e': (word, files) => files.isFolder(word) || files.sizeOf(word) !== undefined,
  '-f': (word, files) => files.sizeOf(word) !== undefined,
  '-s': (word, files) => (files.sizeOf(word) ?? 0) > 0,
};

/** What is no number is 0, as with strtol(3). */
function toNumber(word: string): number {
  return Number(/^[+-]?[0-9]{1,15}/.exec(word)?.[0] ?? 0);
}
