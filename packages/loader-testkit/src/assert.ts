/** Why a loader does not conform: one sentence for its author. */
export class NonConforming extends Error {
  override readonly name = 'NonConforming';
}

export function demand(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new NonConforming(sentence);
}

/** Runs a loader's function. Whatever it throws is a bug of the loader, and said so. */
export function total<T>(what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new NonConforming(`${what} threw ${why}; bad input is a Result, never an exception`);
  }
}
