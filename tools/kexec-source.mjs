// The source of Debian's kexec-tools, to measure beside: fetched, built under the cache, never committed.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../.cache', import.meta.url));
const folder = join(cache, 'kexec-source');

/** Fetches and unpacks what is missing. Returns the folder of the upstream source. */
export function kexecSource() {
  const unpacked = join(folder, 'unpacked');
  if (!existsSync(join(unpacked, 'util_lib', 'sha256.c'))) fetch(unpacked);
  return unpacked;
}

function fetch(unpacked) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(unpacked, { recursive: true });
  const own = ownLists();
  apt([...own, 'update']);
  apt([...own, 'source', '--download-only', 'kexec-tools']);
  const archive = readdirSync(folder).find((name) => name.includes('.orig.tar.'));
  if (archive === undefined) throw new Error(`apt-get source left no upstream archive in ${folder}`);
  execFileSync('tar', ['-xf', join(folder, archive), '-C', unpacked, '--strip-components=1']);
}

/** Few machines read lists of sources: so apt reads and keeps its own, of the places from which this machine has Debian. */
function ownLists() {
  const lists = join(cache, 'apt', 'source');
  for (const name of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(lists, name), { recursive: true });
  const places = execFileSync('apt-get', [
    ...['indextargets', '--format', 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)'],
    ...['Created-By: Packages', 'Origin: Debian'],
  ]);
  writeFileSync(join(lists, 'sources.list'), places);
  writeFileSync(join(lists, 'status'), '');
  return [
    `Dir::Etc::SourceList=${join(lists, 'sources.list')}`,
    'Dir::Etc::SourceParts=/dev/null',
    'APT::Sandbox::User=root',
    `Dir::State=${lists}`,
    `Dir::State::status=${join(lists, 'status')}`,
    `Dir::Cache=${join(lists, 'cache')}`,
  ].flatMap((setting) => ['--option', setting]);
}

function apt(args) {
  execFileSync('apt-get', ['-qq', ...args], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}
