import { lstatSync, readlinkSync, realpathSync, statSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Who besides root and the owner of this program can change what is found at one of these paths; undefined is nobody. */
export type WhoElseCanWrite = (paths: readonly string[]) => string | undefined;

/** As many as Linux follows. */
const MOST_LINKS = 40;
const BY_OTHERS = 0o022;
/** In such a folder, e.g. /tmp, only its owner can take an entry away. */
const STICKY = 0o1000;

/**
 * Code may come only from where root, or the owner of this program, alone can write: the files and folders themselves, and
 * every folder and link on the way to them, where somebody could put another in their place. Not looked at are the
 * folders that hold this program: who can write there can put another program in its place, and needs no loader.
 * What was looked at is remembered.
 */
export function whoElseCanWrite(self: string): WhoElseCanWrite {
  const own = realpathSync(self);
  const owner = statSync(own).uid;
  const holdSelf = new Set(foldersAbove(own));
  const follow = remembered(statSync);
  const judge = (path: string, stats: Stats): string | undefined => {
    if (holdSelf.has(path)) return undefined;
    const isSafeForOthers = stats.isSymbolicLink() || (stats.isDirectory() && (stats.mode & STICKY) !== 0);
    return problemOf(path, stats, owner, isSafeForOthers ? 0 : BY_OTHERS);
  };
  const way = wayThrough(judge);
  return (paths) => {
    for (const path of paths) {
      const problem = problemOf(path, follow(path), owner, BY_OTHERS) ?? way(path);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function problemOf(path: string, { uid, mode }: Stats, owner: number, forbidden: number): string | undefined {
  if (uid !== 0 && uid !== owner)
    return `${path} belongs to user ${String(uid)}, neither root nor the owner of kexec-kit`;
  return (mode & forbidden) === 0
    ? undefined
    : `${path} can be written by others (mode ${(mode & 0o777).toString(8)}): chmod go-w it`;
}

/** Judges every folder, file and link that is passed when the system looks for a path; each once, since many ways share them. */
function wayThrough(
  judge: (path: string, stats: Stats) => string | undefined,
): (path: string) => string | undefined {
  const passed = new Map<string, string | undefined>();
  const pass = (path: string, links: number): string | undefined => {
    if (links > MOST_LINKS) throw new Error(`${path} is reached through too many links`);
    if (passed.has(path)) return passed.get(path);
    const folder = dirname(path);
    const problem = (folder === path ? undefined : pass(folder, links)) ?? passOne(path, folder, links);
    passed.set(path, problem);
    return problem;
  };
  const passOne = (path: string, folder: string, links: number): string | undefined => {
    const stats = lstatSync(path);
    const problem = judge(path, stats);
    return problem === undefined && stats.isSymbolicLink()
      ? pass(resolve(folder, readlinkSync(path)), links + 1)
      : problem;
  };
  return (path) => pass(resolve(path), 0);
}

/** From the one that holds a file up to the root. */
export function foldersAbove(path: string): readonly string[] {
  const found: string[] = [];
  for (let at = dirname(path); ; at = dirname(at)) {
    found.push(at);
    if (at === dirname(at)) return found;
  }
}

function remembered(look: (path: string) => Stats): (path: string) => Stats {
  const seen = new Map<string, Stats>();
  return (path) => {
    const stats = seen.get(path) ?? look(path);
    seen.set(path, stats);
    return stats;
  };
}
