import { range, type EfiSystem } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/doctor/checks.js';
import { doctorCodes, type DoctorCode } from '../../src/doctor/codes.js';
import { diagnose } from '../../src/doctor/diagnose.js';
import type { Level } from '../../src/doctor/verdict.js';
import { facts, image, MiB, refusal, situation, type Change } from './healthy.js';

/** What is different on a healthy machine, what becomes of which check, and what it says. */
type Row = readonly [DoctorCode, Change, Level, RegExp];

const crash = (size: bigint): Change => ({
  purpose: 'crash',
  machine: { crashKernel: size === 0n ? [] : [range(256n * MiB, (256n + size) * MiB)] },
});
/** A load that fits: 5 MiB of files, 10 MiB of segments. */
const small = image({ files: 5, waiting: 10n });
const without = (...names: readonly (keyof typeof facts)[]): Change => ({
  facts: Object.fromEntries(names.map((name) => [name, undefined])),
});
const config = (more: Readonly<Record<string, string>>): Change => ({
  facts: { config: { ...facts.config, ...more } },
});
const hidden: Change = {
  unread: refusal('MACHINE_IOMEM_HIDDEN', 'all addresses in /proc/iomem are zero', 'Run as root.'),
};
const noMachine: Change = { unread: refusal('MACHINE_ARCHITECTURE_UNKNOWN') };
const snapshot: Change = { isSnapshot: true };
const graphics = (...drivers: readonly string[]): Change => ({ surroundings: { graphics: drivers } });
const efi: EfiSystem = {
  bits: 64,
  systemTable: 0x1000n,
  vendor: 0x2000n,
  runtime: 0x3000n,
  configurationTable: 0x4000n,
  descriptorVersion: 1,
  runtimeMap: [],
};

const rows: readonly Row[] = [
  ['DOCTOR_CAPABILITY', {}, 'ok', /has CAP_SYS_BOOT$/],
  ['DOCTOR_CAPABILITY', { facts: { canBoot: false } }, 'failure', /no CAP_SYS_BOOT/],
  ['DOCTOR_CAPABILITY', { facts: { inUserNamespace: true } }, 'failure', /in its container only/],
  ['DOCTOR_CAPABILITY', snapshot, 'unknown', /does not say/],

  ['DOCTOR_DISABLED', {}, 'ok', /is 0$/],
  ['DOCTOR_DISABLED', { facts: { loadDisabled: true } }, 'failure', /is 1$/],
  ['DOCTOR_DISABLED', without('loadDisabled'), 'unknown', /not there/],

  ['DOCTOR_LIMIT', {}, 'ok', /as you like/],
  ['DOCTOR_LIMIT', { facts: { loadsLeft: { normal: 0 } } }, 'failure', /kexec_load_limit_reboot is 0/],
  ['DOCTOR_LIMIT', { facts: { loadsLeft: { normal: 2, crash: 0 } } }, 'note', /limit_reboot is 2/],
  ['DOCTOR_LIMIT', { ...crash(256n), facts: { loadsLeft: { crash: 0 } } }, 'failure', /limit_panic is 0/],
  ['DOCTOR_LIMIT', snapshot, 'unknown', /not known/],

  ['DOCTOR_ARCHITECTURE', {}, 'ok', /^x86_64$/],
  ['DOCTOR_ARCHITECTURE', { machine: { architecture: 'i386' } }, 'note', /^i386$/],
  ['DOCTOR_ARCHITECTURE', { machine: { architecture: 'i386' }, wanted: ['file'] }, 'failure', /^i386$/],
  ['DOCTOR_ARCHITECTURE', noMachine, 'failure', /neither x86_64 nor i386/],
  ['DOCTOR_ARCHITECTURE', hidden, 'unknown', /could not be read/],

  ['DOCTOR_PROGRAM', { callerAbi: 'i386' }, 'note', /a 32-bit one on a 64-bit kernel/],
  ['DOCTOR_PROGRAM', { callerAbi: 'i386', wanted: ['file'] }, 'failure', /a 32-bit one/],

  ['DOCTOR_KERNEL_CONFIG', {}, 'ok', /6\.12\.1 has kexec_load and kexec_file_load/],
  ['DOCTOR_KERNEL_CONFIG', without('loaded'), 'failure', /kexec_loaded is not there/],
  [
    'DOCTOR_KERNEL_CONFIG',
    { ...crash(256n), facts: { loaded: { normal: false } } },
    'failure',
    /kexec_crash_loaded is not there/,
  ],
  ['DOCTOR_KERNEL_CONFIG', without('config'), 'unknown', /no configuration of 6\.12\.1/],
  ['DOCTOR_KERNEL_CONFIG', snapshot, 'unknown', /no configuration of the kernel/],
  ['DOCTOR_KERNEL_CONFIG', config({ KEXEC: 'n' }), 'note', /CONFIG_KEXEC is not set/],
  [
    'DOCTOR_KERNEL_CONFIG',
    { ...config({ KEXEC: 'n' }), wanted: ['segments'] },
    'failure',
    /CONFIG_KEXEC is not set/,
  ],
  ['DOCTOR_KERNEL_CONFIG', config({ KEXEC_FILE: 'n' }), 'note', /CONFIG_KEXEC_FILE is not set/],
  ['DOCTOR_KERNEL_CONFIG', config({ KEXEC: 'n', KEXEC_FILE: 'n' }), 'failure', /neither/],
  ['DOCTOR_KERNEL_CONFIG', { facts: { config: {} } }, 'failure', /neither/],

  ['DOCTOR_LOCKDOWN', {}, 'ok', /not locked down/],
  ['DOCTOR_LOCKDOWN', { facts: { lockdown: 'integrity' } }, 'note', /locked down \(integrity\)/],
  [
    'DOCTOR_LOCKDOWN',
    { facts: { lockdown: 'confidentiality' }, wanted: ['segments'] },
    'failure',
    /confidentiality/,
  ],
  ['DOCTOR_LOCKDOWN', without('lockdown'), 'unknown', /not there/],

  ['DOCTOR_SECURE_BOOT', {}, 'ok', /no EFI/],
  ['DOCTOR_SECURE_BOOT', { facts: { secureBoot: false } }, 'ok', /^off$/],
  ['DOCTOR_SECURE_BOOT', { facts: { secureBoot: true } }, 'note', /^on$/],
  ['DOCTOR_SECURE_BOOT', { facts: { secureBoot: true, lockdown: 'integrity' } }, 'note', /^on$/],
  ['DOCTOR_SECURE_BOOT', { facts: { secureBoot: true, ...without('lockdown').facts } }, 'warning', /^on$/],
  [
    'DOCTOR_SECURE_BOOT',
    { facts: { secureBoot: true, ...config({ IMA_ARCH_POLICY: 'y' }).facts }, wanted: ['segments'] },
    'failure',
    /policy of IMA/,
  ],
  ['DOCTOR_SECURE_BOOT', { surroundings: { efi: true } }, 'unknown', /EFI variable/],

  ['DOCTOR_SIGNATURE', {}, 'ok', /need not be signed/],
  ['DOCTOR_SIGNATURE', { facts: { lockdown: 'integrity' } }, 'note', /takes signed images only/],
  [
    'DOCTOR_SIGNATURE',
    { facts: { lockdown: 'integrity' }, image: small },
    'note',
    /vmlinuz carries a signature/,
  ],
  [
    'DOCTOR_SIGNATURE',
    { facts: { lockdown: 'integrity' }, image: image({ isSigned: false }) },
    'failure',
    /carries no signature/,
  ],
  [
    'DOCTOR_SIGNATURE',
    { ...config({ KEXEC_SIG_FORCE: 'y' }), image: image({ isSigned: false }) },
    'note',
    /carries no signature/,
  ],
  ['DOCTOR_SIGNATURE', without('config'), 'unknown', /not known/],
  ['DOCTOR_SIGNATURE', without('lockdown'), 'unknown', /not known/],

  ['DOCTOR_XEN', {}, 'ok', /not below Xen/],
  ['DOCTOR_XEN', { surroundings: { xen: { type: 'PV', control: true } } }, 'failure', /dom0/],
  ['DOCTOR_XEN', { surroundings: { xen: { type: 'PVH', control: true } } }, 'failure', /dom0/],
  ['DOCTOR_XEN', { surroundings: { xen: { type: 'PV', control: false } } }, 'failure', /paravirtual guest/],
  ['DOCTOR_XEN', { surroundings: { xen: { type: 'HVM', control: false } } }, 'note', /guest of Xen \(HVM\)/],
  ['DOCTOR_XEN', { surroundings: { xen: { control: false } } }, 'warning', /a guest of Xen$/],
  ['DOCTOR_XEN', snapshot, 'unknown', /snapshot/],

  ['DOCTOR_CONFIDENTIAL_VM', {}, 'ok', /not encrypted/],
  [
    'DOCTOR_CONFIDENTIAL_VM',
    { surroundings: { confidential: 'tdx' }, facts: { release: '6.8.0-31-generic' } },
    'failure',
    /Intel TDX/,
  ],
  [
    'DOCTOR_CONFIDENTIAL_VM',
    { surroundings: { confidential: 'tdx' }, facts: { release: '6.11.0' } },
    'note',
    /Intel TDX/,
  ],
  [
    'DOCTOR_CONFIDENTIAL_VM',
    { surroundings: { confidential: 'tdx' }, facts: { release: '7.0' } },
    'note',
    /Intel TDX/,
  ],
  [
    'DOCTOR_CONFIDENTIAL_VM',
    { surroundings: { confidential: 'tdx' }, wanted: ['segments'] },
    'failure',
    /Intel TDX/,
  ],
  [
    'DOCTOR_CONFIDENTIAL_VM',
    { surroundings: { confidential: 'sev-snp' }, facts: { release: '6.12.117' } },
    'failure',
    /SEV-SNP/,
  ],
  [
    'DOCTOR_CONFIDENTIAL_VM',
    { surroundings: { confidential: 'sev-snp' }, facts: { release: '6.13.0' } },
    'note',
    /SEV-SNP/,
  ],
  ['DOCTOR_CONFIDENTIAL_VM', { surroundings: { confidential: 'sev-es' } }, 'failure', /SEV-ES/],
  ['DOCTOR_CONFIDENTIAL_VM', { surroundings: { confidential: 'sev' } }, 'warning', /AMD SEV\)/],
  ['DOCTOR_CONFIDENTIAL_VM', snapshot, 'unknown', /snapshot/],

  ['DOCTOR_MEMORY_MAP', {}, 'ok', /1 GiB in 1 range /],
  ['DOCTOR_MEMORY_MAP', hidden, 'failure', /all addresses in \/proc\/iomem are zero/],
  ['DOCTOR_MEMORY_MAP', noMachine, 'unknown', /architecture/],

  ['DOCTOR_FIRMWARE_MAP', {}, 'ok', /map of the firmware/],
  ['DOCTOR_FIRMWARE_MAP', { said: ['MACHINE_MEMMAP_MISSING'] }, 'warning', /does not show/],
  ['DOCTOR_FIRMWARE_MAP', { ...hidden, ...config({ FIRMWARE_MEMMAP: 'n' }) }, 'warning', /does not show/],
  ['DOCTOR_FIRMWARE_MAP', hidden, 'unknown', /not read/],

  ['DOCTOR_RAM', {}, 'ok', /800 MiB of 1000 MiB are free: .* initrd of 400 MiB together/],
  ['DOCTOR_RAM', without('memory'), 'unknown', /not known/],
  [
    'DOCTOR_RAM',
    { image: image({ files: 346, waiting: 300n }) },
    'ok',
    /needs 646 MiB, and 800 MiB are free/,
  ],
  ['DOCTOR_RAM', { image: image({ files: 347, waiting: 300n }) }, 'warning', /needs 647 MiB/],
  [
    'DOCTOR_RAM',
    { image: image({ files: 390, waiting: 400n }) },
    'warning',
    /needs 790 MiB \(390 MiB of files, 400 MiB where they wait\)/,
  ],
  [
    'DOCTOR_RAM',
    { image: image({ files: 400, waiting: 401n }) },
    'failure',
    /needs 801 MiB .* 800 MiB are free/,
  ],
  [
    'DOCTOR_RAM',
    { image: image({ files: 1, waiting: 501n }) },
    'failure',
    /takes 501 MiB, and half of RAM is 500 MiB/,
  ],
  ['DOCTOR_RAM', { image: image({ files: 1, waiting: 500n }) }, 'ok', /needs 501 MiB/],
  ['DOCTOR_RAM', { image: image({ files: 401, segments: refusal('X') }) }, 'failure', /needs 802 MiB/],
  ['DOCTOR_RAM', { image: image({ segments: refusal('X'), file: refusal('Y') }) }, 'ok', /are free: enough/],
  ['DOCTOR_RAM', { ...crash(1000n), image: image({ files: 20, waiting: 900n }) }, 'ok', /needs 20 MiB/],

  ['DOCTOR_CRASH_MEMORY', crash(0n), 'failure', /no memory is reserved/],
  ['DOCTOR_CRASH_MEMORY', crash(127n), 'warning', /127 MiB are reserved/],
  ['DOCTOR_CRASH_MEMORY', crash(128n), 'ok', /128 MiB are reserved/],
  ['DOCTOR_CRASH_MEMORY', { ...crash(128n), image: small }, 'warning', /of which the load takes 10 MiB/],
  ['DOCTOR_CRASH_MEMORY', { ...crash(138n), image: small }, 'ok', /of which the load takes 10 MiB/],
  ['DOCTOR_CRASH_MEMORY', { ...crash(10n), image: small }, 'failure', /of which the load takes 10 MiB/],
  [
    'DOCTOR_CRASH_MEMORY',
    { ...crash(256n), image: image({ segments: refusal('X') }) },
    'ok',
    /256 MiB are reserved for a crash kernel$/,
  ],
  [
    'DOCTOR_CRASH_MEMORY',
    { ...hidden, purpose: 'crash', facts: { crashSize: 0n } },
    'failure',
    /no memory is reserved/,
  ],
  ['DOCTOR_CRASH_MEMORY', { ...hidden, purpose: 'crash' }, 'unknown', /not known/],

  ['DOCTOR_DUMP', crash(256n), 'ok', /what its readers need/],
  ['DOCTOR_DUMP', { ...crash(256n), said: ['MACHINE_VMCOREINFO'] }, 'warning', /vmcoreinfo/],
  ['DOCTOR_DUMP', { ...crash(256n), said: ['MACHINE_CRASH_NOTES'] }, 'warning', /registers/],
  ['DOCTOR_DUMP', crash(0n), 'unknown', /not looked at/],

  ['DOCTOR_ACPI', {}, 'ok', /where a BIOS puts them/],
  ['DOCTOR_ACPI', { machine: { firmware: { acpiRsdp: 0xf_0000n } } }, 'ok', /is told/],
  ['DOCTOR_ACPI', { machine: { firmware: { efi } } }, 'ok', /through EFI/],
  ['DOCTOR_ACPI', { machine: { firmware: { efi } }, policy: { efi: false } }, 'warning', /is not told where/],
  ['DOCTOR_ACPI', { surroundings: { efi: true } }, 'warning', /is not told where/],
  ['DOCTOR_ACPI', snapshot, 'unknown', /snapshot/],
  ['DOCTOR_ACPI', hidden, 'unknown', /not read/],

  ['DOCTOR_SCREEN', {}, 'ok', /no framebuffer/],
  [
    'DOCTOR_SCREEN',
    { surroundings: { framebuffers: ['EFI VGA'] }, machine: { firmware: { screen: { screenInfo: '' } } } },
    'ok',
    /\(EFI VGA\) goes on/,
  ],
  ['DOCTOR_SCREEN', { surroundings: { framebuffers: ['EFI VGA'] } }, 'warning', /is not known/],
  ['DOCTOR_SCREEN', graphics('simple-framebuffer'), 'ok', /no framebuffer/],
  ['DOCTOR_SCREEN', graphics('ast'), 'note', /^ast drives the screen/],
  ['DOCTOR_SCREEN', graphics('i915'), 'warning', /^i915 drives the screen/],
  ['DOCTOR_SCREEN', graphics('i915', 'nvidia'), 'warning', /^i915 and nvidia drive the screen/],
  ['DOCTOR_SCREEN', graphics('pvrdma'), 'warning', /^pvrdma drives the screen/],
  ['DOCTOR_SCREEN', snapshot, 'unknown', /not known/],

  ['DOCTOR_LOADED', {}, 'ok', /nothing is loaded/],
  ['DOCTOR_LOADED', { facts: { loaded: { normal: true } } }, 'note', /a kernel is loaded/],
  [
    'DOCTOR_LOADED',
    { ...crash(256n), facts: { loaded: { crash: true } } },
    'note',
    /a crash kernel is loaded/,
  ],
  ['DOCTOR_LOADED', snapshot, 'unknown', /not known/],

  ['DOCTOR_KEXEC_FILE_LOAD', { image: small }, 'ok', /places 5 MiB of files by itself/],
  [
    'DOCTOR_KEXEC_FILE_LOAD',
    { image: image({ file: refusal('X', 'no bzImage', 'use -c') }) },
    'note',
    /^no bzImage$/,
  ],
  ['DOCTOR_KEXEC_LOAD', { image: small }, 'ok', /10 MiB in 1 segment$/],
  [
    'DOCTOR_KEXEC_LOAD',
    { image: image({ segments: refusal('X', 'no place') }), wanted: ['segments'] },
    'failure',
    /^no place$/,
  ],
  [
    'DOCTOR_KEXEC_LOAD',
    { ...hidden, image: { name: 'x', detail: 'x', isSigned: false } },
    'unknown',
    /not planned/,
  ],
];

describe('a check', () => {
  const cases = rows.map(([code, change, level, words]) => ({ code, change, level, words }));
  it.each(cases)('$code, $level: $words', ({ code, change, level, words }) => {
    const found = diagnose(situation(change)).findings.find((finding) => finding.code === code);
    expect(found).toMatchObject({ level });
    expect(found?.finding).toMatch(words);
  });

  it('is tried in every way that it can come out, and says what to do where something is to be done', () => {
    const tried = new Set(rows.map(([code]) => code));
    expect(Object.keys(doctorCodes).filter((code) => !tried.has(code as DoctorCode))).toEqual([]);
    expect(checks.map(({ code }) => code).sort()).toEqual(Object.keys(doctorCodes).sort());
    for (const [, change] of rows) {
      for (const { level, cure, consequence } of diagnose(situation(change)).findings) {
        const isBad = level === 'failure' || level === 'warning';
        expect([cure !== undefined, consequence !== undefined || !isBad]).toEqual([isBad, true]);
        if (cure !== undefined) expect(cure).toMatch(/^[A-Z"].*\.$/);
      }
    }
  });
});

describe('the diagnosis', () => {
  const levelsOf = (change: Change): readonly Level[] =>
    diagnose(situation(change)).findings.map(({ level }) => level);

  it('of a healthy machine finds nothing to say but that all is well', () => {
    expect(new Set(levelsOf({}))).toEqual(new Set(['ok']));
    expect(diagnose(situation())).toMatchObject({
      can: true,
      ways: [
        { method: 'file', open: true, stoppedBy: [] },
        { method: 'segments', open: true, stoppedBy: [] },
      ],
    });
  });

  it('calls what stops one way a failure only where no other way remains', () => {
    const locked: Change = { facts: { lockdown: 'integrity' } };
    expect(diagnose(situation(locked))).toMatchObject({
      can: true,
      ways: [{ open: true }, { open: false, stoppedBy: ['DOCTOR_LOCKDOWN'] }],
    });
    expect(levelsOf(locked)).not.toContain('failure');
    const unsigned = diagnose(situation({ ...locked, image: image({ isSigned: false }) }));
    expect(unsigned.can).toBe(false);
    expect(unsigned.findings.filter(({ level }) => level === 'failure')).toMatchObject([
      { code: 'DOCTOR_LOCKDOWN', stops: ['segments'] },
      { code: 'DOCTOR_SIGNATURE', stops: ['file'] },
    ]);
  });

  it('does not count what stops a way that was not asked for', () => {
    const asked = diagnose(
      situation({ facts: { lockdown: 'integrity', loadDisabled: true }, wanted: ['file'] }),
    );
    expect(asked.ways).toEqual([{ method: 'file', open: false, stoppedBy: ['DOCTOR_DISABLED'] }]);
    expect(asked.findings.filter(({ level }) => level === 'failure')).toMatchObject([
      { code: 'DOCTOR_DISABLED' },
    ]);
    expect(asked.findings.find(({ code }) => code === 'DOCTOR_LOCKDOWN')).toMatchObject({ level: 'note' });
  });

  it('has the worst first', () => {
    const levels = levelsOf({ facts: { loadDisabled: true, canBoot: false }, ...graphics('nvidia', 'i915') });
    expect(levels.slice(0, 4)).toEqual(['failure', 'failure', 'warning', 'ok']);
  });
});
