import type { Diagnostic, Expr, Term } from '@kexec-kit/loader-api';
import { isList, isObject, kind, reference, value, type Context } from './check-values.js';

/** That an expression can be evaluated: nothing else is a number that is known only after placement. */
export function* checkExpr(context: Context, field: string, expr: Expr): Generator<Diagnostic> {
  if (!isObject(expr) || !isList(expr.terms)) {
    yield value(context, field, expr, 'an expression: terms and a constant');
    return;
  }
  const { constant, shift = 0, part } = expr;
  if (typeof constant !== 'bigint') yield value(context, `${field}.constant`, constant, 'a bigint');
  if (!Number.isInteger(shift) || shift < 0 || shift > 63)
    yield value(context, `${field}.shift`, shift, 'a whole number from 0 to 63');
  if (part !== undefined && !['low32', 'high32'].includes(part))
    yield kind(context, `${field}.part`, part, ['low32', 'high32']);
  for (const [i, term] of expr.terms.entries()) yield* checkTerm(context, `${field}.terms[${i}]`, term);
}

function* checkTerm(context: Context, field: string, term: Term): Generator<Diagnostic> {
  if (!isObject(term)) {
    yield value(context, field, term, 'a term');
    return;
  }
  const { sign, segment, at, offset } = term;
  if (![1, -1].includes(sign)) yield value(context, `${field}.sign`, sign, '1 or -1');
  if (!['start', 'end'].includes(at)) yield kind(context, `${field}.at`, at, ['start', 'end']);
  if (typeof offset !== 'bigint') yield value(context, `${field}.offset`, offset, 'a bigint');
  if (!context.order.has(segment))
    yield reference(context, `${field}.segment`, segment, 'a segment of the plan');
}
