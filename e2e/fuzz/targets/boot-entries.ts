import { bootEntriesCodes, chooseBootEntry, readBootEntries, type BootEntry } from '@kexec-kit/boot-entries';
import { rule } from '../finding.js';
import { setFiles } from '../memory-files.js';
import { addEndless, addEntries, addLoader, damageFile, dropFile, type Tree } from '../mutate-boot.js';
import type { Random } from '../random.js';
import { ukiSeeds } from '../seeds/images.js';
import { textSeed } from '../seeds/json.js';
import type { Answer, Seed, Sources, Target } from '../target.js';
import { demandFailure } from './json.js';

const ROOT = '/recorded';
const FIXTURES = 'packages/boot-entries/test/fixtures';
/** / on vda2 and /boot on vda1. */
const BOOT_APART = [
  '22 1 254:2 / / rw,relatime shared:1 - ext4 /dev/vda2 rw',
  '30 22 254:1 / /boot rw,relatime shared:2 - ext4 /dev/vda1 rw',
  '',
].join('\n');
/** All that is in a tree beside the files of the boot loader says nothing. */
const BESIDE = {
  '/proc/self/mountinfo': BOOT_APART,
  '/boot/vmlinuz': '',
  '/boot/initrd.img': '',
  '/boot/xen.gz': '',
  '/boot/xen-4.8.3.gz': '',
};

/** The real configurations of the package's own tests, each with the files that it names. */
function seeds(sources: Sources): readonly Seed[] {
  const trees = new Map<string, Tree>();
  for (const [path, text] of Object.entries(sources.texts(FIXTURES))) {
    const [name = '', ...rest] = path.split('/');
    if (rest.length > 0) trees.set(name, { ...BESIDE, ...trees.get(name), [`/${rest.join('/')}`]: text });
  }
  trees.set('uki', { ...BESIDE, ...ukis() });
  return [...trees].map(([name, tree]) => textSeed(name, JSON.stringify(withFiles(name, tree))));
}

function ukis(): Tree {
  return Object.fromEntries(ukiImages().map((base64, i) => [`/boot/EFI/Linux/${String(i)}.efi`, { base64 }]));
}

let images: readonly string[] | undefined;

function ukiImages(): readonly string[] {
  images ??= ukiSeeds().map(({ bytes }) => Buffer.from(bytes).toString('base64'));
  return images;
}

function withFiles(name: string, tree: Tree): Tree {
  if (name === 'qubes-efi') tree['/boot/efi/EFI/qubes/xen.efi'] = '';
  putTree(tree);
  const read = readBootEntries({ root: ROOT });
  const entries = read.ok ? read.value : [];
  return { ...Object.fromEntries(entries.flatMap(filesOf).map((path) => [path, ''])), ...tree };
}

function putTree(tree: Tree): void {
  setFiles(new Map(Object.entries(tree).map(([path, content]) => [`${ROOT}${path}`, toBuffer(content)])));
}

function toBuffer(content: Tree[string]): Buffer {
  return typeof content === 'string' ? Buffer.from(content) : Buffer.from(content.base64, 'base64');
}

function filesOf({ kernel, initrds, hypervisor, modules }: BootEntry): readonly string[] {
  const others = [...modules, ...(hypervisor === undefined ? [] : [hypervisor])];
  return [kernel, ...initrds, ...others.map(({ file }) => file)];
}

function makeTree(random: Random, from: readonly Seed[]): Uint8Array {
  const tree = JSON.parse(Buffer.from(random.pick(from).bytes).toString()) as Tree;
  let left = 6;
  do {
    if (random.oneIn(60)) addEndless(tree, random);
    else if (random.oneIn(8)) addEntries(tree, random, ukiImages());
    else if (random.oneIn(8)) addLoader(tree, random);
    else if (random.oneIn(20)) dropFile(tree, random);
    else damageFile(tree, random);
    left -= 1;
  } while (left > 0 && !random.oneIn(3));
  return Buffer.from(JSON.stringify(tree));
}

/** More than this, no menu says, in characters of all entries together: what is read is bounded. */
const MOST_TEXT = 32 << 20;

function readTree(bytes: Uint8Array, choose: Random): Answer {
  const tree = JSON.parse(Buffer.from(bytes).toString()) as Tree;
  putTree(tree);
  const read = readBootEntries({ root: ROOT });
  demandFailure(read, bootEntriesCodes);
  const stopped = read.diagnostics.some(({ code }) => code === 'BOOT_ENTRIES_LIMIT') ? ['stopped'] : [];
  if (!read.ok) return { reached: stopped, value: read };
  const entries = read.value;
  rule(entries.length > 0, 'success without an entry');
  rule(entries.filter((entry) => entry.default === true).length <= 1, 'two entries are the default');
  for (const entry of entries) demandEntry(entry, tree);
  const text = entries.reduce((sum, each) => sum + lengthOf(each), 0);
  rule(text <= MOST_TEXT, `entries of ${String(text)} characters`);
  for (const name of [undefined, choose.pick(entries).id, choose.pick(entries).title])
    demandFailure(chooseBootEntry(entries, name), bootEntriesCodes);
  const isComplete = entries.some((each) => each.problems.length === 0);
  const hasDefault = entries.some((entry) => entry.default === true);
  return {
    reached: [
      'listed',
      ...(hasDefault ? ['default'] : []),
      ...(isComplete ? ['without a problem'] : []),
      ...stopped,
    ],
    value: read,
  };
}

function lengthOf({ id, title, commandLine, within, modules, initrds }: BootEntry): number {
  const texts = [id, title, commandLine, ...within, ...initrds, ...modules.map((each) => each.arguments)];
  return texts.reduce((sum, { length }) => sum + length, 0);
}

function demandEntry(entry: BootEntry, tree: Tree): void {
  demandFailure({ ok: true, value: entry, diagnostics: entry.problems }, bootEntriesCodes);
  if (
    entry.problems.some(({ code }) => code === 'BOOT_ENTRIES_FILE_MISSING' || code === 'BOOT_ENTRIES_XEN_EFI')
  )
    return;
  const missing = filesOf(entry).find((path) => !Object.hasOwn(tree, path));
  rule(missing === undefined, `no problem, and there is no ${String(missing).slice(0, 100)}`);
}

export const bootEntriesTarget: Target = {
  name: 'boot-entries',
  stages: ['listed', 'default', 'without a problem', 'stopped'],
  seeds,
  make: makeTree,
  run: readTree,
};
