import type { Diagnostic, Result } from '@kexec-kit/loader-api';

/**
 * A result's value if it is one; its diagnostics are kept either way.
 * An error in a part that a machine can do without is a warning about the machine.
 */
export function take<T>(result: Result<T>, diagnostics: Diagnostic[]): T | undefined {
  const warning = (each: Diagnostic): Diagnostic =>
    each.severity === 'error' ? { ...each, severity: 'warning' } : each;
  diagnostics.push(...result.diagnostics.map(warning));
  return result.ok ? result.value : undefined;
}
