import type { AnyLoader, Diagnostic, Facts, Result } from '@kexec-kit/loader-api';
import { demand } from './assert.js';

const SEVERITIES: readonly unknown[] = ['error', 'warning', 'info'];

/** A failure begins with an error, a success has none; each code is declared, each offset within the image. */
export function demandDiagnostics(
  result: Result<unknown>,
  loader: AnyLoader,
  size: number,
  what: string,
): void {
  const [first] = result.diagnostics as readonly (Diagnostic | undefined)[];
  if (result.ok) {
    const error = result.diagnostics.find(({ severity }) => severity === 'error');
    demand(error === undefined, `${what} succeeds with the error ${String(error?.code)}`);
  } else {
    demand(first !== undefined, `${what} fails without a diagnostic`);
    demand(
      first.severity === 'error',
      `${what} fails, but ${first.code} comes first and is of severity ${first.severity}`,
    );
  }
  for (const each of result.diagnostics) demandDiagnostic(each, loader, size, what);
}

function demandDiagnostic(each: Diagnostic, loader: AnyLoader, size: number, what: string): void {
  demand(
    Object.hasOwn(loader.codes, each.code),
    `${what} gives the code ${each.code}, which the loader does not declare`,
  );
  demand(SEVERITIES.includes(each.severity), `${each.code} has the severity ${each.severity}`);
  demand(each.message !== '', `${each.code} has no message`);
  const offset = each.at?.offset;
  const inside = offset === undefined || (Number.isSafeInteger(offset) && offset >= 0 && offset <= size);
  demand(inside, `${each.code} points at offset ${String(offset)} of an image of ${String(size)} bytes`);
}

/** Facts are about bytes that are there. */
export function demandFacts(facts: Facts, size: number): void {
  for (const { title, fields } of facts) {
    demand(title !== '', 'a group of facts has no title');
    for (const { name, value, offset, size: length = 0 } of fields) {
      demand(typeof value === 'string', `the fact ${name} is no string`);
      demand(
        offset === undefined || (offset >= 0 && length >= 0 && offset + length <= size),
        `the fact ${name} lies at ${String(offset)}+${String(length)}, beyond the image's ${String(size)} bytes`,
      );
    }
  }
}
