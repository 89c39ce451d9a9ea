/**
 * Stands in for `node:fs/promises` where the fuzz worker is bundled: `readMachine` reads its files from here, so that a
 * machine costs no system call. What it does with what they say is its own.
 */
let tree: ReadonlyMap<string, Buffer> = new Map();
let folders: ReadonlyMap<string, ReadonlySet<string>> = new Map();

/** Files by their absolute paths. */
export function setFiles(files: ReadonlyMap<string, Buffer>): void {
  const names = new Map<string, Set<string>>();
  for (const path of files.keys()) {
    const steps = path.split('/');
    for (let depth = steps.length - 1; depth > 0; depth -= 1) {
      const folder = steps.slice(0, depth).join('/');
      names.set(folder, (names.get(folder) ?? new Set()).add(steps[depth] ?? ''));
    }
  }
  tree = files;
  folders = names;
}

export function readFile(path: string): Promise<Buffer> {
  const found = tree.get(path);
  return found === undefined ? Promise.reject(missing(path)) : Promise.resolve(found);
}

export function readdir(path: string): Promise<string[]> {
  const found = folders.get(path);
  return found === undefined ? Promise.reject(missing(path)) : Promise.resolve([...found]);
}

function missing(path: string): Error {
  return Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
}

/** Of a file handle what is used: to read from a place on, as far as there is something. */
export async function open(path: string): Promise<Handle> {
  const content = await readFile(path);
  return {
    read(buffer, offset, length, position) {
      const bytesRead = content.copy(buffer, offset, position, position + length);
      return Promise.resolve({ buffer, bytesRead });
    },
    close: () => Promise.resolve(),
  };
}

interface Handle {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ buffer: Uint8Array; bytesRead: number }>;
  close(): Promise<void>;
}
