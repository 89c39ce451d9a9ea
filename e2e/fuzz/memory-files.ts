/**
 * Stands in for `node:fs/promises`, and for `node:fs` of boot-entries, where the fuzz worker is bundled: `readMachine` and
 * `readBootEntries` read their files from here, so that a machine costs no system call. What they do with what they say is
 * their own.
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

/** As `node:fs` looks for a file: what is no path at all, it refuses. */
function look(path: string): Buffer | ReadonlySet<string> | undefined {
  if (path.includes('\0')) throw failure('ERR_INVALID_ARG_VALUE', path);
  if (path.length >= 4096 || path.split('/').some(({ length }) => length > 255))
    throw failure('ENAMETOOLONG', path);
  return tree.get(path) ?? folders.get(path);
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}

function file(path: string): Buffer {
  const found = look(path);
  if (!Buffer.isBuffer(found)) throw failure(found === undefined ? 'ENOENT' : 'EISDIR', path);
  return found;
}

export function statSync(path: string): object | undefined {
  const found = look(path);
  if (found === undefined) return undefined;
  const isFile = Buffer.isBuffer(found);
  return { isFile: () => isFile, isDirectory: () => !isFile, size: isFile ? found.length : 4096 };
}

export function readFileSync(path: string): string {
  return file(path).toString();
}

export function readdirSync(path: string): string[] {
  const found = look(path);
  if (found === undefined || Buffer.isBuffer(found)) throw failure('ENOTDIR', path);
  return [...found];
}

/** Where a symbolic link leads is what is in the file that stands for it. */
export function readlinkSync(path: string): string {
  return file(path).toString();
}

let opened: Buffer = Buffer.alloc(0);

export function openSync(path: string): number {
  opened = file(path);
  return 3;
}

export function readSync(
  _file: number,
  buffer: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  return opened.copy(buffer, offset, position, position + length);
}

export function closeSync(): void {
  opened = Buffer.alloc(0);
}
