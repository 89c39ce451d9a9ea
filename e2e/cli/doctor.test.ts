import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { helloKernel } from '../docs/kernel.js';
import { scratch } from './run.js';
import { madeUpSystem, type Came, type System, type SystemOptions } from './system.js';

/** What a kernel shows on which kexec can work. */
const healthy: Readonly<Record<string, string>> = {
  '/proc/sys/kernel/osrelease': '6.12.1-cloud\n',
  '/boot/config-6.12.1-cloud': 'CONFIG_KEXEC=y\nCONFIG_KEXEC_FILE=y\nCONFIG_KEXEC_SIG=y\n',
  '/proc/sys/kernel/kexec_load_disabled': '0\n',
  '/sys/kernel/security/lockdown': '[none] integrity confidentiality\n',
  '/proc/meminfo': 'MemTotal: 1000000 kB\nMemAvailable: 800000 kB\n',
  '/proc/fb': '',
  '/sys/class/tty/tty0/uevent': '',
};

let system: System;
let files: ReturnType<typeof scratch>;
let kernel: string;
let initrd: string;

function begin(options: SystemOptions = {}, changes: Readonly<Record<string, string>> = {}): void {
  system.remove();
  system = madeUpSystem(options);
  for (const [path, text] of Object.entries({ ...healthy, ...changes })) system.put(path, text);
}

beforeEach(() => {
  system = madeUpSystem();
  begin();
  files = scratch();
  kernel = join(files.folder, 'vmlinuz');
  initrd = join(files.folder, 'initrd');
  writeFileSync(kernel, helloKernel('6.12.1'));
  writeFileSync(initrd, new Uint8Array(3 << 20));
});
afterEach(() => {
  system.remove();
  files.remove();
});

const doctor = (...argv: readonly string[]): Promise<Came> => system.kexecKit('doctor', ...argv);
const lastLine = ({ stdout }: Came): string | undefined => stdout.trimEnd().split('\n').at(-1);

describe('kexec-kit doctor', () => {
  it('says of a machine on which kexec can work one line for each check, and the verdict last', async () => {
    const came = await doctor();
    expect(came).toMatchObject({ status: 0, stderr: '', calls: [], programs: [] });
    expect(lastLine(came)).toBe('kexec can work here, by kexec_file_load, else by kexec_load');
    const checks = came.stdout.split('\n\n')[0]?.split('\n') ?? [];
    expect(checks.length).toBeGreaterThan(12);
    for (const line of checks) expect(line).toMatch(/^ok {7}\S.{8,}$/);
    expect(came.stdout).toMatchInlineSnapshot(`
      "ok       capability           this process has CAP_SYS_BOOT
      ok       kexec_load_disabled  kernel.kexec_load_disabled is 0
      ok       load limit           as many loads as you like
      ok       architecture         x86_64
      ok       kernel               6.12.1-cloud has kexec_load and kexec_file_load
      ok       lockdown             the running kernel is not locked down
      ok       Secure Boot          the firmware is no EFI
      ok       signature            images need not be signed
      ok       Xen                  not below Xen
      ok       confidential VM      memory is not encrypted against a host
      ok       memory map           127.5 MiB in 2 ranges can be used
      ok       firmware map         the next kernel gets the map of the firmware
      ok       RAM                  781.3 MiB of 976.6 MiB are free: enough for a kernel and an initrd of 390.6 MiB together
      ok       ACPI                 the next kernel is told where the tables are
      ok       screen               no framebuffer is in use
      ok       loaded               nothing is loaded yet

      kexec can work here, by kexec_file_load, else by kexec_load
      "
    `);
  });

  it('says what stands in the way before everything else, each with its cure', async () => {
    begin({}, { '/proc/sys/kernel/kexec_load_disabled': '1\n', '/proc/self/status': 'CapEff:\t0\n' });
    const came = await doctor();
    expect(came.status).toBe(4);
    expect(lastLine(came)).toBe('kexec cannot work here: 2 things stand in the way');
    expect(came.stdout.split('\n').slice(0, 4).join('\n')).toMatchInlineSnapshot(`
      "failure  capability           this process has no CAP_SYS_BOOT: every load is refused (EPERM) [DOCTOR_CAPABILITY]
                                    Run it as root on the machine itself, e.g. with sudo.
      failure  kexec_load_disabled  kernel.kexec_load_disabled is 1: every load is refused (EPERM) until the next boot [DOCTOR_DISABLED]
                                    Restart the machine: it cannot be enabled again before. Look in /etc/sysctl.d for what disables it."
    `);
  });

  it('warns of what goes wrong after the start, and lets it be tried', async () => {
    begin({}, { '/sys/class/drm/card0/device/uevent': 'DRIVER=nvidia\n' });
    const came = await doctor();
    expect(came.status).toBe(0);
    expect(came.stdout).toMatch(
      /^warning {2}screen +nvidia drives the screen: .* \[DOCTOR_SCREEN\]\n +Keep another way in/,
    );
    expect(lastLine(came)).toMatch(/, by kexec_file_load, else by kexec_load \(1 warning\)$/);
  });

  it('sees nothing of memory without privilege, and says so', async () => {
    begin({}, { '/proc/iomem': '00000000-00000000 : System RAM\n', '/proc/self/status': 'CapEff:\t0\n' });
    const came = await doctor(kernel);
    expect(came.status).toBe(4);
    expect(came.stdout).toMatch(/^failure {2}memory map .*are zero.* \[DOCTOR_MEMORY_MAP\]$/m);
    expect(came.stdout).toMatch(/^unknown {2}kexec_load .*not planned/m);
  });

  it('plans what is to be loaded, and says which ways it would go', async () => {
    const came = await doctor(kernel, '--initrd', initrd, '--command-line', 'quiet');
    expect(came).toMatchObject({ status: 0, stderr: '', calls: [] });
    expect(came.stdout).toMatch(/^ok +kexec_file_load +the running kernel places 3 MiB of files by itself$/m);
    expect(came.stdout).toMatch(/^ok +kexec_load +\S+ MiB in \d segments$/m);
    expect(came.stdout).toMatch(/^ok +RAM +the load needs 1\d(\.\d)? MiB, and 781\.3 MiB are free$/m);
    expect(lastLine(came)).toBe(
      'Linux bzImage 6.12.1, protocol 2.15 can be loaded here, by kexec_file_load, else by kexec_load',
    );
    expect(await system.kexecKit('status')).toMatchObject({
      stdout: expect.stringContaining('none') as string,
    });
  });

  it('names the way that remains, and why the other does not', async () => {
    const came = await doctor(kernel, '--mem-max', '512M');
    expect(came.status).toBe(0);
    expect(came.stdout).toMatch(/^note +kexec_file_load .*where in memory it goes/m);
    expect(lastLine(came)).toMatch(/ can be loaded here, by kexec_load$/);
    const file = await doctor(kernel, '--mem-max', '512M', '--method', 'file');
    expect(file.status).toBe(4);
    expect(file.stdout).toMatch(/^failure +kexec_file_load/);
  });

  it('finds that nothing remains for an unsigned image on a machine that is locked down', async () => {
    begin({}, { '/sys/kernel/security/lockdown': 'none [integrity] confidentiality\n' });
    expect(lastLine(await doctor())).toBe('kexec can work here, by kexec_file_load');
    const came = await doctor(kernel);
    expect(came.status).toBe(4);
    expect(came.stdout).toMatch(/^failure +lockdown .*kexec_load is refused/m);
    expect(came.stdout).toMatch(/^failure +signature .*vmlinuz carries no signature/m);
  });

  it('holds the numbers of the plan against the memory that is free', async () => {
    begin({}, { '/proc/meminfo': 'MemTotal: 14000 kB\nMemAvailable: 12000 kB\n' });
    const came = await doctor(kernel, '--initrd', initrd);
    expect(came.status).toBe(4);
    expect(came.stdout).toMatch(/^failure +RAM +the load takes 11\S* MiB, and half of RAM is 6\.8 MiB/m);
  });

  it('holds a crash kernel against the memory that is reserved for it', async () => {
    const none = await doctor(kernel, '--crash', '--command-line', 'quiet');
    expect(none.status).toBe(4);
    expect(none.stdout).toMatch(/^failure +crash memory +no memory is reserved for a crash kernel/m);
    begin({ machine: 'crash' });
    const came = await doctor(kernel, '--crash', '--command-line', 'quiet');
    expect(came).toMatchObject({ status: 0 });
    expect(came.stdout).toMatch(
      /^ok +crash memory +256 MiB are reserved for a crash kernel, of which the load takes/m,
    );
  });

  it('looks at a machine that is not here as far as its snapshot goes', async () => {
    const snapshot = join(files.folder, 'machine.json');
    await system.kexecKit('machine', '-o', snapshot);
    begin({}, { '/proc/sys/kernel/kexec_load_disabled': '1\n' });
    const came = await doctor(kernel, '--machine', snapshot);
    expect(came.status).toBe(0);
    expect(came.stdout).toMatch(/^unknown +kexec_load_disabled/m);
    expect(came.stdout).toMatch(/^ok +kexec_load /m);
    expect(lastLine(came)).toMatch(/can be loaded on that machine, .* \(\d+ not known\)$/);
    expect(await doctor('--machine', kernel)).toMatchObject({ status: 1 });
  });

  it('prints one document with --json, with what planning had to say', async () => {
    const came = await doctor(kernel, '--mem-max', '1M', '--json');
    expect(came).toMatchObject({ status: 4, stderr: '' });
    expect(JSON.parse(came.stdout)).toMatchObject({
      ok: false,
      purpose: 'normal',
      image: { name: kernel, detail: 'Linux bzImage 6.12.1, protocol 2.15' },
      ways: [
        { method: 'file', open: false, stoppedBy: ['DOCTOR_KEXEC_FILE_LOAD'] },
        { method: 'segments', open: false, stoppedBy: ['DOCTOR_KEXEC_LOAD'] },
      ],
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'LINK_NO_PLACE' }),
        expect.objectContaining({ code: 'FILE_LOAD_POLICY' }),
      ]) as unknown,
    });
  });

  it('refuses a file that is no image, and options that have nothing to belong to', async () => {
    expect(await doctor('/nowhere')).toMatchObject({ status: 1, stdout: '' });
    expect(await doctor(initrd)).toMatchObject({ status: 1, stdout: '' });
    expect(await doctor('--initrd', initrd)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--initrd says something of an image, and FILE is missing') as string,
    });
    expect(await doctor(kernel, '--remove-arg', 'quiet')).toMatchObject({ status: 2 });
    expect(await doctor(kernel, '--module', 'x')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('CLI_OPTION_NOT_OF_LOADER') as string,
    });
  });

  it('explains its codes', async () => {
    const came = await system.kexecKit('explain', 'doctor_ram');
    expect(came.stdout).toMatch(/^DOCTOR_RAM\n {2}cause: .*\n {2}cure:/);
  });
});
