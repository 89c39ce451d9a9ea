import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { available, boot, qemuCodes, type BootOptions } from '../src/index.js';
import { endlessAt, submissionFor } from './submission.js';

const options: BootOptions = { memory: 8n << 20n, model: 'microvm', timeoutMs: 10_000 };
const submission = submissionFor(options, [endlessAt(0x200000n)]);
const read = () => Promise.reject(new Error('no source'));

describe('without a QEMU that works', () => {
  let programs: string;
  beforeEach(() => {
    programs = mkdtempSync(join(tmpdir(), 'kexec-kit-test-'));
    vi.stubEnv('PATH', programs);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(programs, { recursive: true });
  });

  /** A program of that name which stands in for one that fails. */
  const install = (script: string) => {
    writeFileSync(join(programs, 'qemu-system-x86_64'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };

  it('says what to install', async () => {
    const refused = {
      ok: false,
      diagnostics: [{ code: 'QEMU_MISSING', hint: 'Install it: apt install qemu-system-x86' }],
    };
    expect(await boot(submission, read, options)).toMatchObject(refused);
    expect(await available()).toMatchObject(refused);
  });

  it('repeats what QEMU said when it died', async () => {
    install('echo "qemu: no such machine" >&2; exit 1');
    const booted = await boot(submission, read, options);
    const message = 'QEMU ended with status 1: qemu: no such machine';
    expect(booted).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_DIED', found: 'status 1', message }],
    });
  });

  it('tells of a signal that killed QEMU', async () => {
    install('kill -SEGV $$');
    expect(await boot(submission, read, options)).toMatchObject({
      diagnostics: [{ code: 'QEMU_DIED', found: 'SIGSEGV' }],
    });
  });

  it('tells of a QEMU that cannot be started', async () => {
    writeFileSync(join(programs, 'qemu-system-x86_64'), '#!/no/such/interpreter\n', { mode: 0o755 });
    expect(await boot(submission, read, options)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_DIED' }],
    });
  });

  it('passes on as a warning what QEMU said while it ran', async () => {
    install('echo "qemu: warning: old" >&2; exit 0');
    expect(await boot(submission, read, options)).toMatchObject({
      ok: true,
      value: { outcome: 'exited', exitCode: 0 },
      diagnostics: [{ code: 'QEMU_SAID', severity: 'warning', message: 'QEMU said: qemu: warning: old' }],
    });
  });
});

describe('a boot that cannot be', () => {
  it('names the source that is not there', async () => {
    const segment = { ...endlessAt(0x200000n), parts: [{ source: 'image', offset: 0, length: 8 }] };
    expect(await boot(submissionFor(options, [segment]), read, options)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_SOURCE', at: { source: 'image' } }],
    });
  });

  it('on an impossible guest is refused, not thrown', async () => {
    expect(await boot(submission, read, { ...options, memory: 1n })).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_BAD_GUEST' }],
    });
  });
});

it('explains each code with a cause and a cure', () => {
  for (const [code, { cause, cure }] of Object.entries(qemuCodes)) {
    expect(code).toMatch(/^QEMU_[A-Z_]+$/);
    expect(cause).toMatch(/\.$/);
    expect(cure.length).toBeGreaterThan(0);
  }
});
