/**
 * The variables of a GRUB environment block, the file `grubenv`.
 *
 * @example
 * ```ts
 * parseEnvironment('# GRUB Environment Block\nsaved_entry=0\n####').get('saved_entry'); // '0'
 * ```
 */
export function parseEnvironment(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  // A backslash stands before a line's end, or a backslash, that belongs to the value.
  for (const [line] of text.matchAll(/(?:\\[^]|[^\\\n])+/g)) {
    const equals = line.indexOf('=');
    if (line.startsWith('#') || equals <= 0) continue;
    variables.set(line.slice(0, equals), line.slice(equals + 1).replace(/\\([^])/g, '$1'));
  }
  return variables;
}
