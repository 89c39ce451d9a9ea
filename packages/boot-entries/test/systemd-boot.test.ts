import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { peFile } from '../../../tools/pe-file.mjs';
import { chooseBootEntry, readBootEntries, type BootEntry } from '../src/index.js';
import { bootApart, espAndXbootldr, loaderVariable, machine, type Machine } from './machine.js';

function entriesOf(made: Machine): readonly BootEntry[] {
  const found = readBootEntries({ root: made.root });
  expect(found.diagnostics).toEqual([]);
  return found.ok ? found.value : [];
}

const idsOf = (made: Machine): readonly string[] => entriesOf(made).map(({ id }) => id);
const defaultOf = (made: Machine): string | undefined =>
  entriesOf(made).find((entry) => entry.default === true)?.id;

type Sections = Parameters<typeof peFile>[0]['sections'];

function uki(version: string, more: Sections = []): Uint8Array {
  return peFile({
    sections: [
      ['.osrel', `PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n`],
      ['.uname', version],
      ['.cmdline', `root=/dev/sda1 version=${version}`],
      ['.initrd', 'an initrd'],
      ['.linux', 'a kernel'],
      ...more,
    ],
  });
}

/** Entries that only have a kernel. */
function withEntries(...names: readonly string[]): Machine {
  const made = machine();
  made.put('/proc/self/mountinfo', espAndXbootldr);
  made.put('/boot/linux');
  for (const name of names) made.put(`/boot/loader/entries/${name}.conf`, 'linux /linux');
  return made;
}

describe('entry files', () => {
  it('are ordered by sort key and falling version, and those without a sort key come last', () => {
    const made = machine();
    made.put('/proc/self/mountinfo', `${bootApart}31 22 254:3 / /efi rw - vfat /dev/vda3 rw\n`);
    const put = (name: string, text: string): void => {
      made.put(`/efi/loader/entries/${name}.conf`, `linux /linux\n${text}`);
    };
    for (const file of ['linux', '1', '2']) made.put(`/efi/${file}`);
    put('z', 'title old');
    put('a', 'sort-key debian\nversion 6.9.1');
    put('b', 'sort-key debian\nversion 6.12~rc1');
    put('c', 'sort-key debian\nversion 6.12');
    put('d', 'sort-key arch\nversion 1\noptions a\noptions b\ninitrd /1\ninitrd /2\ndevicetree /x');
    const found = readBootEntries({ root: made.root });
    expect(found.ok && found.value.map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a', 'z']);
    expect(found.ok && found.value[0]).toMatchObject({
      commandLine: 'a b',
      initrds: ['/efi/1', '/efi/2'],
      default: true,
      problems: [{ code: 'BOOT_ENTRIES_NOT_HANDED_ON' }],
    });
  });

  it('may start a unified kernel image, with its own command line or another', () => {
    const made = withEntries();
    made.put('/boot/debian.efi', uki('6.12'));
    made.put('/boot/shell.efi', peFile({ sections: [['.text', 'code']] }));
    made.put('/boot/loader/entries/c.conf', 'uki /debian.efi');
    made.put('/boot/loader/entries/b.conf', 'efi /debian.efi\noptions single\nprofile 1');
    made.put('/boot/loader/entries/a.conf', 'efi /shell.efi');
    expect(entriesOf(made)).toMatchObject([
      { id: 'c', kernel: '/boot/debian.efi', commandLine: 'root=/dev/sda1 version=6.12' },
      { id: 'b', kernel: '/boot/debian.efi', commandLine: 'single', options: { 'uki-profile': '1' } },
    ]);
  });

  it('for another architecture are left out', () => {
    const made = withEntries('mine');
    made.put('/boot/loader/entries/x64.conf', 'linux /linux\narchitecture X64');
    made.put('/boot/loader/entries/arm.conf', 'linux /linux\narchitecture AA64');
    expect(idsOf(made)).toEqual(['x64', 'mine']);
  });
});

describe('unified kernel images', () => {
  it('are listed from both partitions, among the entry files, by the names that they have in them', () => {
    const made = withEntries('old');
    made.put('/efi/EFI/Linux/debian-6.1.efi', uki('6.1'));
    made.put('/boot/EFI/Linux/debian-6.12.efi', uki('6.12'));
    made.put('/boot/EFI/Linux/no-kernel.efi', peFile({ sections: [['.text', 'code']] }));
    made.put('/boot/EFI/Linux/.hidden.efi', uki('7'));
    made.put('/boot/EFI/Linux/README', 'text');
    expect(entriesOf(made)).toMatchObject([
      {
        id: 'debian-6.12.efi',
        title: 'Debian GNU/Linux 13 (trixie)',
        version: '6.12',
        kernel: '/boot/EFI/Linux/debian-6.12.efi',
        initrds: [],
        commandLine: 'root=/dev/sda1 version=6.12',
        default: true,
      },
      { id: 'debian-6.1.efi', kernel: '/efi/EFI/Linux/debian-6.1.efi' },
      { id: 'old', kernel: '/boot/linux' },
    ]);
  });

  it('of several profiles are as many entries', () => {
    const made = withEntries();
    const profiles: Sections = [
      ['.profile', 'ID=regular\nTITLE="Regular boot"'],
      ['.profile', 'ID=factory-reset\nTITLE="Factory reset"'],
      ['.cmdline', 'systemd.unit=factory-reset.target'],
      ['.profile', ''],
    ];
    made.put('/boot/EFI/Linux/debian.efi', uki('6.12', profiles));
    const entries = entriesOf(made);
    expect(entries.map(({ id, title, options }) => [id, title, options?.['uki-profile']])).toEqual([
      ['debian.efi', 'Debian GNU/Linux 13 (trixie) (Regular boot)', undefined],
      ['debian.efi@factory-reset', 'Debian GNU/Linux 13 (trixie) (Factory reset)', '1'],
      ['debian.efi@2', 'Debian GNU/Linux 13 (trixie) (Profile #3)', '2'],
    ]);
    expect(chooseBootEntry(entries, 'debian.efi@factory-reset')).toMatchObject({
      ok: true,
      value: { commandLine: 'systemd.unit=factory-reset.target' },
    });
  });

  it('on a partition that is mounted twice are listed once', () => {
    const made = machine();
    const twice = ['/efi', '/boot/efi'].map((point) => `31 22 254:1 / ${point} rw - vfat /dev/vda1 rw\n`);
    made.put('/proc/self/mountinfo', bootApart + twice.join(''));
    for (const point of ['/efi', '/boot/efi']) made.put(`${point}/EFI/Linux/debian.efi`, uki('6.12'));
    expect(idsOf(made)).toEqual(['debian.efi']);
  });

  it('whatever is in a file of that name, reading it ends without an exception', () => {
    const made = withEntries('other');
    const whole = uki('6.12');
    const edits = fc.array(fc.tuple(fc.nat(0x400), fc.integer({ min: 0, max: 255 })), { maxLength: 8 });
    fc.assert(
      fc.property(edits, fc.nat(whole.length), (changes, length) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        made.put('/boot/EFI/Linux/x.efi', bytes.subarray(0, length));
        expect(idsOf(made)).toContain('other');
      }),
      { numRuns: 100 },
    );
  });
});

describe('counted starts', () => {
  it('are no part of an ID; what has none left comes last', () => {
    const made = withEntries('c+0-3', 'b+2-1', 'a', 'd+3');
    made.put('/boot/EFI/Linux/z+0-1.efi', uki('6.12'));
    expect(entriesOf(made).map(({ id, tries }) => [id, tries])).toEqual([
      ['d', { left: 3, done: 0 }],
      ['b', { left: 2, done: 1 }],
      ['a', undefined],
      ['z.efi', { left: 0, done: 1 }],
      ['c', { left: 0, done: 3 }],
    ]);
  });
});

describe('the default', () => {
  const conf = (made: Machine, text: string): void => {
    made.put('/efi/loader/loader.conf', text);
  };

  it('is the first entry', () => {
    expect(defaultOf(withEntries('a', 'b', 'c'))).toBe('c');
  });

  it.each([
    ['default b.conf', 'b'],
    ['default b', 'b'],
    ['default B.CONF', 'b'],
    ['timeout 3\n  default   a*', 'a'],
    ['#default a\ndefault no-such-*', 'c'],
    ['default a.conf\ndefault b.conf', 'b'],
    ['default a.conf\npreferred b.conf', 'b'],
    ['default @saved', 'c'],
  ])('is what loader.conf says: %j', (text, id) => {
    const made = withEntries('a', 'b', 'c');
    conf(made, text);
    expect(defaultOf(made)).toBe(id);
  });

  // Each is before those behind it.
  const order = [
    ['LoaderEntryOneShot', 'a.conf'],
    ['LoaderEntryPreferred', 'b.conf'],
    ['LoaderEntryDefault', 'c.conf'],
  ] as const;

  it.each(order.map(([name, value], index) => [name, value, index] as const))(
    'is what the variable %s says, before what comes behind it',
    (_name, value, index) => {
      const made = withEntries('a', 'b', 'c', 'd', 'e');
      conf(made, 'default d.conf');
      for (const [variable, entry] of order.slice(index)) loaderVariable(made, variable, entry);
      expect(`${String(defaultOf(made))}.conf`).toBe(value);
    },
  );

  it('is the next one where a variable fits no entry', () => {
    const made = withEntries('a', 'b', 'c');
    loaderVariable(made, 'LoaderEntryOneShot', 'gone.conf');
    loaderVariable(made, 'LoaderEntryDefault', 'b.conf');
    expect(defaultOf(made)).toBe('b');
  });

  it('is not the preferred one if that is bad', () => {
    const made = withEntries('a+0-3', 'b', 'c');
    loaderVariable(made, 'LoaderEntryPreferred', 'a.conf');
    loaderVariable(made, 'LoaderEntryDefault', 'b.conf');
    expect(defaultOf(made)).toBe('b');
    loaderVariable(made, 'LoaderEntryDefault', 'a.conf');
    expect(defaultOf(made)).toBe('a');
  });

  it.each(['the variable', 'loader.conf'])(
    'is the one that was started last, where %s says @saved',
    (where) => {
      const made = withEntries('a', 'b', 'c');
      if (where === 'loader.conf') conf(made, 'default @saved');
      else loaderVariable(made, 'LoaderEntryDefault', '@saved');
      loaderVariable(made, 'LoaderEntryLastBooted', 'a.conf');
      expect(defaultOf(made)).toBe('a');
    },
  );

  it('does not depend on what stands in a variable', () => {
    const made = withEntries('a', 'b');
    for (const bytes of [[], [7, 0, 0, 0], [7, 0, 0, 0, 0x61], [7, 0, 0, 0, 0x61, 0xd8, 0, 0]]) {
      const name = 'LoaderEntryOneShot-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';
      made.put(`/sys/firmware/efi/efivars/${name}`, Uint8Array.from(bytes));
      expect(defaultOf(made)).toBe('b');
    }
  });

  it('is that of systemd-boot where it has started the machine, else that of GRUB', () => {
    const made = withEntries('a');
    made.put('/boot/vmlinuz');
    made.put('/boot/grub/grub.cfg', 'menuentry g { linux /vmlinuz }');
    expect(idsOf(made)).toEqual(['g', 'a']);
    expect(defaultOf(made)).toBe('g');
    loaderVariable(made, 'LoaderInfo', 'systemd-boot 257.9-1');
    expect(idsOf(made)).toEqual(['a', 'g']);
    expect(defaultOf(made)).toBe('a');
  });
});
