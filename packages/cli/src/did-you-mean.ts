import { nearest } from '@kexec-kit/core';

/** The hint for a mistyped name, if any known one is near: `did you mean --memory?`. */
export function didYouMean(wrong: string, known: readonly string[], prefix = ''): string | undefined {
  const near = nearest(wrong, known).map((name) => prefix + name);
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`;
}
