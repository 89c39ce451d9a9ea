import type { Diagnostic, Expr, Handoff, HandoffMode } from '@kexec-kit/loader-api';
import { checkExpr } from './check-expr.js';
import { kind, value, type Context } from './check-values.js';

const WIDE = ['ax', 'bx', 'cx', 'dx', 'si', 'di', 'bp', 'sp'];
const SEGMENTS = ['cs', 'ds', 'es', 'fs', 'gs', 'ss'];
const NUMBERED = ['r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'];

const REGISTERS: Readonly<Record<HandoffMode, readonly string[]>> = {
  long64: [...WIDE.map((name) => `r${name}`), ...NUMBERED],
  protected32: WIDE.map((name) => `e${name}`),
  real16: [...WIDE, ...SEGMENTS],
};

/** The mode, its registers, and that each value can be evaluated. */
export function* checkHandoff(context: Context, { mode, entry, registers }: Handoff): Generator<Diagnostic> {
  if (!Object.hasOwn(REGISTERS, mode)) {
    yield kind(context, 'handoff.mode', mode, Object.keys(REGISTERS));
    return;
  }
  yield* checkExpr(context, 'handoff.entry', entry);
  for (const [name, expr] of Object.entries<Expr>(registers)) {
    const field = `handoff.registers.${name}`;
    if (REGISTERS[mode].includes(name)) yield* checkExpr(context, field, expr);
    else yield value(context, field, 'set', `a register of ${mode}`);
  }
}
