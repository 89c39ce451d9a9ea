import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSurroundings, type Surroundings } from '../src/index.js';

type Files = Readonly<Record<string, string>>;

async function surroundingsOf(files: Files): Promise<Surroundings> {
  const root = mkdtempSync(join(tmpdir(), 'kexec-kit-surroundings-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return readSurroundings({ root });
}

const cpu = (flags: string): Files => ({
  '/proc/cpuinfo': `processor\t: 0\nflags\t\t: ${flags}\nbugs\t\t: sev\n`,
});
const xen = { '/sys/hypervisor/type': 'xen\n' };
const card = (driver: string, name = 'card0'): Files => ({
  [`/sys/class/drm/${name}/device/uevent`]: `DRIVER=${driver}\nPCI_CLASS=30000\n`,
});

it.each<[string, Files, Surroundings]>([
  ['a machine that says nothing', {}, {}],
  ['KVM', { '/sys/hypervisor/type': 'kvm\n' }, {}],
  ['Xen that does not say more', xen, { xen: { control: false } }],
  [
    'dom0',
    { ...xen, '/sys/hypervisor/guest_type': 'PV\n', '/proc/xen/capabilities': 'control_d\n' },
    { xen: { type: 'PV', control: true } },
  ],
  [
    'dom0 without xenfs',
    { ...xen, '/sys/hypervisor/start_flags/initdomain': '1\n' },
    { xen: { control: true } },
  ],
  [
    'a guest of Xen',
    { ...xen, '/sys/hypervisor/guest_type': 'HVM\n', '/proc/xen/capabilities': '\n' },
    { xen: { type: 'HVM', control: false } },
  ],
  [
    'a kind of guest that nobody knows',
    { ...xen, '/sys/hypervisor/guest_type': 'PVX\n' },
    { xen: { control: false } },
  ],
  ['TDX', cpu('fpu hypervisor tdx_guest'), { confidential: 'tdx' }],
  ['SEV', cpu('fpu hypervisor sev'), { confidential: 'sev' }],
  ['SEV-ES', cpu('fpu hypervisor sev sev_es'), { confidential: 'sev-es' }],
  ['SEV-SNP', cpu('fpu hypervisor sev sev_es sev_snp'), { confidential: 'sev-snp' }],
  ['SEV-SNP by its own folder', { '/sys/devices/system/cpu/sev/vmpl': '0\n' }, { confidential: 'sev-snp' }],
  ['a host that could run such guests', cpu('fpu sev sev_es sev_snp'), {}],
  ['an ordinary guest', cpu('fpu hypervisor'), {}],
  ['EFI', { '/sys/firmware/efi/fw_vendor': '0x1\n' }, { efi: true }],
  ['a BIOS', { '/sys/firmware/memmap/0/start': '0x0\n' }, { efi: false }],
  ['no graphics', { '/sys/class/tty/tty0/uevent': '' }, { graphics: [] }],
  ['one card', card('i915'), { graphics: ['i915'] }],
  [
    'two cards, each named once',
    { ...card('nvidia'), ...card('i915', 'card1'), ...card('i915', 'card2') },
    { graphics: ['i915', 'nvidia'] },
  ],
  ['connectors are no cards', card('x', 'card0-HDMI-A-1'), { graphics: [] }],
  ['framebuffers', { '/proc/fb': '0 EFI VGA\n1 i915drmfb\n' }, { framebuffers: ['EFI VGA', 'i915drmfb'] }],
  ['no framebuffer', { '/proc/fb': '' }, { framebuffers: [] }],
])('%s', async (_what, files, expected) => {
  expect(await surroundingsOf(files)).toEqual(expected);
});

it('of a processor with many cores only the beginning is read', async () => {
  const first = cpu('fpu hypervisor')['/proc/cpuinfo'] ?? '';
  const many = first + 'x\n'.repeat(10_000) + 'flags : tdx_guest\n';
  expect(await surroundingsOf({ '/proc/cpuinfo': many })).toEqual({});
});

it('this machine is read, whatever it is', async () => {
  expect(Array.isArray((await readSurroundings()).graphics)).toBe(true);
});
