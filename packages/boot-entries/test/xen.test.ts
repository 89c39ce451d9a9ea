import { describe, expect, it } from 'vitest';
import { readBootEntries, type BootEntry } from '../src/index.js';
import { machine } from './machine.js';

const folder = '/boot/efi/EFI/xen';

function entriesOf(
  config: string,
  files: readonly string[] = ['/boot/xen-4.17-amd64.gz'],
): readonly BootEntry[] {
  const made = machine();
  made.put(`${folder}/xen.efi`);
  for (const name of ['vmlinuz', 'initrd.img', 'policy', 'ucode.bin']) made.put(`${folder}/${name}`);
  made.put(`${folder}/xen.cfg`, config);
  for (const file of files) made.put(file);
  const found = readBootEntries({ root: made.root });
  return found.ok ? found.value : [];
}

const codesOf = ({ problems }: BootEntry): readonly string[] => problems.map(({ code }) => code);

describe('the configuration of xen.efi', () => {
  // Its form is that of the example in xen/docs/misc/efi.pandoc.
  const example = `[global]
default=sle11sp2

[sle11sp2]
options=console=vga,com1 com1=57600 loglvl=all noreboot
kernel=vmlinuz root=/dev/sda1  ro
ramdisk=initrd.img
`;

  it('has one default, though there are two of them', () => {
    const made = machine();
    for (const vendor of ['qubes', 'xen']) {
      made.put(`/boot/efi/EFI/${vendor}/xen.efi`);
      made.put(`/boot/efi/EFI/${vendor}/xen.cfg`, example);
    }
    const found = readBootEntries({ root: made.root });
    expect(found.ok && found.value.map((entry) => [entry.from, entry.default])).toEqual([
      ['/boot/efi/EFI/qubes/xen.cfg:[sle11sp2]', true],
      ['/boot/efi/EFI/xen/xen.cfg:[sle11sp2]', undefined],
    ]);
  });

  it('is read in time that grows with its length only', () => {
    const before = process.cpuUsage().user;
    const blanks = ' '.repeat(500_000);
    expect(entriesOf(`${example}a${blanks}b\nc=${blanks}d\n`)).toEqual(entriesOf(example));
    expect((process.cpuUsage().user - before) / 1e6).toBeLessThan(2);
  });

  it('names Xen, kernel, initrd and both command lines', () => {
    expect(entriesOf(example)).toEqual([
      {
        id: 'sle11sp2',
        title: 'sle11sp2',
        within: [],
        hypervisor: {
          file: '/boot/xen-4.17-amd64.gz',
          arguments: 'console=vga,com1 com1=57600 loglvl=all noreboot',
        },
        kernel: `${folder}/vmlinuz`,
        commandLine: 'root=/dev/sda1  ro',
        initrds: [],
        modules: [{ file: `${folder}/initrd.img`, arguments: '' }],
        default: true,
        from: `${folder}/xen.cfg:[sle11sp2]`,
        problems: [],
      },
    ]);
  });

  it('has settings for all sections, and several sections', () => {
    const config = `# a comment
[global]
default = b
options=loglvl=all
kernel=of no section
[a]
kernel=vmlinuz
[b]
kernel=vmlinuz single
kernel=second
options=noreboot
[empty]
options=x
`;
    expect(
      entriesOf(config).map(({ id, commandLine, hypervisor, default: is }) => [
        id,
        commandLine,
        hypervisor?.arguments,
        is,
      ]),
    ).toEqual([
      ['a', '', 'loglvl=all', undefined],
      ['b', 'single', 'noreboot', true],
    ]);
  });

  it('without a default is one entry, whatever its sections', () => {
    expect(entriesOf('[x]\noptions=first\n[y]\nkernel=vmlinuz ro\noptions=second')).toMatchObject([
      { id: 'xen.cfg', commandLine: 'ro', hypervisor: { arguments: 'first' }, default: true },
    ]);
  });

  it('with a default that is not there has none', () => {
    expect(entriesOf(example.replace('=sle11sp2', '=other')).map((entry) => entry.default)).toEqual([
      undefined,
    ]);
  });

  it('is told of what is not handed on, and of what is', () => {
    const [entry] = entriesOf(`${example}ucode=ucode.bin\nxsm=policy`);
    expect(entry?.modules.map(({ file }) => file)).toEqual([`${folder}/initrd.img`, `${folder}/policy`]);
    expect(entry === undefined ? [] : codesOf(entry)).toEqual(['BOOT_ENTRIES_NOT_HANDED_ON']);
  });

  it('never leads out of the machine, and says what is missing', () => {
    const [entry] = entriesOf(example.replace('vmlinuz', '\\..\\..\\..\\..\\..\\etc\\passwd'));
    expect(entry).toMatchObject({ kernel: `${folder}/etc/passwd` });
    expect(entry === undefined ? [] : codesOf(entry)).toEqual(['BOOT_ENTRIES_FILE_MISSING']);
  });

  it.each([
    [
      'the newest',
      ['/boot/xen-4.9.gz', '/boot/xen-4.17-amd64.gz', '/boot/xen-4.17-amd64.config'],
      '/boot/xen-4.17-amd64.gz',
    ],
    ['one without compression', ['/boot/xen-4.17'], '/boot/xen-4.17'],
  ])('is started by %s Xen with Multiboot', (_what, files, expected) => {
    expect(entriesOf(example, files)[0]?.hypervisor?.file).toBe(expected);
  });

  it('cannot be used where there is no such Xen, which is said', () => {
    const [entry] = entriesOf(example, []);
    expect(entry?.hypervisor?.file).toBe(`${folder}/xen.efi`);
    expect(entry === undefined ? [] : codesOf(entry)).toEqual(['BOOT_ENTRIES_XEN_EFI']);
  });
});

it.each([
  ['xen-4.2-unstable.efi', 'xen-4.2-unstable.cfg'],
  ['xen-4.2-unstable.efi', 'xen-4.2.cfg'],
  ['xen-4.2-unstable.efi', 'xen-4.cfg'],
  ['xen-4.2-unstable.efi', 'xen.cfg'],
])('%s reads %s, and needs a Xen of its own version', (program, config) => {
  const made = machine();
  made.put(`${folder}/${program}`);
  made.put(`${folder}/vmlinuz`);
  made.put(`${folder}/${config}`, '[global]\ndefault=a\n[a]\nkernel=vmlinuz\n');
  for (const version of ['4.2-unstable', '4.17']) made.put(`/boot/xen-${version}.gz`);
  const found = readBootEntries({ root: made.root });
  expect(found).toMatchObject({ ok: true, value: [{ hypervisor: { file: '/boot/xen-4.2-unstable.gz' } }] });
});

it('a configuration without its program is none', () => {
  const made = machine();
  made.put(`${folder}/xen.cfg`, '[global]\ndefault=a\n[a]\nkernel=vmlinuz\n');
  expect(readBootEntries({ root: made.root })).toMatchObject({ ok: false });
});
