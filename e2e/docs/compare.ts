import { format } from 'node:util';
import { expect } from 'vitest';

/** What an example calls where its comments promise something. */
let made = 0;
let finished = false;

const open = Symbol('other members are left open');

/** Marks an expected object that names only some members: `{ ok: true, … }`. */
export function like(members: object): object {
  return { [open]: members };
}

export function compare(actual: unknown, expected: unknown): void {
  made += 1;
  if (typeof expected === 'object' && expected !== null && open in expected) {
    expect(actual).toMatchObject(expected[open] as object);
  } else expect(actual).toEqual(expected);
}

/** In the place of console.log: what it prints is the comment, or what the comment begins with. */
export function prints(comment: string): (...values: readonly unknown[]) => void {
  return (...values) => {
    made += 1;
    const printed = format(...values).replaceAll(/\s+/g, ' ');
    if (![': ', '; ', ', '].some((end) => comment.startsWith(printed + end))) expect(printed).toBe(comment);
  };
}

/** In the place of console.log where no comment says what it prints. */
export const silence: typeof console.log = () => {
  // Nothing: it would stand between the names of tests.
};

/** The last line of every example. */
export function done(): void {
  finished = true;
}

/** How many comparisons an example made. */
export async function comparisonsOf(run: () => Promise<unknown>): Promise<number> {
  made = 0;
  finished = false;
  await run();
  expect(finished).toBe(true);
  return made;
}
