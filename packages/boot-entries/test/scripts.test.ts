import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBootEntries, type BootEntry } from '../src/index.js';
import { bootApart, fixtures, machine } from './machine.js';

/** What a machine with this grub.cfg could start, where every file that it may name is there. */
function entriesOf(script: string, files: Readonly<Record<string, string>> = {}): readonly BootEntry[] {
  const made = machine();
  made.put('/proc/self/mountinfo', bootApart);
  made.put('/boot/grub/grub.cfg', script);
  made.put('/boot/vmlinuz');
  for (const [path, text] of Object.entries(files)) made.put(path, text);
  const found = readBootEntries({ root: made.root });
  return found.ok ? found.value : [];
}

function lineOf(script: string): string | undefined {
  return entriesOf(`menuentry x {\n${script}\n}`)[0]?.commandLine;
}

const codesOf = ({ problems }: BootEntry): readonly string[] => problems.map(({ code }) => code);

describe('a GRUB script', () => {
  it.each([
    ['linux /vmlinuz a  b', 'a b'],
    [`linux /vmlinuz 'a b' "c d"e`, '"a b" "c de"'],
    ['set v="a b"; linux /vmlinuz $v "$v" ${v}c', 'a b "a b" a bc'],
    ['linux /vmlinuz a$empty $empty ""b', 'a b'],
    [`linux /vmlinuz dyndbg="file x +p" 'it''s' \\"q`, '"dyndbg=file x +p" its \\"q'],
    ['linux /vmlinuz a#b # c', 'a#b'],
    ['if [ x = y -o -n "" ]; then linux /vmlinuz no; elif test ! -z a; then linux /vmlinuz yes; fi', 'yes'],
    ['if [ 2 -lt 10 -a ( a != b ) ]; then linux /vmlinuz yes; else linux /vmlinuz no; fi', 'yes'],
    ['for n in 1 2 3; do set v="$v$n"; done; linux /vmlinuz $v', '123'],
    ['set n=; until [ "$n" = xxx ]; do set n=${n}x; done; linux /vmlinuz $n', 'xxx'],
    ['function f { linux /vmlinuz $2 $# $@; }\nf a b', 'b 2 a b'],
    ['linux /vmlinuz first\nlinuxefi /vmlinuz second', 'second'],
    ['linux /vmlinuz one \\\n  two', 'one two'],
    ['if ! false; then linux /vmlinuz yes; fi', 'yes'],
  ])('%j', (script, commandLine) => {
    expect(lineOf(script)).toBe(commandLine);
  });

  it('hands several initrds over, in their order', () => {
    const [entry] = entriesOf('menuentry x { linux /vmlinuz\n initrd /ucode.img /initrd.img }', {
      '/boot/ucode.img': '',
      '/boot/initrd.img': '',
    });
    expect(entry?.initrds).toEqual(['/boot/ucode.img', '/boot/initrd.img']);
  });

  it('is read together with what it includes', () => {
    const script = 'if [ -f ${config_directory}/custom.cfg ]; then source ${config_directory}/custom.cfg; fi';
    const [entry] = entriesOf(script, { '/boot/grub/custom.cfg': '\nmenuentry mine { linux /vmlinuz own }' });
    expect(entry).toMatchObject({ title: 'mine', commandLine: 'own', from: '/boot/grub/custom.cfg:2' });
  });

  it('counts what it does not understand as failed, and says so', () => {
    const [entry] = entriesOf(
      'menuentry x { if frobnicate a; then linux /vmlinuz 1; else linux /vmlinuz 2; fi }',
    );
    expect(entry).toMatchObject({ commandLine: '2', problems: [{ code: 'BOOT_ENTRIES_NOT_UNDERSTOOD' }] });
  });

  it('lists what stands before an error', () => {
    const made = machine();
    made.put('/boot/vmlinuz');
    made.put(
      '/boot/grub/grub.cfg',
      'menuentry a { linux /vmlinuz }\nif true; do\nmenuentry b { linux /vmlinuz }',
    );
    const found = readBootEntries({ root: made.root });
    expect(found).toMatchObject({ ok: true, value: [{ title: 'a' }] });
    expect(found.diagnostics).toMatchObject([
      { code: 'BOOT_ENTRIES_SYNTAX', at: { source: '/boot/grub/grub.cfg:3' } },
    ]);
  });

  it.each([
    ['0', 'one'],
    ['2', 'four'],
    ['1>1', 'three'],
    ['sub>second', 'three'],
    ['Two > 1>second', undefined],
    ['Two >> 1>second', 'three'],
    ['no such entry', 'one'],
    ['', 'one'],
    ['1', 'two'],
    ['3', undefined],
  ])('with the default %j starts %s', (wanted, title) => {
    const script = `set default='${wanted}'
menuentry one { linux /vmlinuz }
submenu 'Two > 1' --id sub { menuentry two { linux /vmlinuz }\nmenuentry three --id second { linux /vmlinuz } }
menuentry four { linux /vmlinuz }
menuentry windows { chainloader +1 }`;
    const chosen = entriesOf(script).find((entry) => entry.default === true);
    expect(chosen?.title).toBe(title === 'two' ? undefined : wanted === 'Two > 1>second' ? 'one' : title);
  });

  it('takes what grubenv says', () => {
    const script =
      'load_env\nset default="${saved_entry}"\nmenuentry a { linux /vmlinuz }\nmenuentry b { linux /vmlinuz $more }';
    const grubenv = '# GRUB Environment Block\nsaved_entry=b\nmore=quiet \\\\ x\n#######';
    const [, entry] = entriesOf(script, { '/boot/grub/grubenv': grubenv });
    expect(entry).toMatchObject({ title: 'b', default: true, commandLine: 'quiet \\\\ x' });
  });

  it('starts once what grubenv says is next, before what is saved', () => {
    // As grub-mkconfig of Debian 12 writes it.
    const script = `load_env
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
   set boot_once=true
else
   set default="\${saved_entry}"
fi
menuentry a { linux /vmlinuz }
menuentry b { linux /vmlinuz }
menuentry c { linux /vmlinuz }`;
    const startedBy = (grubenv: string): string | undefined =>
      entriesOf(script, { '/boot/grub/grubenv': `# GRUB Environment Block\n${grubenv}####` }).find(
        (entry) => entry.default === true,
      )?.title;
    expect(startedBy('saved_entry=b\nnext_entry=c\n')).toBe('c');
    expect(startedBy('saved_entry=b\nnext_entry=\n')).toBe('b');
  });

  it.each([
    ['a loop without an end', 'while true; do true; done'],
    ['a function that calls itself', 'function f { f; }\nf'],
    ['a word that doubles', `set a=x\n${'set a="$a$a"\n'.repeat(64)}`],
    [
      'too many entries',
      'for a in 1 2 3 4 5 6 7 8 9 0; do for b in 1 2 3 4 5 6 7 8 9 0; do for c in 1 2 3 4 5 6 7 8 9 0 1; do menuentry "$a$b$c" { linux /vmlinuz }; done; done; done',
    ],
    ['a file that includes itself', 'source ${config_directory}/grub.cfg'],
    ['variables without number', 'set n=1; while true; do set n=${n}1; set v$n=; done'],
    ['files that are looked for without end', 'while true; do [ -f /vmlinuz ]; done'],
    ['an environment that is read without end', 'while true; do load_env; done'],
    ['entries that are looked for without end', 'while true; do blscfg; done'],
    ['words of nothing without end', `while true; do echo ${'$x'.repeat(1000)}; done`],
  ])('ends, with what came before it, at %s', (_what, script) => {
    const made = machine();
    made.put('/boot/vmlinuz');
    made.put('/boot/grub/grub.cfg', `menuentry before { linux /vmlinuz }\n${script}`);
    const found = readBootEntries({ root: made.root });
    expect(found).toMatchObject({ ok: true });
    expect(found.diagnostics.map(({ code }) => code)).toContain('BOOT_ENTRIES_LIMIT');
  });

  it('ends soon when each of its entries has no end, and says so', () => {
    const made = machine();
    made.put('/boot/vmlinuz');
    const endless = 'menuentry x { linux /vmlinuz\nwhile true; do true; done }\n';
    made.put('/boot/grub/grub.cfg', endless.repeat(1000));
    const found = readBootEntries({ root: made.root });
    expect(found.diagnostics.map(({ message }) => message)).toEqual([
      'the script was stopped: its entries do more than any real ones',
    ]);
    expect(found).toMatchObject({ value: { 0: { title: 'x', problems: [{ code: 'BOOT_ENTRIES_LIMIT' }] } } });
  });

  it('has submenus as deep as any, and no deeper', () => {
    const entries = entriesOf('function f { submenu x { f\nmenuentry y { linux /vmlinuz } } }\nf');
    expect(entries.length).toBeGreaterThan(30);
    expect(Math.max(...entries.map(({ within }) => within.length))).toBeLessThan(50);
  });

  it.each([
    ['a line of hashes', `menuentry ""${'#'.repeat(500_000)} { linux /vmlinuz }`],
    ['a line of many words', `menuentry x { linux /vmlinuz }; : ${'a '.repeat(500_000)}`],
  ])('is read in time that grows with its length only: %s', (_what, script) => {
    const before = process.cpuUsage().user;
    entriesOf(script);
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(3);
  });

  it('says what is wrong with a very long word in a short sentence', () => {
    const made = machine();
    made.put('/boot/vmlinuz');
    made.put('/boot/grub/grub.cfg', `menuentry a { linux /vmlinuz }\nset default=x\n${'y'.repeat(10_000)}`);
    const found = readBootEntries({ root: made.root });
    expect(found.diagnostics.map(({ message }) => message.length)).toEqual([
      expect.toSatisfy((n) => n < 500),
    ]);
  });

  it('reads so much of all files together, and says which it left', () => {
    const made = machine();
    made.put('/boot/vmlinuz');
    const entry = `linux /vmlinuz\n${'#'.repeat(1_000_000)}\n`;
    for (let i = 10; i < 20; i++) made.put(`/boot/loader/entries/${String(i)}.conf`, entry);
    const found = readBootEntries({ root: made.root });
    expect(found.ok && found.value.length).toBe(8);
    expect(found.diagnostics.map(({ code, found: why }) => [code, why])).toEqual(
      Array.from({ length: 2 }, () => ['BOOT_ENTRIES_UNREADABLE', 'more than 8388608 bytes of all files']),
    );
  });

  it('ends where it nests deeper than any', () => {
    const made = machine();
    made.put('/boot/grub/grub.cfg', 'if true; then '.repeat(50_000));
    expect(readBootEntries({ root: made.root })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'BOOT_ENTRIES_NONE' }, { code: 'BOOT_ENTRIES_SYNTAX' }],
    });
  });
});

describe('where files are', () => {
  const uuid = '2b4f8a30-6c1e-4d57-9f2b-0a7d3c5e8b11';
  const script = `menuentry x { search --fs-uuid --set=root ${uuid}\nlinux /vmlinuz }`;

  it('is told by the UUID of a mounted file system, whatever its device is called', () => {
    const made = machine();
    made.put(
      '/proc/self/mountinfo',
      `${bootApart}40 22 253:0 / /mnt/other\\040disk rw - ext4 /dev/mapper/vg-a rw\n`,
    );
    made.put('/sys/class/block/dm-0/dev', '253:0\n');
    made.link(`/dev/disk/by-uuid/${uuid}`, '../../dm-0');
    made.put('/boot/vmlinuz');
    made.put('/mnt/other disk/vmlinuz');
    made.put('/boot/grub/grub.cfg', script);
    expect(readBootEntries({ root: made.root })).toMatchObject({
      value: [{ kernel: '/mnt/other disk/vmlinuz' }],
    });
  });

  it('is not guessed when that file system is not mounted', () => {
    const made = machine();
    made.put('/proc/self/mountinfo', bootApart);
    made.link(`/dev/disk/by-uuid/${uuid}`, '../../vdb1');
    made.put('/boot/vmlinuz');
    made.put('/boot/grub/grub.cfg', script);
    const found = readBootEntries({ root: made.root });
    expect(found.ok && found.value.map(codesOf)).toEqual([['BOOT_ENTRIES_FILE_MISSING']]);
  });

  it('is counted from above a subvolume of btrfs, as GRUB does', () => {
    const made = machine();
    made.put('/proc/self/mountinfo', '22 1 0:30 /@ / rw - btrfs /dev/vda2 rw\n');
    made.link(`/dev/disk/by-uuid/${uuid}`, '../../vda2');
    made.put('/boot/vmlinuz');
    made.put('/boot/grub/grub.cfg', script.replace('/vmlinuz', '/@/boot/vmlinuz'));
    expect(readBootEntries({ root: made.root })).toMatchObject({
      value: [{ kernel: '/boot/vmlinuz', problems: [] }],
    });
  });

  it('never leads out of the machine', () => {
    const [entry] = entriesOf('menuentry x { linux /../../../../etc/passwd }');
    expect(entry?.kernel).toBe('/boot/etc/passwd');
  });
});

it('a machine without any says where it looked', () => {
  expect(readBootEntries({ root: machine().root })).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'BOOT_ENTRIES_NONE' }],
  });
});

it('a file that is too large to be a configuration is not read', () => {
  const made = machine();
  made.put('/boot/grub/grub.cfg', '#'.repeat((1 << 20) + 1));
  const codes = readBootEntries({ root: made.root }).diagnostics.map(({ code }) => code);
  expect(codes).toEqual(['BOOT_ENTRIES_NONE', 'BOOT_ENTRIES_UNREADABLE']);
});

describe('whatever a configuration says', () => {
  const texts = readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('grub.cfg'))
    .map((path) => readFileSync(join(fixtures, path), 'utf8'));
  const pieces = [
    '{',
    '}',
    '"',
    "'",
    '\\',
    '$',
    '${',
    ';',
    '\n',
    'if ',
    'fi',
    'menuentry ',
    'source $prefix/grub.cfg\n',
    '(',
    '$a',
  ];
  const mutated = fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.nat(80), fc.constantFrom(...pieces)), { maxLength: 8 }),
    )
    .map(([text, edits]) =>
      edits.reduce((changed, [at, length, piece]) => {
        const from = at % (changed.length + 1);
        return changed.slice(0, from) + piece + changed.slice(from + length);
      }, text),
    );

  it('reading it ends without an exception, and in time', () => {
    const made = machine();
    fc.assert(
      fc.property(fc.oneof(mutated, fc.string({ maxLength: 300 })), (text) => {
        made.put('/boot/grub/grub.cfg', text);
        const began = performance.now();
        const found = readBootEntries({ root: made.root });
        expect(performance.now() - began).toBeLessThan(5000);
        if (found.ok) expect(found.value.length).toBeLessThanOrEqual(1000);
      }),
      { numRuns: 150 },
    );
  });

  it('so does reading an entry and a grubenv', () => {
    const made = machine();
    made.put('/boot/grub/grub.cfg', 'load_env\nblscfg\n');
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200, unit: 'binary' }),
        fc.string({ maxLength: 100 }),
        (text, more) => {
          made.put('/boot/grub/grubenv', more);
          made.put('/boot/loader/loader.conf', `default ${more}`);
          made.put('/boot/loader/entries/a.conf', `linux /x\noptions ${text}\n${more}`);
          made.put('/efi/loader/entries/b.conf', `linux /x\noptions ${text}\nversion ${more}`);
          readBootEntries({ root: made.root });
        },
      ),
      { numRuns: 150 },
    );
  });
});
