import type { Branch, Command, Script } from './command.js';
import { tokenize, type Token, type Tokens, type Word } from './words.js';

export interface Parsed {
  /** Everything before the error, if there is one: so far GRUB would have come, too. */
  readonly script: Script;
  readonly error?: NonNullable<Tokens['error']>;
}

/** Deeper than any generated script, and no danger to our own stack. */
const DEEPEST = 64;

/** The commands of a GRUB script. Never throws: a script that is none ends at its error. */
export function parseScript(text: string): Parsed {
  const { tokens, error } = tokenize(text);
  const parser = new Parser(tokens);
  const script = parser.script([]);
  const first = parser.error ?? error;
  return first === undefined ? { script } : { script, error: first };
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  error: Tokens['error'];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Commands up to one of these words, which is not taken; at the top, up to the end. */
  script(until: readonly string[]): Script {
    const commands: Command[] = [];
    for (;;) {
      while (this.#peek()?.kind === 'end') this.#at++;
      const token = this.#peek();
      if (token === undefined || (token.kind !== 'word' && token.kind === until[0])) return commands;
      if (token.kind !== 'word') {
        this.#fail(`"${token.kind}" where a command should be`);
        return commands;
      }
      if (until.includes(reserved(token))) return commands;
      const command = this.#nested(() => this.#command(token));
      if (command === undefined) return commands;
      commands.push(command);
    }
  }

  #command(first: Word): Command | undefined {
    const { line } = first;
    switch (reserved(first)) {
      case 'if':
        return this.#if(line);
      case 'for':
        return this.#for(line);
      case 'while':
      case 'until':
        return this.#while(reserved(first) === 'until', line);
      case 'function':
        return this.#function(line);
      default:
        return this.#simple(line);
    }
  }

  #if(line: number): Command | undefined {
    const branches: Branch[] = [];
    do {
      this.#at++;
      const condition = this.script(['then']);
      if (!this.#take('then')) return undefined;
      branches.push({ condition, body: this.script(['elif', 'else', 'fi']) });
    } while (this.#isNext('elif'));
    const otherwise = this.#isNext('else') && this.#take('else') ? this.script(['fi']) : [];
    return this.#take('fi') ? { kind: 'if', branches, otherwise, line } : undefined;
  }

  #for(line: number): Command | undefined {
    this.#at++;
    const name = this.#peek()?.kind === 'word' ? reserved(this.#tokens[this.#at++] as Word) : '';
    if (!this.#take('in')) return undefined;
    const words = this.#words();
    const body = this.#loopBody();
    return body && { kind: 'for', name, words, body, line };
  }

  #while(isUntil: boolean, line: number): Command | undefined {
    this.#at++;
    const condition = this.script(['do']);
    const body = this.#loopBody();
    return body && { kind: 'while', isUntil, condition, body, line };
  }

  #loopBody(): Script | undefined {
    while (this.#peek()?.kind === 'end') this.#at++;
    if (!this.#take('do')) return undefined;
    const body = this.script(['done']);
    return this.#take('done') ? body : undefined;
  }

  #function(line: number): Command | undefined {
    this.#at++;
    const [name] = this.#words();
    while (this.#peek()?.kind === 'end') this.#at++;
    const body = this.#block();
    return body && { kind: 'function', name: name === undefined ? '' : reserved(name), body, line };
  }

  #simple(line: number): Command | undefined {
    const words = this.#words();
    if (this.#peek()?.kind !== '{') return { kind: 'simple', words, line };
    const block = this.#block();
    return block && { kind: 'simple', words, block, line };
  }

  #block(): Script | undefined {
    if (this.#peek()?.kind !== '{') {
      this.#fail('"{" is missing');
      return;
    }
    this.#at++;
    const body = this.script(['}']);
    if (this.#peek()?.kind !== '}') {
      this.#fail('"}" is missing');
      return;
    }
    this.#at++;
    return body;
  }

  #words(): readonly Word[] {
    const words: Word[] = [];
    for (let token = this.#peek(); token?.kind === 'word'; token = this.#peek()) {
      words.push(token);
      this.#at++;
    }
    return words;
  }

  #nested<T>(parse: () => T): T | undefined {
    if (this.#depth === DEEPEST) {
      this.#fail('it is nested too deep');
      return;
    }
    this.#depth++;
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  #isNext(word: string): boolean {
    const token = this.#peek();
    return token?.kind === 'word' && reserved(token) === word;
  }

  #take(word: string): boolean {
    if (!this.#isNext(word)) {
      this.#fail(`"${word}" is missing`);
      return false;
    }
    this.#at++;
    return true;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  /** Nothing comes after an error: the first is the one to tell. */
  #fail(what: string): undefined {
    this.error ??= { line: this.#peek()?.line ?? this.#tokens.at(-1)?.line ?? 1, what };
    this.#at = this.#tokens.length;
    return undefined;
  }
}

/** A word that can be a keyword: one that stands there without quotes and variables. */
function reserved({ parts }: Word): string {
  const text = parts.map((part) => ('text' in part && !part.isQuoted ? part.text : '\0'));
  return text.join('');
}
