import { chmodSync, existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Part } from '@kexec-kit/loader-api';
import { KEXEC, KEXEC_FILE } from '@kexec-kit/syscall';
import { linuxBackend, type LinuxBackendOptions } from '../src/index.js';
import { fakeKernel, machineAt, recordedRoot, segmentsFor, setLoaded } from './host.js';

const unread = () => Promise.reject(new Error('nothing is to be read'));
const parts: Part[] = [{ bytes: Uint8Array.of(0xeb, 0xfe) }];
const ROOT_STATUS = 'CapEff:\t000001ffffffffff\n';

async function prepared(
  answers: Parameters<typeof fakeKernel>[1][] = [],
  options: LinuxBackendOptions = {},
  files: Readonly<Record<string, string>> = {},
) {
  const root = await recordedRoot('small', files);
  const kernel = fakeKernel(root, ...answers);
  const backend = linuxBackend({ root, syscalls: kernel, ...options });
  const submission = segmentsFor(await machineAt(root), [{ start: 0x1000n, memorySize: 0x1000n, parts }]);
  return { root, kernel, backend, load: () => backend.apply(submission, unread) };
}

describe('what is loaded', () => {
  it('is nothing at first', async () => {
    const { backend } = await prepared();
    expect(await backend.status('normal')).toEqual({ ok: true, value: { loaded: false }, diagnostics: [] });
  });

  it('is told with when and by which loader, for its owner only', async () => {
    const { root, backend, load } = await prepared();
    const before = new Date().toISOString();
    await load();
    const status = await backend.status('normal');
    expect(status).toMatchObject({
      value: { loaded: true, record: { loader: { name: 'by-hand' }, method: 'segments', purpose: 'normal' } },
    });
    expect(status.ok && status.value.record!.loadedAt >= before).toBe(true);
    expect(statSync(`${root}/run/kexec-kit`).mode & 0o777).toBe(0o700);
    expect(statSync(`${root}/run/kexec-kit/normal.json`).mode & 0o777).toBe(0o600);
  });

  it('is told without a record when somebody has unloaded it', async () => {
    const { root, backend, load } = await prepared();
    await load();
    setLoaded(root, false);
    expect(await backend.status('normal')).toEqual({ ok: true, value: { loaded: false }, diagnostics: [] });
  });

  it('is not what was loaded in another boot', async () => {
    const { root, backend, load } = await prepared();
    await load();
    writeFileSync(`${root}/proc/sys/kernel/random/boot_id`, '00000000-7d0b-4d4c-9c6f-0c9f5d5b3c11\n');
    expect(await backend.status('normal')).toEqual({ ok: true, value: { loaded: true }, diagnostics: [] });
  });

  const brokenRecords: readonly [string, (record: string) => string, string][] = [
    ['is not JSON', () => '{', 'JSON'],
    ['is nothing', () => 'null', 'it is no record of this version'],
    ['is of another version', (text) => text.replace('"version": 1', '"version": 2'), 'of this version'],
    ['names no boot', (text) => text.replace('"bootId"', '"bootID"'), 'it is no whole record'],
    ['is empty', (text) => text.replace(/"record": .*/s, '"record": null}'), 'it is no whole record'],
    ['has no loader', (text) => text.replace('"loader"', '"Loader"'), 'it is no whole record'],
    ['has a loader without a name', (text) => text.replace('"by-hand"', 'null'), 'it is no whole record'],
    ['has a time that is none', (text) => text.replace(/"loadedAt": "/, '$&on '), 'it is no whole record'],
    ['has no sources', (text) => text.replace('"sources": []', '"sources": {}'), 'it is no whole record'],
    ['has a bad source', (text) => text.replace('"sources": []', '"sources": [1]'), 'it is no whole record'],
    ['has no facts', (text) => text.replace('"facts"', '"Facts"'), 'it is no whole record'],
  ];
  it.each(brokenRecords)(
    'is not known when its record %s, and that is said once',
    async (_, broken, words) => {
      const { root, backend, load } = await prepared();
      await load();
      const path = `${root}/run/kexec-kit/normal.json`;
      const text = readFileSync(path, 'utf8');
      expect(broken(text)).not.toBe(text);
      writeFileSync(path, broken(text));
      const status = await backend.status('normal');
      expect(status).toMatchObject({ ok: true, value: { loaded: true } });
      expect(status.diagnostics).toMatchObject([{ code: 'LINUX_RECORD_UNREAD', severity: 'info' }]);
      expect(status.diagnostics[0].message).toContain(words);
      expect(status.ok && status.value.record).toBeUndefined();
    },
  );

  it('is told without a record when it is not known which boot this is', async () => {
    const { root, backend, load } = await prepared();
    await load();
    rmSync(`${root}/proc/sys/kernel/random/boot_id`);
    const status = await backend.status('normal');
    expect(status).toMatchObject({ value: { loaded: true }, diagnostics: [{ code: 'LINUX_RECORD_UNREAD' }] });
    expect(status.diagnostics[0].message).toContain('boot_id');
  });

  it('is not told by a record that others could have written', async () => {
    const { root, backend, load } = await prepared();
    await load();
    chmodSync(`${root}/run/kexec-kit/normal.json`, 0o666);
    const status = await backend.status('normal');
    expect(status).toMatchObject({ value: { loaded: true }, diagnostics: [{ code: 'LINUX_RECORD_UNREAD' }] });
    expect(status.ok && status.value.record).toBeUndefined();
  });

  it('is loaded all the same when it cannot be written down', async () => {
    const { root, load } = await prepared([], {}, { '/run': 'a file where a folder should be' });
    expect(await load()).toMatchObject({
      ...{ ok: true, value: true },
      diagnostics: [{ code: 'LINUX_RECORD_UNWRITTEN', severity: 'warning' }],
    });
    expect(existsSync(`${root}/run/kexec-kit`)).toBe(false);
  });

  it('cannot be told by a kernel without kexec', async () => {
    const { root, backend } = await prepared();
    rmSync(`${root}/sys/kernel/kexec_loaded`);
    expect(await backend.status('normal')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_NO_KEXEC' }],
    });
  });

  it('is not known when the kernel says neither 0 nor 1', async () => {
    const { root, backend } = await prepared();
    writeFileSync(`${root}/sys/kernel/kexec_loaded`, '');
    expect(await backend.status('normal')).toMatchObject({
      ok: false,
      diagnostics: [
        { code: 'LINUX_STATE_UNREAD', message: 'whether a kernel is loaded is not known: it says ""' },
      ],
    });
  });

  it('is not known when it cannot be read, and is not taken for none when one is to be started', async () => {
    const { root, backend, kernel, load } = await prepared(['ok', 'EBUSY']);
    rmSync(`${root}/sys/kernel/kexec_loaded`);
    symlinkSync('kexec_loaded', `${root}/sys/kernel/kexec_loaded`); // root reads what has no mode: a link onto itself it cannot
    expect(await backend.status('normal')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_STATE_UNREAD', at: { source: '/sys/kernel/kexec_loaded' } }],
    });
    expect(await backend.execute('normal')).toMatchObject({ diagnostics: [{ code: 'LINUX_CAME_BACK' }] });
    expect(kernel.asked).toHaveLength(2);
    expect((await load()).diagnostics.map(({ code }) => code)).not.toContain('LINUX_NONE_LOADED');
  });
});

describe('a load that fails', () => {
  it('leaves what was loaded before, its record too, and says so', async () => {
    const { root, backend, load } = await prepared(['ok', 'EBUSY']);
    await load();
    const record = readFileSync(`${root}/run/kexec-kit/normal.json`, 'utf8');
    expect(await load()).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_EBUSY' }, { code: 'LINUX_STILL_LOADED', severity: 'info' }],
    });
    expect(readFileSync(`${root}/run/kexec-kit/normal.json`, 'utf8')).toBe(record);
    expect(await backend.status('normal')).toMatchObject({ value: { loaded: true } });
  });

  it('says when nothing was loaded before', async () => {
    const { load, root } = await prepared(['ENOMEM']);
    expect(await load()).toMatchObject({
      diagnostics: [{ code: 'LINUX_ENOMEM' }, { code: 'LINUX_NONE_LOADED' }],
    });
    expect(existsSync(`${root}/run/kexec-kit/normal.json`)).toBe(false);
  });

  it('says when the crash kernel that was loaded before is lost', async () => {
    const root = await recordedRoot('crash', { '/sys/kernel/kexec_crash_loaded': '1\n' });
    const fake = fakeKernel(root);
    const syscalls: typeof fake = {
      ...fake,
      kexecLoad: () => {
        writeFileSync(`${root}/sys/kernel/kexec_crash_loaded`, '0\n');
        return { ok: false, errno: 12, name: 'ENOMEM' };
      },
    };
    const machine = await machineAt(root);
    const segment = { start: machine.crashKernel[0]!.start, memorySize: 0x1000n, parts };
    const submission = segmentsFor(machine, [segment], { purpose: 'crash' });
    expect(await linuxBackend({ root, syscalls }).apply(submission, unread)).toMatchObject({
      diagnostics: [{ code: 'LINUX_ENOMEM' }, { code: 'LINUX_CRASH_LOST' }],
    });
  });
});

describe('flags that only some kernels know', () => {
  const extraFlags = ['debug', 'hotplug'] as const;
  const { ARCH_X86_64, DEBUG, UPDATE_ELFCOREHDR } = KEXEC;

  it('are asked for', async () => {
    const { kernel, load } = await prepared([], { extraFlags });
    expect(await load()).toMatchObject({ ok: true, diagnostics: [] });
    expect(kernel.asked).toMatchObject([{ flags: ARCH_X86_64 | DEBUG | UPDATE_ELFCOREHDR }]);
  });

  it('are left out where the kernel calls them invalid, and that is said', async () => {
    const { kernel, load } = await prepared(['EINVAL', 'ok'], { extraFlags });
    expect(await load()).toMatchObject({
      ok: true,
      diagnostics: [
        { code: 'LINUX_FLAG_UNKNOWN', severity: 'info', found: 'KEXEC_DEBUG, KEXEC_UPDATE_ELFCOREHDR' },
      ],
    });
    expect(kernel.asked).toMatchObject([{}, { flags: ARCH_X86_64 }]);
  });

  it('are not the reason when it is invalid without them as well', async () => {
    const { load } = await prepared(['EINVAL', 'EINVAL'], { extraFlags });
    expect(await load()).toMatchObject({ ok: false, diagnostics: [{ code: 'LINUX_EINVAL' }, {}] });
  });

  it('are not tried again without when something else is wrong', async () => {
    const { kernel, load } = await prepared(['EPERM'], { extraFlags });
    await load();
    expect(kernel.asked).toHaveLength(1);
  });

  it('that are not there are not tried without', async () => {
    const { kernel, load } = await prepared(['EINVAL']);
    await load();
    expect(kernel.asked).toHaveLength(1);
  });
});

describe('unloading', () => {
  it('is asked of kexec_file_load, which a locked-down kernel allows, and takes the record away', async () => {
    const { root, kernel, backend, load } = await prepared();
    await load();
    expect(await backend.unload('normal')).toEqual({ ok: true, value: true, diagnostics: [] });
    expect(kernel.asked.slice(1)).toMatchObject([{ call: 'kexec_file_load', flags: KEXEC_FILE.UNLOAD }]);
    expect(existsSync(`${root}/run/kexec-kit/normal.json`)).toBe(false);
  });

  it('is asked of kexec_load where there is no other, with the architecture', async () => {
    const { kernel, backend } = await prepared(['ENOSYS', 'ok']);
    expect(await backend.unload('crash')).toMatchObject({ ok: true });
    expect(kernel.asked).toMatchObject([
      { call: 'kexec_file_load', flags: KEXEC_FILE.UNLOAD | KEXEC_FILE.ON_CRASH },
      { call: 'kexec_load', entry: 0n, segments: [], flags: KEXEC.ON_CRASH | KEXEC.ARCH_X86_64 },
    ]);
  });

  it('is asked of the call that was named, and of no other', async () => {
    const { kernel, backend } = await prepared(['ok', 'ENOSYS']);
    await backend.unload('normal', 'segments');
    expect(await backend.unload('normal', 'file')).toMatchObject({ diagnostics: [{ code: 'LINUX_ENOSYS' }] });
    expect(kernel.asked.map(({ call }) => call)).toEqual(['kexec_load', 'kexec_file_load']);
  });

  it('that is refused leaves the record', async () => {
    const { root, backend, load } = await prepared(['ok', 'EPERM']);
    await load();
    expect(await backend.unload('normal')).toMatchObject({ diagnostics: [{ code: 'LINUX_EPERM' }] });
    expect(existsSync(`${root}/run/kexec-kit/normal.json`)).toBe(true);
  });
});

describe('starting', () => {
  it('writes the buffers to the disks, then asks for it; that it comes back is an error', async () => {
    const { root, kernel, backend } = await prepared();
    setLoaded(root, true);
    expect(await backend.execute('normal')).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'LINUX_CAME_BACK' }],
    });
    expect(kernel.asked).toEqual([{ call: 'sync' }, { call: 'reboot' }]);
  });

  it('writes no buffers when told not to', async () => {
    const { root, kernel, backend } = await prepared();
    setLoaded(root, true);
    await backend.execute('normal', { sync: false });
    expect(kernel.asked).toEqual([{ call: 'reboot' }]);
  });

  it('explains why it failed', async () => {
    const { root, backend } = await prepared(
      ['EPERM'],
      {},
      { '/proc/self/status': 'CapEff:\t0000000000000000\n' },
    );
    setLoaded(root, true);
    const result = await backend.execute('normal');
    expect(result.diagnostics[0]).toMatchObject({ code: 'LINUX_EPERM' });
    expect(result.diagnostics.at(0)?.message).toBe(
      'reboot failed with EPERM: this process has no CAP_SYS_BOOT',
    );
  });

  it('asks for nothing when nothing is loaded, and never for a crash', async () => {
    const { kernel, backend } = await prepared();
    expect(await backend.execute('normal')).toMatchObject({
      diagnostics: [{ code: 'LINUX_NOTHING_LOADED' }],
    });
    expect(await backend.execute('crash')).toMatchObject({
      diagnostics: [{ code: 'LINUX_CRASH_NOT_STARTED' }],
    });
    expect(kernel.asked).toEqual([]);
  });
});

describe('whether it can be done at all', () => {
  it('is told without a call', async () => {
    const { kernel, backend } = await prepared([], {}, { '/proc/self/status': ROOT_STATUS });
    expect(await backend.available()).toMatchObject({ ok: true });
    expect(kernel.asked).toEqual([]);
  });

  it.each([
    ['/proc/self/status', 'CapEff:\t0000000000000000\n', 'LINUX_EPERM'],
    ['/proc/self/uid_map', '         0     100000      65536\n', 'LINUX_EPERM'],
    ['/proc/sys/kernel/kexec_load_disabled', '1\n', 'LINUX_EPERM'],
  ])('is no when %s says %j', async (path, content, code) => {
    const { backend } = await prepared([], {}, { [path]: content });
    expect(await backend.available()).toMatchObject({ ok: false, diagnostics: [{ code }] });
  });

  it('is no when the kernel has no kexec, and not yet no when that is not known', async () => {
    const { root, backend } = await prepared([], {}, { '/proc/self/status': ROOT_STATUS });
    writeFileSync(`${root}/sys/kernel/kexec_loaded`, '');
    expect(await backend.available()).toMatchObject({ ok: true });
    rmSync(`${root}/sys/kernel/kexec_loaded`);
    expect(await backend.available()).toMatchObject({ ok: false, diagnostics: [{ code: 'LINUX_ENOSYS' }] });
  });
});
