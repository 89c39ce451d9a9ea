/** One entry file of the Boot Loader Specification, type 1. */
export interface BlsEntry {
  /** The file's name without `.conf`, and without the count of tries behind a `+`. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly sortKey: string;
  readonly machineId: string;
  readonly linux: string;
  readonly initrds: readonly string[];
  /** Undefined where the file has none. */
  readonly options: string | undefined;
  /** Keys that change what is started, and are not read. */
  readonly others: readonly string[];
}

/** More lines than this, no entry has. */
const MOST_LINES = 1000;

/**
 * Reads an entry file.
 *
 * @param name - The file's name, with `.conf`.
 * @example
 * ```ts
 * parseBls('arch.conf', 'title Arch\nlinux /vmlinuz\noptions quiet\noptions ro\n').options; // 'quiet ro'
 * ```
 */
export function parseBls(name: string, text: string): BlsEntry {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n', MOST_LINES)) {
    const trimmed = line.trim();
    const [key = ''] = trimmed.split(/[ \t]/, 1);
    const value = trimmed.slice(key.length).trim();
    if (value !== '' && !key.startsWith('#')) values.set(key, [...(values.get(key) ?? []), value]);
  }
  const first = (key: string): string => values.get(key)?.[0] ?? '';
  const id = name.replace(/\.conf$/, '').replace(/\+[0-9]+(-[0-9]+)?$/, '');
  return {
    id,
    title: first('title') || id,
    version: first('version'),
    sortKey: first('sort-key'),
    machineId: first('machine-id'),
    linux: first('linux'),
    initrds: (values.get('initrd') ?? []).flatMap((files) => files.split(/[ \t]+/)),
    options: values.get('options')?.join(' '),
    others: ['devicetree', 'devicetree-overlay', 'efi', 'uki'].filter((key) => values.has(key)),
  };
}

/** The order of a menu: by sort key, machine and falling version; entries without a sort key last, by falling name. */
export function compareBls(a: BlsEntry, b: BlsEntry): number {
  if ((a.sortKey === '') !== (b.sortKey === '')) return a.sortKey === '' ? 1 : -1;
  if (a.sortKey === '') return compareVersions(b.id, a.id);
  return (
    compareText(a.sortKey, b.sortKey) ||
    compareText(a.machineId, b.machineId) ||
    compareVersions(b.version, a.version) ||
    compareVersions(b.id, a.id)
  );
}

/** Numbers as numbers, `~` before everything, the rest as text: the specification's "Version Format", as far as kernels use it. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [pieces(a), pieces(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const order = comparePieces(left[at], right[at]);
    if (order !== 0) return order;
  }
  return 0;
}

function pieces(version: string): readonly string[] {
  return version.match(/[0-9]+|[A-Za-z]+|~/g) ?? [];
}

function comparePieces(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  const [isNumber, isOther] = [/^[0-9]/.test(a), /^[0-9]/.test(b)];
  if (isNumber !== isOther) return isNumber ? 1 : -1;
  if (!isNumber) return compareText(a, b);
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || compareText(left, right);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What systemd-boot starts by itself: `default` of loader.conf is a pattern for the file's name. */
export function defaultBls(entries: readonly BlsEntry[], loaderConf: string): BlsEntry | undefined {
  const pattern = /^[ \t]*default[ \t]+(\S+)/m.exec(loaderConf)?.[1];
  if (pattern === undefined) return entries[0];
  return entries.find(({ id }) => matches(id, pattern) || matches(`${id}.conf`, pattern));
}

/** A shell's pattern with `*` and `?`, in time that grows with both lengths only. */
function matches(text: string, pattern: string): boolean {
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[from] === '*') {
      star = from++;
      retry = at;
    } else if (pattern[from] === '?' || pattern[from] === text[at]) {
      from++;
      at++;
    } else if (star >= 0) {
      from = star + 1;
      at = ++retry;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(from));
}
