import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elfFile } from '../../tools/elf-file.mjs';
import { helloKernel } from '../docs/kernel.js';
import { madeUpSystem, type Call, type Came, type System, type SystemOptions } from './system.js';

let system: System;
let kernel: string;
let initrd: string;

function begin(options: SystemOptions = {}): void {
  system = madeUpSystem(options);
  kernel = put('vmlinuz', helloKernel('6.12.1'));
  initrd = put('initrd', 'the initrd');
}

/** A file beside the made-up machine. */
function put(name: string, content: string | Uint8Array): string {
  const path = join(system.root, name);
  writeFileSync(path, content);
  return path;
}

beforeEach(() => {
  begin();
});
afterEach(() => {
  system.remove();
});

const kexecKit = (...argv: readonly string[]): Promise<Came> => system.kexecKit(...argv);
const callsOf = ({ calls }: Came): readonly string[] => calls.map(({ call }) => call);
const holding = (text: string): string => expect.stringContaining(text) as string;

function held({ calls }: Came, text: string): boolean {
  const buffers = calls.flatMap((call: Call) => ('segments' in call ? call.segments : []));
  return buffers.some(({ buffer }) => Buffer.from(buffer).includes(text));
}

describe('kexec-kit load', () => {
  it('lets the kernel load by itself what it can, and says in one line what is loaded and what comes next', async () => {
    const came = await kexecKit('load', kernel, '--initrd', initrd, '--command-line', 'quiet');
    expect(came).toMatchObject({
      status: 0,
      stderr: '',
      stdout: holding('6.12.1'),
      calls: [{ call: 'kexec_file_load', commandLine: 'quiet' }],
    });
    expect(came.stdout).toMatch(/ by kexec_file_load; "kexec-kit exec" starts it\n$/);
  });

  it('loads segments where that is asked for, with several initrds one after the other', async () => {
    const second = put('second', 'the second');
    const initrds = ['--initrd', initrd, '--initrd', second];
    const came = await kexecKit('load', kernel, ...initrds, '--method', 'segments');
    expect(callsOf(came)).toEqual(['kexec_load']);
    expect(held(came, 'the initrd') && held(came, 'the second')).toBe(true);
  });

  it('hands a large file to the kernel from where it was read, without a copy', async () => {
    const large = put('large', new Uint8Array(8 << 20).fill(0x6b));
    const came = await kexecKit('load', kernel, '--initrd', large, '--method', 'segments');
    const [call] = came.calls;
    const one = call?.call === 'kexec_load' && call.segments.find(({ buffer }) => buffer.length === 8 << 20);
    expect(one && one.buffer.buffer.byteLength).toBe(8 << 20);
  });

  it.each([38, 22, 8, 95])(
    'goes to kexec_load when kexec_file_load answers %i, and says so',
    async (errno) => {
      system.remove();
      begin({ answers: { kexec_file_load: errno } });
      const came = await kexecKit('load', kernel, '--initrd', initrd);
      expect(came).toMatchObject({
        status: 0,
        calls: [{ call: 'kexec_file_load' }, { call: 'kexec_load' }],
        stderr: holding('kexec_load is used, since'),
      });
      expect(held(came, 'the initrd')).toBe(true);
    },
  );

  it.each([1, 129, 74])('takes %i for an answer, and loads nothing by the other call', async (errno) => {
    system.remove();
    begin({ answers: { kexec_file_load: errno } });
    const came = await kexecKit('load', kernel);
    expect(came).toMatchObject({ status: 1, stdout: '', calls: [{ call: 'kexec_file_load' }] });
  });

  it('does not go elsewhere from --method file', async () => {
    system.remove();
    begin({ answers: { kexec_file_load: 38 } });
    expect(callsOf(await kexecKit('load', kernel, '--method', 'file'))).toEqual(['kexec_file_load']);
  });

  it('says that it may not, before it reads anything', async () => {
    system.put('/proc/self/status', 'CapEff:\t0000000000000000\n');
    const came = await kexecKit('load', 'no-such-file');
    expect(came).toMatchObject({ status: 1, calls: [], stderr: holding('[LINUX_EPERM]') });
  });

  it('reuses the command line without what --remove-arg names', async () => {
    system.put('/proc/cmdline', 'BOOT_IMAGE=/vmlinuz ro quiet console=tty0 console=ttyS0 earlycon\n');
    const removed = ['--reuse-cmdline', '--remove-arg', 'quiet', '--remove-arg', 'console'];
    const came = await kexecKit('load', kernel, ...removed, '--append', 'more');
    expect(came).toMatchObject({ status: 0, calls: [{ commandLine: 'ro earlycon more' }] });
  });

  it('refuses an option of another loader, and names which has it', async () => {
    const came = await kexecKit('load', kernel, '--module', initrd);
    expect(came).toMatchObject({ status: 1, calls: [], stderr: holding('multiboot') });
  });

  it.each([
    [['--crash', '--and-exec'], 'contradict'],
    [['--dry-run', '--and-exec'], 'contradict'],
    [['--now'], '--now needs --and-exec'],
    [['--remove-arg', 'quiet'], '--remove-arg needs --reuse-cmdline'],
  ])('refuses %j', async (options, why) => {
    expect(await kexecKit('load', kernel, ...options)).toMatchObject({
      status: 2,
      calls: [],
      stderr: holding(why),
    });
  });

  it('prints one document', async () => {
    const came = await kexecKit('load', kernel, '--json');
    expect(JSON.parse(came.stdout)).toMatchObject({
      ok: true,
      loaded: true,
      method: 'file',
      purpose: 'normal',
      loader: { name: 'bzimage' },
      sources: [{ name: kernel }],
      diagnostics: [],
    });
  });
});

describe('kexec-kit load --dry-run', () => {
  it('shows the picture, the command line and the call, and makes none', async () => {
    const options = ['--dry-run', '--method', 'segments', '--initrd', initrd, '--command-line', 'quiet'];
    const came = await kexecKit('load', kernel, ...options);
    expect(came).toMatchObject({ status: 0, stderr: '', calls: [] });
    expect(came.stdout).toMatch(/[█▌] initrd/);
    expect(came.stdout).toMatch(/command line +quiet/);
    expect(came.stdout).toMatch(/nothing was loaded; this would be the call:\nkexec_load: entry 0x/);
  });

  it('warns where it could not be done now, and names a flag once', async () => {
    system.put('/proc/sys/kernel/kexec_load_disabled', '1\n');
    const flags = ['--kernel-flag', 'debug', '--kernel-flag', 'debug'];
    const { status, stdout, stderr } = await kexecKit('load', kernel, '-n', '--method', 'file', ...flags);
    expect(status).toBe(0);
    expect(stderr).toMatch(/^warning: .*\[LINUX_EPERM\]/);
    expect(stdout.match(/KEXEC_FILE_DEBUG/g)).toHaveLength(1);
  });

  it('says which files the kernel would read', async () => {
    const came = await kexecKit('load', kernel, '-n', '--initrd', initrd);
    expect(came.calls).toEqual([]);
    expect(came.stdout).toContain(`kernel: ${kernel}\n  initrd: ${initrd}\n`);
  });
});

describe('kexec-kit exec', () => {
  it('refuses when nothing is loaded, with --now too', async () => {
    system.put('/run/systemd/system/.keep', '');
    for (const options of [[], ['--now']]) {
      expect(await kexecKit('exec', ...options)).toMatchObject({
        status: 1,
        calls: [],
        programs: [],
        stderr: holding('[LINUX_NOTHING_LOADED]'),
      });
    }
  });

  it('has systemd stop the services first', async () => {
    system.remove();
    begin({ programs: { systemctl: 0 } });
    system.put('/run/systemd/system/.keep', '');
    await kexecKit('load', kernel);
    expect(await kexecKit('exec')).toMatchObject({ status: 0, calls: [], programs: ['systemctl kexec'] });
  });

  it('needs --now where no systemd runs, and then syncs and starts', async () => {
    await kexecKit('load', kernel);
    expect(await kexecKit('exec')).toMatchObject({ status: 1, calls: [], stderr: holding('--now') });
    expect(callsOf(await kexecKit('exec', '--now'))).toEqual(['sync', 'reboot']);
  });

  it('says what systemctl ended with', async () => {
    system.remove();
    begin({ programs: { systemctl: 4 } });
    system.put('/run/systemd/system/.keep', '');
    await kexecKit('load', kernel);
    expect(await kexecKit('exec')).toMatchObject({ status: 1, stderr: holding('ended with status 4') });
  });

  it('follows a load in one command', async () => {
    const came = await kexecKit('load', kernel, '--and-exec', '--now');
    expect(callsOf(came)).toEqual(['kexec_file_load', 'sync', 'reboot']);
  });

  it('does not load what nobody could start then', async () => {
    const came = await kexecKit('load', kernel, '--and-exec', '--json');
    expect(came).toMatchObject({ status: 1, calls: [], stderr: holding('[CLI_NO_SYSTEMD]') });
    expect(JSON.parse(came.stdout)).toMatchObject({ ok: false });
  });
});

describe('kexec-kit status and unload', () => {
  it('say what is loaded, since when, from which files, and forget it', async () => {
    expect((await kexecKit('status')).stdout).toBe(
      'kernel:       none is loaded\ncrash kernel: none is loaded\n',
    );
    await kexecKit('load', kernel, '--initrd', initrd);
    const { stdout } = await kexecKit('status');
    expect(stdout).toMatch(/^kernel: +loaded \d seconds? ago \(20.*Z\) by kexec_file_load, loader bzimage /);
    expect(stdout).toContain(`  ${kernel}, 2 KiB\n  ${initrd}, 10 bytes\n`);
    expect(await kexecKit('unload')).toMatchObject({ status: 0, stdout: 'no kernel is loaded any more\n' });
    expect((await kexecKit('status')).stdout).toMatch(/^kernel: +none is loaded\n/);
  });

  it('say so when somebody else has loaded it', async () => {
    system.put('/sys/kernel/kexec_loaded', '1\n');
    expect((await kexecKit('status')).stdout).toMatch(/^kernel: +loaded, not by kexec-kit\n/);
  });

  it('claim nothing about who has loaded it when what was written down is damaged', async () => {
    await kexecKit('load', kernel);
    system.put('/run/kexec-kit/normal.json', '{}');
    const { status, stdout, stderr } = await kexecKit('status');
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^kernel: +loaded, by whom is not known\n/)]);
    expect(stderr).toContain('[LINUX_RECORD_UNREAD]');
  });

  it('keep the two kernels apart', async () => {
    system.put('/sys/kernel/kexec_crash_loaded', '1\n');
    await kexecKit('load', kernel);
    expect(await kexecKit('unload', '--crash')).toMatchObject({ calls: [{ flags: 3 }] });
    const { stdout } = await kexecKit('status', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ normal: { loaded: true }, crash: { loaded: false } });
  });

  it('do without a kernel that knows of crash kernels', async () => {
    system.remove();
    begin();
    system.take('/sys/kernel/kexec_crash_loaded');
    expect(await kexecKit('status')).toMatchObject({ status: 0, stdout: holding('crash kernel: none') });
  });

  it('say when it is not known whether anything is loaded, instead of that nothing is', async () => {
    system.put('/sys/kernel/kexec_crash_loaded', '');
    const unknown = { status: 1, stdout: '', stderr: holding('[LINUX_STATE_UNREAD]') };
    expect(await kexecKit('status')).toMatchObject(unknown);
    system.put('/sys/kernel/kexec_crash_loaded', '0\n');
    system.put('/sys/kernel/kexec_loaded', '');
    expect(await kexecKit('status')).toMatchObject(unknown);
  });
});

describe('kexec-kit apply', () => {
  const planned = async (...options: readonly string[]): Promise<string> => {
    const out = join(system.root, 'plan.json');
    const plan = await kexecKit('plan', kernel, '--initrd', initrd, '-o', out, ...options);
    expect(plan.status).toBe(0);
    return out;
  };

  it('loads a plan that was made for this machine', async () => {
    const came = await kexecKit('apply', await planned());
    expect(came).toMatchObject({ status: 0, stderr: '', calls: [{ call: 'kexec_load' }] });
    expect(held(came, 'the initrd')).toBe(true);
    expect(came.stdout).toMatch(/by kexec_load; "kexec-kit exec" starts it\n$/);
  });

  it('loads the same as a load at once', async () => {
    const told = ({ calls }: Came) =>
      calls.flatMap((call) => ('segments' in call ? call.segments : [])).map(({ address }) => address);
    const applied = await kexecKit('apply', await planned());
    expect(told(applied)).toEqual(
      told(await kexecKit('load', kernel, '--initrd', initrd, '--method', 'segments')),
    );
  });

  it('refuses a machine whose memory map changed, and shows the difference', async () => {
    const out = await planned();
    const iomem = readFileSync(join(system.root, 'proc/iomem'), 'utf8');
    system.put('/proc/iomem', iomem.replace('00100000-', '00200000-'));
    for (const options of [[], ['--dry-run']]) {
      const came = await kexecKit('apply', out, ...options);
      expect(came).toMatchObject({ status: 1, calls: [], stderr: holding('[LINUX_OTHER_MACHINE]') });
      expect(came.stderr).toContain('0x100000');
    }
  });

  it('refuses a file that changed since', async () => {
    const out = await planned();
    put('initrd', 'an initrd!');
    for (const options of [[], ['--dry-run']])
      expect(await kexecKit('apply', out, ...options)).toMatchObject({
        status: 1,
        calls: [],
        stderr: holding('[SOURCE_CHANGED]'),
      });
  });

  it('refuses a kernel that changed since in what nothing is loaded of', async () => {
    const code = { p_flags: 5, p_paddr: 0x1000000, content: new Uint8Array(0x100).fill(0x90) };
    const elf = elfFile({ header: { e_entry: 0x1000000 }, segments: [code], tail: 0x100 });
    kernel = put('vmlinux', elf);
    const out = await planned('--args', 'linux');
    put('vmlinux', elf.fill(1, elf.length - 1));
    expect(await kexecKit('apply', out)).toMatchObject({
      status: 1,
      calls: [],
      stderr: holding('[SOURCE_CHANGED]'),
    });
  });

  it('refuses a plan that others can write', async () => {
    const out = await planned();
    chmodSync(out, 0o666);
    expect(await kexecKit('apply', out)).toMatchObject({ calls: [], stderr: holding('[FILE_UNTRUSTED]') });
  });

  it('with --dry-run says what it would do', async () => {
    const came = await kexecKit('apply', await planned(), '--dry-run', '--json');
    expect(came.calls).toEqual([]);
    expect(JSON.parse(came.stdout)).toMatchObject({
      ok: true,
      loaded: false,
      intent: { call: 'kexec_load' },
    });
  });

  it('starts what it loaded', async () => {
    expect(callsOf(await kexecKit('apply', await planned(), '--and-exec', '--now'))).toEqual([
      'kexec_load',
      'sync',
      'reboot',
    ]);
  });
});
