/** A .ksy that cannot become a reader, with the place in it (`/types/item/seq/0`) and what to do instead. */
export class KsyError extends Error {
  override readonly name = 'KsyError';

  readonly file: string;
  readonly path: string;
  readonly reason: string;

  constructor(file: string, path: string, reason: string) {
    super(`${file}: ${path}: ${reason}`);
    this.file = file;
    this.path = path;
    this.reason = reason;
  }
}

/** Refuses: bound to one file, so that rules say only where and why. */
export type Refuse = (path: string, reason: string) => never;

export function refuser(file: string): Refuse {
  return (path, reason) => {
    throw new KsyError(file, path === '' ? '/' : path, reason);
  };
}
