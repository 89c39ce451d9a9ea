import { describe, expect, it } from 'vitest';
import { chooseBootEntry, readBootEntries, type BootEntry } from '../src/index.js';
import { bootApart, machine } from './machine.js';

interface Case {
  readonly fixture: string;
  /** The kernels, initrds and modules that are there. */
  readonly files: readonly string[];
  readonly mounts?: string;
}

const qubes = [
  '/boot/vmlinuz-4.4.67-13.pvops.qubes.x86_64',
  '/boot/initramfs-4.4.67-13.pvops.qubes.x86_64.img',
];
const centos = ['5.14.1', '4.18.0-348.el8.x86_64', '0-rescue-3370cc3add884b58835edcc89eeb00a0'];
const fedora = '/boot/de8380606ce44a2dabad127eb049acbe';
const debian = ['6.12.117+deb12-amd64', '6.1.0-50-amd64'].flatMap((version) => [
  `/boot/vmlinuz-${version}`,
  `/boot/initrd.img-${version}`,
]);

const cases: readonly Case[] = [
  { fixture: 'debian', files: debian, mounts: bootApart },
  { fixture: 'debian-xen', files: [...debian, '/boot/xen-4.17-amd64.gz'], mounts: bootApart },
  {
    fixture: 'ubuntu',
    files: ['/boot/vmlinuz-4.10.0-42-generic.efi.signed', '/boot/initrd.img-4.10.0-42-generic'],
    mounts: bootApart,
  },
  {
    fixture: 'centos-bls',
    files: centos.flatMap((version) => [`/boot/vmlinuz-${version}`, `/boot/initramfs-${version}.img`]),
  },
  {
    fixture: 'fedora-bls',
    files: ['5.6.6-300.fc32.x86_64', '0-rescue'].flatMap((name) => [
      `${fedora}/${name}/linux`,
      `${fedora}/${name}/initrd`,
    ]),
    mounts: bootApart,
  },
  {
    fixture: 'qubes',
    files: [...qubes, '/boot/xen-4.6.5.gz', '/boot/xen-4.6.5-heads.gz'],
    mounts: bootApart,
  },
  {
    fixture: 'qubes-efi',
    files: [
      '/boot/xen-4.8.3.gz',
      '/boot/efi/EFI/qubes/xen.efi',
      '/boot/efi/EFI/qubes/vmlinuz-4.14.13-2.pvops.qubes.x86_64',
      '/boot/efi/EFI/qubes/initramfs-4.14.13-2.pvops.qubes.x86_64.img',
    ],
  },
  {
    fixture: 'trenchboot',
    files: [
      '/boot/xen-4.17.0.gz',
      '/boot/vmlinuz-5.15.81-1.fc32.qubes.x86_64',
      '/boot/initramfs-5.15.81-1.fc32.qubes.x86_64.img',
    ],
    mounts: bootApart,
  },
];

function read({ fixture, files, mounts }: Case): readonly BootEntry[] {
  const made = machine(fixture);
  for (const file of files) made.put(file);
  if (mounts !== undefined) made.put('/proc/self/mountinfo', mounts);
  const found = readBootEntries({ root: made.root });
  expect(found.diagnostics).toEqual([]);
  return found.ok ? found.value : [];
}

/** What a reader of the snapshot can hold beside the configuration. */
function shown(entry: BootEntry): readonly string[] {
  const { id, title, within, kernel, initrds, commandLine, hypervisor, modules, from, problems } = entry;
  return [
    `${[...within, title].join(' > ')}${entry.default === true ? ' (default)' : ''}`,
    `  id         ${id}`,
    ...(hypervisor === undefined ? [] : [`  hypervisor ${hypervisor.file} ${hypervisor.arguments}`]),
    `  kernel     ${kernel} ${commandLine}`,
    ...initrds.map((initrd) => `  initrd     ${initrd}`),
    ...modules.map((module) => `  module     ${module.file} ${module.arguments}`),
    `  from       ${from}`,
    ...problems.map(({ code, message }) => `  problem    ${code} ${message}`),
  ].map((line) => line.trimEnd());
}

describe.each(cases.map((one) => [one.fixture, one] as const))('%s', (fixture, one) => {
  it('is read as its boot loader reads it', async () => {
    const text = `${read(one).flatMap(shown).join('\n')}\n`;
    await expect(text).toMatchFileSnapshot(`listed/${fixture}.txt`);
  });

  it('names files that are there, and one default', () => {
    const entries = read(one);
    const missing = entries.flatMap(({ problems }) => problems.map(({ code }) => code));
    expect(missing).not.toContain('BOOT_ENTRIES_FILE_MISSING');
    expect(entries.filter((entry) => entry.default === true)).toHaveLength(1);
  });

  it('has an entry for each of its IDs and titles', () => {
    const entries = read(one);
    for (const entry of entries) {
      const path = [...entry.within, entry.title].join('>');
      expect(chooseBootEntry(entries, path)).toMatchObject({ ok: true, value: { from: entry.from } });
    }
    expect(chooseBootEntry(entries)).toMatchObject({ ok: true, value: { default: true } });
  });
});

it('an ID that two entries have is not guessed at: Qubes gives one to each hypervisor', () => {
  const entries = read(cases.find(({ fixture }) => fixture === 'qubes')!);
  const chosen = chooseBootEntry(entries, 'xen-gnulinux-4.4.67-13.pvops.qubes.x86_64-advanced-UUID3');
  expect(chosen).toMatchObject({ ok: false, diagnostics: [{ code: 'BOOT_ENTRIES_UNKNOWN' }] });
});

it('what no entry is called is unknown', () => {
  expect(chooseBootEntry([], 'Debian')).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'BOOT_ENTRIES_UNKNOWN', severity: 'error' }],
  });
  expect(chooseBootEntry([])).toMatchObject({ ok: false, diagnostics: [{ severity: 'error' }] });
});
