import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/workspace.mjs';

/** One fenced block of code, of a page or of a docstring. */
export interface Block {
  /** Relative to the repository. */
  readonly file: string;
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** What stands behind the opening fence: `ts`, `ts no-run`, `sh`, … */
  readonly info: string;
  readonly code: string;
}

/** The fenced blocks of a Markdown page. */
export function markdownBlocks(file: string): readonly Block[] {
  return blocksIn(file, linesOf(file));
}

/** The fenced blocks of the docstrings in a TypeScript file. */
export function docstringBlocks(file: string): readonly Block[] {
  // Lines that are no docstring become empty: they can neither open nor close a fence.
  return blocksIn(
    file,
    linesOf(file).map((line) => /^\s*\* ?(.*)$/.exec(line)?.[1] ?? ''),
  );
}

function linesOf(file: string): readonly string[] {
  return readFileSync(join(root, file), 'utf8').split('\n');
}

function blocksIn(file: string, lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const info = /^```(\S.*)$/.exec(lines[at]!)?.[1];
    if (info === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    if (end < 0) throw new Error(`${file}:${at + 1}: the block is not closed`);
    blocks.push({ file, line: at + 2, info, code: lines.slice(at + 1, end).join('\n') });
    at = end;
  }
  return blocks;
}
