import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { readLoadFacts, type LoadFacts } from '../src/index.js';

async function factsOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<LoadFacts> {
  const root = mkdtempSync(join(tmpdir(), 'kexec-kit-facts-'));
  onTestFinished(() => {
    rmSync(root, { recursive: true });
  });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return readLoadFacts({ root });
}

const SECURE_BOOT = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
const CONFIG = 'CONFIG_KEXEC=y\n# CONFIG_KEXEC_FILE is not set\nCONFIG_SMP=y\n';

it.each<[string, string | Uint8Array, LoadFacts]>([
  ['/proc/sys/kernel/osrelease', '6.12.1-cloud-amd64\n', { release: '6.12.1-cloud-amd64' }],
  ['/proc/self/status', 'Name:\tnode\nCapEff:\t000001ffffffffff\n', { canBoot: true }],
  ['/proc/self/status', 'CapEff:\t000001ffffbfffff\n', { canBoot: false }],
  ['/proc/self/uid_map', '         0          0 4294967295\n', { inUserNamespace: false }],
  ['/proc/self/uid_map', '         0     100000      65536\n', { inUserNamespace: true }],
  ['/proc/sys/kernel/kexec_load_disabled', '1\n', { loadDisabled: true }],
  ['/proc/sys/kernel/kexec_load_disabled', '0\n', { loadDisabled: false }],
  ['/proc/sys/kernel/kexec_load_limit_reboot', '0\n', { loadsLeft: { normal: 0 } }],
  ['/proc/sys/kernel/kexec_load_limit_panic', '3\n', { loadsLeft: { crash: 3 } }],
  ['/proc/sys/kernel/kexec_load_limit_panic', '-1\n', {}],
  ['/sys/kernel/security/lockdown', '[none] integrity confidentiality\n', { lockdown: 'none' }],
  ['/sys/kernel/security/lockdown', 'none integrity [confidentiality]\n', { lockdown: 'confidentiality' }],
  [SECURE_BOOT, Uint8Array.of(6, 0, 0, 0, 1), { secureBoot: true }],
  [SECURE_BOOT, Uint8Array.of(6, 0, 0, 0, 0), { secureBoot: false }],
  [SECURE_BOOT, Uint8Array.of(1), {}],
  ['/proc/config.gz', gzipSync(CONFIG), { config: { KEXEC: 'y', KEXEC_FILE: 'n' } }],
  ['/proc/config.gz', 'no gzip', {}],
  [
    '/proc/meminfo',
    'MemTotal:        1000 kB\nMemFree:   1 kB\nMemAvailable:     500 kB\n',
    { memory: { total: 1024_000n, available: 512_000n } },
  ],
  ['/proc/meminfo', 'MemTotal:        1000 kB\n', {}],
  ['/sys/kernel/kexec_loaded', '1\n', { loaded: { normal: true } }],
  ['/sys/kernel/kexec_crash_loaded', '0\n', { loaded: { crash: false } }],
  ['/sys/kernel/kexec_crash_size', '268435456\n', { crashSize: 0x1000_0000n }],
  ['/sys/hypervisor/type', 'xen\n', { hypervisor: 'xen' }],
  ['/proc/nothing', '', {}],
])('%s with %j', async (path, content, facts) => {
  expect(await factsOf({ [path]: content })).toEqual(facts);
});

it.each([
  '/boot/config-6.1.0-1-amd64',
  '/lib/modules/6.1.0-1-amd64/config',
  '/lib/modules/6.1.0-1-amd64/build/.config',
])('the configuration of a kernel that does not carry it is looked for in %s', async (path) => {
  const release = '6.1.0-1-amd64';
  expect(await factsOf({ '/proc/sys/kernel/osrelease': `${release}\n`, [path]: CONFIG })).toEqual({
    release,
    config: { KEXEC: 'y', KEXEC_FILE: 'n' },
  });
});

it('a release that is a path leads nowhere', async () => {
  const facts = await factsOf({ '/proc/sys/kernel/osrelease': '/../../x', '/x': CONFIG });
  expect(facts.config).toBeUndefined();
});

it('this machine is read, whatever it is', async () => {
  const facts = await readLoadFacts();
  expect(facts.release).toMatch(/^\d+\.\d+/);
  expect(facts.memory?.total).toBeGreaterThan(facts.memory?.available ?? 0n);
});
