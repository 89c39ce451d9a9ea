/** A value from the file, short enough for one line. */
export function shown(value: unknown): string {
  return cut(value === undefined ? 'nothing' : JSON.stringify(value), 60);
}

/** Text that may come from the file, such as the path of a field: with its end left out if it is too long to print. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
