import type { Random } from './random.js';

/** The files of a machine as a boot loader sees them: text, or bytes in base64, by path. */
export type Tree = Record<string, string | { readonly base64: string }>;

/** What GRUB's scripts are made of, and what they would better not be made of. */
const PIECES = [
  ...[
    'menuentry x {',
    'submenu y --id z {',
    '}',
    '{',
    'menuentry "$a" --id "$a" { linux $kernel',
    'function f {',
  ],
  ...['if [ -f /vmlinuz ]; then', 'elif true; then', 'else', 'fi', 'if test ! ( a = b -o -n "" ); then'],
  ...['for i in 1 2 3; do', 'for i in $a $a $a; do', 'while true; do', 'until false; do', 'do', 'done'],
  ...[
    'set a="$a$a"',
    'set a=$b',
    'set b=$a',
    'set a="x y z"',
    'unset root',
    'a=b',
    'set default=2>1',
    'f',
    'f $@ $@',
  ],
  ...[
    'set default="${saved_entry}"',
    'load_env',
    'load_env -f $prefix/custom.cfg',
    'blscfg',
    'set blsdir=/boot',
  ],
  ...[
    'source ${config_directory}/grub.cfg',
    'configfile $prefix/custom.cfg',
    '. $a',
    'source /loader/loader.conf',
  ],
  ...[
    'search --no-floppy --fs-uuid --set=root 1234-ABCD',
    'search --label --set root x',
    'search.file /vmlinuz a',
  ],
  ...[
    'linux /vmlinuz root=/dev/vda ro',
    'linux',
    'initrd /initrd.img /a',
    'multiboot2 /xen.gz a',
    'module2 /vmlinuz',
  ],
  ...[
    "'",
    '"',
    '\\',
    '$',
    '${',
    '${a}',
    '$@',
    '$1',
    '#',
    '###',
    ';',
    '|',
    '!',
    '[',
    ']',
    '(',
    ')',
    '-a',
    '-o',
    '""',
  ],
  ...[
    '\n',
    '\r\n',
    '\0',
    ' ',
    '\t',
    '\u2028',
    '\ud83d\ude00',
    '../../..',
    '(hd0,gpt2)/',
    '(',
    '>',
    '>>',
    '[ -e $a ]',
  ],
  ...['frobnicate $a', 'chainloader +1', 'devicetree /a', 'export a', 'true', 'false', 'cat'],
];

/** Of the other files: keys, sections, and values out of all proportion. */
const LINES = [
  ...[
    'title x',
    'title',
    'linux /vmlinuz',
    'linux ../../x',
    'efi /EFI/Linux/a.efi',
    'uki /EFI/Linux/a.efi',
    'initrd /a',
  ],
  ...[
    'options $kernelopts $a',
    'options quiet',
    'architecture x64',
    'architecture arm',
    'sort-key a',
    'version 1~2.03',
  ],
  ...[
    'machine-id 0',
    'profile 1',
    'devicetree /a',
    'grub_class kernel',
    'default *',
    'default @saved',
    'default ?a*b*',
  ],
  ...[
    'preferred x*',
    'timeout 3',
    '[global]',
    '[a]',
    '[a',
    'default=a',
    'kernel=vmlinuz a',
    'kernel=',
    'options = x',
  ],
  ...[
    'ramdisk=..\\a',
    'xsm=x y',
    'ucode=a',
    '=',
    'a=b\\',
    'saved_entry=1>0',
    'next_entry=x',
    '# GRUB Environment Block',
  ],
];

/** They end only because something ends them. */
const ENDLESS = [
  'while true; do load_env; done',
  'while true; do source $prefix/custom.cfg; done',
  'while true; do if [ -f $a ]; then true; fi; done',
  'while true; do blscfg; done',
  'while true; do echo $x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x$x; done',
  'function f { f; f; }\nf',
  'function f { submenu x { f; linux /vmlinuz } }\nf',
  'function f { menuentry x { while true; do set a="$a b"; done } \nf }\nf',
  'source ${config_directory}/grub.cfg\nsource ${config_directory}/grub.cfg',
  'set a=x\nwhile true; do set a="$a$a"; done',
  'set n=1\nwhile true; do set n=${n}1; set $n=; menuentry $n { linux /vmlinuz } done',
];

/** How often something is said: at times more than any sensible file has. */
function times(random: Random): number {
  return random.pick([1, 1, 2, 3, 8, 70, ...(random.oneIn(30) ? [700, 5000] : [])]);
}

/** One piece in the place of a word, or beside it. */
function putPiece(text: string, random: Random, pieces: readonly string[]): string {
  const words = text.split(/(?<=\s)/);
  const at = random.below(words.length + 1);
  words.splice(at, random.below(3), `${random.pick(pieces)}${random.pick([' ', '\n', '', ';'])}`);
  return words.join('');
}

function wrap(text: string, random: Random): string {
  const count = times(random);
  const [before, after] = random.pick([
    ['if true; then ', '; fi'],
    ['submenu x { ', '\n}'],
    ['menuentry x { ', '\n}'],
    ['for i in 1 2; do ', '\ndone'],
    ['while true; do ', '\ndone'],
    ['function f { ', '\n}\nf\n'],
    ['[ ! ', ']'],
    ['test ( ', ')'],
    ['"', '"'],
  ] as const);
  return `${before.repeat(count)}${text}${after.repeat(random.oneIn(4) ? times(random) : count)}\n`;
}

function onLines(text: string, random: Random, change: (lines: string[], at: number) => void): string {
  const lines = text.split('\n');
  change(lines, random.below(lines.length));
  return lines.join('\n');
}

type Damage = (text: string, random: Random, pieces: readonly string[]) => string;

const damages: readonly Damage[] = [
  putPiece,
  putPiece,
  putPiece,
  (text, random) => onLines(text, random, (lines, at) => lines.splice(at, 1 + random.below(3))),
  (text, random) =>
    onLines(text, random, (lines, at) => {
      const copies = Array<string>(times(random)).fill(lines[at] ?? '');
      lines.splice(random.below(lines.length), 0, ...copies);
    }),
  (text, random) =>
    onLines(text, random, (lines, at) => {
      lines[at] = wrap(lines[at] ?? '', random);
    }),
  (text, random) =>
    random.oneIn(4) ? wrap(text, random) : text.replaceAll('\n', random.pick(['\n', '\r\n', ''])),
  (text, random, pieces) =>
    onLines(text, random, (lines, at) => {
      const longest = random.oneIn(150) ? 1_100_000 : random.pick([300, 3000, 20_000]);
      const piece = random.pick(pieces);
      lines[at] = (lines[at] ?? '') + piece.repeat(random.below(longest / piece.length));
    }),
  (text, random) => {
    const at = random.below(text.length + 1);
    return text.slice(0, at) + (random.oneIn(2) ? '' : text.slice(at + 1 + random.below(4)));
  },
  (text, random) =>
    text.replaceAll(random.pick(['"', "'", '$', '\\', ' ', '}']), random.pick(['"', "'", '', '\0', '\\'])),
];

function isScript(path: string): boolean {
  return /grub\.cfg$|custom\.cfg$/.test(path);
}

export function damageFile(tree: Tree, random: Random): void {
  const path = random.pick(['/boot/loader/loader.conf', ...Object.keys(tree).filter(isText(tree))]);
  const content = tree[path] ?? 'default x';
  if (typeof content !== 'string') return;
  tree[path] = random.pick(damages)(content, random, isScript(path) ? PIECES : LINES);
}

/** The machine's own files under /proc and /sys are none of a boot loader. */
function isText(tree: Tree) {
  return (path: string): boolean =>
    typeof tree[path] === 'string' && path.startsWith('/boot/') && tree[path] !== '';
}

/** What has no end, before or behind what is there, or within an entry. */
export function addEndless(tree: Tree, random: Random): void {
  const path = random.pick(
    Object.keys(tree).filter(isText(tree)).filter(isScript).concat('/boot/grub/grub.cfg'),
  );
  const content = tree[path];
  const text = typeof content === 'string' ? content : '';
  const endless = random.pick(ENDLESS);
  const count = random.oneIn(40) ? 1100 : 1 + random.below(3);
  const added = random.oneIn(2)
    ? `menuentry z { ${endless}\nlinux /vmlinuz }\n`.repeat(count)
    : `${endless}\n`;
  tree[path] = random.oneIn(2) ? `${added}${text}` : `${text}\n${added}`;
  if (random.oneIn(2)) tree[path.replace('grub.cfg', 'custom.cfg')] = big(random);
}

/** More than any file of a boot loader has, below the bound of a file's size, and above. */
function big(random: Random): string {
  const line = random.pick([...LINES, ...PIECES, 'a=\n', '# x\n', ' ']);
  return `${line}${random.pick(['\n', ' ', ''])}`.repeat(
    random.pick([10, 100, 1000, random.oneIn(4) ? 30_000 : 300]),
  );
}

const FOLDERS = [
  '/boot/loader/entries',
  '/boot/efi/loader/entries',
  '/boot/efi/EFI/Linux',
  '/boot/EFI/Linux',
];
const NAMES = [
  'a',
  'a+3-0',
  'a+0',
  'a+999999999-1',
  'a~1',
  '.a',
  'a b',
  '6.12.1-x',
  '0'.repeat(200),
  '\u2028',
  'A+1',
];

/** Entries of both types, some of them alike, at times more than any menu has. */
export function addEntries(tree: Tree, random: Random, images: readonly string[]): void {
  const folder = random.pick(FOLDERS);
  const count = random.pick([1, 1, 2, 5, 5, 20, ...(random.oneIn(30) ? [1100] : [])]);
  const entry = Array.from({ length: 1 + random.below(6) }, () => random.pick(LINES)).join('\n');
  for (let i = 0; i < count; i += 1) {
    const name = `${folder}/${i === 0 ? '' : String(i)}${random.pick(NAMES)}`;
    if (folder.endsWith('Linux')) {
      // Each takes much room.
      if (i < 3) tree[`${name}.efi`] = { base64: random.pick(images) };
    } else tree[`${name}.conf`] = `linux /vmlinuz\n${entry}\n`;
  }
}

/** Other boot loaders beside the one that is there, and what the firmware is told. */
export function addLoader(tree: Tree, random: Random): void {
  const text = random.pick(Object.values(tree).filter((each) => typeof each === 'string'));
  const variable = (name: string) => `/sys/firmware/efi/efivars/${name}-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f`;
  const value = (said: string) => ({
    base64: Buffer.from(`\x07\0\0\0${said}\0`, 'utf16le').subarray(4).toString('base64'),
  });
  switch (random.below(5)) {
    case 0:
      tree[`/boot/efi/EFI/v/${random.pick(['xen.efi', 'xen-4.2-x.efi', 'XEN-4.17.EFI'])}`] = 'a file';
      tree['/boot/efi/EFI/v/xen.cfg'] = text;
      break;
    case 1:
      for (let i = times(random); i > 0; i -= 1) tree[`/boot/efi/EFI/v${String(i)}/grub.cfg`] = text;
      break;
    case 2:
      tree[variable('LoaderInfo')] = value('systemd-boot 252');
      tree[variable(random.pick(['LoaderEntryDefault', 'LoaderEntryOneShot']))] = value(
        random.pick(['*', 'a*', '@saved', 'a']),
      );
      break;
    case 3:
      tree['/boot/loader/loader.conf'] =
        `${random.pick(LINES)}${random.pick(['', '*'.repeat(100_000)])}\n${random.pick(LINES)}`;
      break;
    default:
      tree[`/boot/grub/${random.pick(['custom.cfg', 'grubenv'])}`] = random.oneIn(3) ? big(random) : text;
  }
}

export function dropFile(tree: Tree, random: Random): void {
  const paths = Object.keys(tree);
  if (paths.length > 1) Reflect.deleteProperty(tree, random.pick(paths));
}
