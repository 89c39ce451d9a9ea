import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { contentsFor } from '../src/contents.js';
import { available, boot, probeGuestMachine, qemuCodes, type BootOptions, type Guest } from '../src/index.js';
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

describe('SeaBIOS', () => {
  let programs: string;
  beforeEach(() => {
    programs = mkdtempSync(join(tmpdir(), 'kexec-kit-test-'));
    vi.stubEnv('PATH', programs);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(programs, { recursive: true });
  });

  const guest: Guest = { memory: 8n << 20n, model: 'q35', firmware: 'seabios' };
  const refusal = async () => {
    const probed = await probeGuestMachine(guest);
    return probed.ok ? 'none' : probed.diagnostics[0];
  };
  /** A QEMU that looks for firmware where it is itself, and whose guest then ends. */
  const install = () => {
    const script = `#!/bin/sh\n[ "$1" = -L ] && echo ${programs}\nexit 0\n`;
    writeFileSync(join(programs, 'qemu-system-x86_64'), script, { mode: 0o755 });
  };

  it('needs QEMU', async () => {
    expect(await refusal()).toMatchObject({ code: 'QEMU_MISSING' });
  });

  it('has to be where QEMU looks for it, and whole', async () => {
    install();
    expect(await refusal()).toMatchObject({ code: 'QEMU_NO_BIOS', hint: 'Install it: apt install seabios' });
    writeFileSync(join(programs, 'bios-256k.bin'), Buffer.alloc(1000));
    expect(await refusal()).toMatchObject({ code: 'QEMU_NO_BIOS', found: programs });
  });

  it('has to come as far as to tell its memory map, and is asked again when it did not', async () => {
    install();
    writeFileSync(join(programs, 'bios-256k.bin'), Buffer.alloc(256 << 10));
    for (let n = 0; n < 2; n++)
      expect(await refusal()).toMatchObject({ code: 'QEMU_NO_MEMORY_MAP', found: 'exited' });
    rmSync(join(programs, 'bios-256k.bin'));
    expect(await refusal()).toMatchObject({ code: 'QEMU_NO_BIOS' });
  });

  it('has no room behind it for more than QEMU can copy', async () => {
    const large = { ...endlessAt(1n << 32n), memorySize: 3n << 30n, parts: [{ fresh: 3 * 2 ** 30 }] };
    const bootOptions: BootOptions = { ...guest, memory: 8n << 30n, timeoutMs: 1 };
    const contents = await contentsFor({ ...submission, segments: [large] }, read, bootOptions);
    expect(contents).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_TOO_MUCH_CONTENT', found: '0xc0000000' }],
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
