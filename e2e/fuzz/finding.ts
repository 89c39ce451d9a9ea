/** Why a case is a finding. `hang` and `memory` are also what the watchdog outside of the worker says. */
export type Kind = 'crash' | 'rule' | 'outside' | 'memory' | 'hang';

/** What a case must not do. Whatever else is thrown in a case is a crash. */
export class Finding extends Error {
  override readonly name = 'Finding';
  readonly kind: Kind;
  constructor(kind: Kind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** A rule that an answer keeps, whatever was asked. */
export function rule(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Finding('rule', sentence);
}
