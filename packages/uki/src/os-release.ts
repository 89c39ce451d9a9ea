/** More lines than this, no such text has. */
const MOST_LINES = 1000;

/**
 * The assignments of an os-release text, which `.osrel` and `.profile` hold: `KEY=value`, the value in quotes or without.
 *
 * @example
 * ```ts
 * parseAssignments('ID=debian\nPRETTY_NAME="Debian GNU/Linux"\n').get('PRETTY_NAME'); // 'Debian GNU/Linux'
 * ```
 */
export function parseAssignments(text: string): ReadonlyMap<string, string> {
  const assigned = new Map<string, string>();
  for (const line of text.split('\n', MOST_LINES)) {
    const [, key, value = ''] = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined) assigned.set(key, unquoted(value));
  }
  return assigned;
}

/** By os-release(5): single quotes keep what is in them, elsewhere a backslash stands before a character that is meant. */
function unquoted(value: string): string {
  const [, single] = /^'([^']*)'$/.exec(value) ?? [];
  if (single !== undefined) return single;
  const [, double] = /^"(.*)"$/.exec(value) ?? [];
  return (double ?? value).replace(/\\(.)/g, '$1');
}

/** What a boot menu shows and sorts by. */
export interface OsName {
  readonly name: string;
  readonly version: string;
  readonly sortKey: string;
}

/** What an os-release text calls the system: the names that systemd-boot takes, in its order. Empty for what is not said. */
export function osName(text: string): OsName {
  const assigned = parseAssignments(text);
  const first = (...keys: readonly string[]): string =>
    keys.map((key) => assigned.get(key) ?? '').find((value) => value !== '') ?? '';
  return {
    name: first('PRETTY_NAME', 'IMAGE_ID', 'NAME', 'ID'),
    version: first('IMAGE_VERSION', 'VERSION', 'VERSION_ID', 'BUILD_ID'),
    sortKey: first('IMAGE_ID', 'ID'),
  };
}
