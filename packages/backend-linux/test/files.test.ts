import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readSources } from '@kexec-kit/host-node';
import { unwrap, type FileSubmission, type Source } from '@kexec-kit/loader-api';
import { KEXEC_FILE } from '@kexec-kit/syscall';
import { linuxBackend, type LinuxBackendOptions } from '../src/index.js';
import { fakeKernel, fileFor, isOpen, machineAt, recordedRoot, sourceOf } from './host.js';

const IMAGE = Buffer.from('a kernel');

/** A machine with files; loads a submission around them as a program does that has just planned, or long after. */
async function prepared(files: Readonly<Record<string, Buffer>>, options: LinuxBackendOptions = {}) {
  const root = await recordedRoot();
  const kernel = fakeKernel(root);
  const sources = Object.entries(files).map(([id, content]): Source => {
    const path = `${root}/${id}`;
    writeFileSync(path, content);
    return sourceOf(id, path, content);
  });
  const machine = await machineAt(root);
  const backend = linuxBackend({ root, syscalls: kernel, ...options });
  const submission = (changes: Partial<FileSubmission> = {}) => fileFor(machine, { sources, ...changes });
  const apply = async (changes: Partial<FileSubmission> = {}) => {
    const made = submission(changes);
    const reader = unwrap(await readSources(made.sources, { verify: true }));
    const result = await backend.apply(made, reader.read);
    await reader.close();
    return result;
  };
  return { root, kernel, backend, submission, apply };
}

it('the kernel is handed the files themselves, and the command line', async () => {
  const { kernel, apply } = await prepared({ image: IMAGE, initrd: Buffer.from('an initrd') });
  expect(await apply({ initrds: ['initrd'] })).toEqual({ ok: true, value: true, diagnostics: [] });
  expect(kernel.asked).toEqual([
    {
      call: 'kexec_file_load',
      ...{ kernel: IMAGE, initrd: Buffer.from('an initrd'), commandLine: 'quiet', flags: 0 },
    },
  ]);
  expect(kernel.files).toEqual([]);
});

it('without an initrd there is a flag that says so; a crash kernel has another', async () => {
  const { kernel, apply } = await prepared({ image: IMAGE });
  await apply();
  await apply({ purpose: 'crash' });
  const { NO_INITRAMFS, ON_CRASH } = KEXEC_FILE;
  expect(kernel.asked).toMatchObject([{ flags: NO_INITRAMFS }, { flags: NO_INITRAMFS | ON_CRASH }]);
});

it('several initrds come as one, each at a multiple of four, through a file in memory that is closed afterwards', async () => {
  const { kernel, apply } = await prepared({ image: IMAGE, a: Buffer.from('12345'), b: Buffer.from('67') });
  expect(await apply({ initrds: ['a', 'b'] })).toMatchObject({ ok: true });
  expect(kernel.asked).toMatchObject([{ initrd: Buffer.from('12345\0\0\u000067') }]);
  expect(kernel.files).toHaveLength(1);
  expect(kernel.files.some(isOpen)).toBe(false);
});

it('a kernel that is stored compressed is handed over decompressed', async () => {
  const { root, kernel, apply } = await prepared({ image: gzipSync(IMAGE) });
  const source = { ...sourceOf('image', `${root}/image`, IMAGE), decompressed: 'gzip' };
  expect(await apply({ sources: [source] })).toMatchObject({ ok: true });
  expect(kernel.asked).toMatchObject([{ kernel: IMAGE }]);
});

it.each([
  ['another size', Buffer.from('a larger kernel')],
  ['the same size and another content', Buffer.from('A kernel')],
])('a file that has %s since it was planned is refused before any call', async (_, content) => {
  const { root, kernel, backend, submission } = await prepared({ image: IMAGE });
  await writeFile(`${root}/image`, content);
  expect(await backend.apply(submission(), () => Promise.reject(new Error('unused')))).toMatchObject({
    diagnostics: [{ code: 'SOURCE_CHANGED', at: { source: `${root}/image` } }],
  });
  expect(kernel.asked).toEqual([]);
});

it('a file that is gone is refused before any call', async () => {
  const { root, kernel, backend, submission } = await prepared({ image: IMAGE });
  const gone = submission({ sources: [sourceOf('image', `${root}/gone`, IMAGE)] });
  expect(await backend.apply(gone, () => Promise.reject(new Error('unused')))).toMatchObject({
    diagnostics: [{ code: 'FILE_NOT_FOUND' }],
  });
  expect(kernel.asked).toEqual([]);
});

/** A digest that no content has: what is not hashed again is not found out. */
const NO_DIGEST = '0'.repeat(64);

it.each([
  ['a minute ago, and has not changed since, is not hashed again', 60_000, true],
  ['before it changed last is hashed again', -60_000, false],
])('a file that this process has hashed %s', async (_, later, ok) => {
  const { root, backend, submission } = await prepared(
    { image: IMAGE },
    { hashed: () => ({ ...identityOf(`${root}/image`), at: Date.now() + later }) },
  );
  // Setting back the time of the content does not set back that of the change.
  await utimes(`${root}/image`, 0, 0);
  const sources = [{ ...sourceOf('image', `${root}/image`, IMAGE), sha256: NO_DIGEST }];
  const applied = await backend.apply(submission({ sources }), unread);
  expect(applied).toMatchObject(ok ? { ok } : { ok, diagnostics: [{ code: 'SOURCE_CHANGED' }] });
});

it('a file of the same size, older than the hashing, that a switched link leads to is hashed', async () => {
  const hashed = { dev: 0, ino: 0, at: Date.now() + 60_000 };
  const { root, kernel, backend, submission } = await prepared({}, { hashed: () => hashed });
  for (const [version, content] of Object.entries({ v1: 'a kernel', v2: 'a virus!' })) {
    mkdirSync(`${root}/${version}`);
    writeFileSync(`${root}/${version}/image`, content);
  }
  const sources = [sourceOf('image', `${root}/current/image`, IMAGE)];
  symlinkSync('v1', `${root}/current`);
  Object.assign(hashed, identityOf(`${root}/current/image`));
  expect(await backend.apply(submission({ sources }), unread)).toMatchObject({ ok: true });
  rmSync(`${root}/current`);
  symlinkSync('v2', `${root}/current`);
  expect(await backend.apply(submission({ sources }), unread)).toMatchObject({
    ok: false,
    diagnostics: [{ code: 'SOURCE_CHANGED' }],
  });
  expect(kernel.asked).toHaveLength(1);
});

function identityOf(path: string) {
  const { dev, ino } = statSync(path);
  return { dev, ino };
}

const unread = () => Promise.reject(new Error('nothing is to be read'));

it('a source that a submission does not have is refused before any call', async () => {
  const { kernel, backend, submission } = await prepared({ image: IMAGE });
  expect(await backend.apply(submission({ initrds: ['other'] }), unread)).toMatchObject({
    diagnostics: [{ code: 'LINUX_BAD_SUBMISSION' }],
  });
  expect(kernel.asked).toEqual([]);
});

it('without memory for a file in memory the load ends with the reason', async () => {
  const { kernel, submission, root } = await prepared({
    image: IMAGE,
    a: Buffer.from('1'),
    b: Buffer.from('2'),
  });
  const syscalls = { ...kernel, memoryFile: () => ({ ok: false, errno: 12, name: 'ENOMEM' }) as const };
  const backend = linuxBackend({ root, syscalls });
  expect(await backend.apply(submission({ initrds: ['a', 'b'] }), unread)).toMatchObject({
    diagnostics: [{ code: 'LINUX_MEMORY_FILE', found: 'ENOMEM' }],
  });
  expect(kernel.asked).toEqual([]);
});

it('a dry run names the files and what goes through memory', async () => {
  const { kernel, backend, submission, root } = await prepared({
    image: IMAGE,
    a: Buffer.from('1'),
    b: Buffer.from('2'),
  });
  expect(await backend.dryRun(submission({ initrds: ['a', 'b'] }))).toMatchObject({
    value: {
      call: 'kexec_file_load',
      bytes: BigInt(IMAGE.length + 2),
      lines: [
        'kexec_file_load: no flags',
        `  kernel: ${root}/image`,
        `  initrd: ${root}/a, ${root}/b (through a file in memory)`,
        '  command line: quiet',
      ],
    },
  });
  expect(kernel.asked).toEqual([]);
});
