import { describe, expect, it } from 'vitest';
import { range, type Machine, type PlacedSegment, type Submission } from '@kexec-kit/loader-api';
import type { LoadFacts } from '@kexec-kit/machine';
import { ERRNO } from '@kexec-kit/syscall';
import { explainErrno, linuxCodes, type ErrnoContext } from '../src/index.js';
import { fileFor, segmentsFor, sourceOf } from './host.js';

const MiB = 1n << 20n;
const machine: Machine = {
  architecture: 'x86_64',
  told: [{ ...range(0n, 1024n * MiB), kind: 'ram' }],
  usable: [range(0x1000n, 1024n * MiB)],
  crashKernel: [],
  commandLine: '',
  cpus: 1,
  firmware: {},
};
const withCrash: Machine = { ...machine, crashKernel: [range(256n * MiB, 512n * MiB)] };
const memory = { total: 1024n * MiB, available: 700n * MiB };

function segment(start: bigint, memorySize: bigint, content = 0n): PlacedSegment {
  return { start, memorySize, parts: [{ source: 'x', offset: 0, length: Number(content) }], pieces: [] };
}

function segments(...placed: PlacedSegment[]): Submission {
  return segmentsFor(machine, placed);
}

function crash(...placed: PlacedSegment[]): Submission {
  return segmentsFor(machine, placed, { purpose: 'crash' });
}

const file = fileFor(machine, { sources: [sourceOf('image', '/boot/vmlinuz', Buffer.alloc(9))] });

/** What went wrong, what is known, and what the message must say. */
const rows: readonly (readonly [keyof typeof ERRNO, Omit<Partial<ErrnoContext>, 'errno'>, RegExp])[] = [
  ['EPERM', { facts: { canBoot: false, lockdown: 'integrity' } }, /no CAP_SYS_BOOT$/],
  ['EPERM', { facts: { canBoot: true, inUserNamespace: true } }, /user namespace/],
  ['EPERM', { facts: { canBoot: true, loadDisabled: true } }, /kernel\.kexec_load_disabled is 1/],
  ['EPERM', { facts: { loadsLeft: { normal: 0 } } }, /kernel\.kexec_load_limit_reboot is 0/],
  ['EPERM', { submission: crash(), facts: { loadsLeft: { crash: 0 } } }, /kexec_load_limit_panic is 0/],
  [
    'EPERM',
    { facts: { lockdown: 'integrity', secureBoot: true } },
    /locked down \(integrity, by Secure Boot\)/,
  ],
  [
    'EPERM',
    { call: 'kexec_file_load', facts: { lockdown: 'confidentiality' } },
    /does not trust the signature/,
  ],
  [
    'EPERM',
    { facts: { canBoot: true, loadDisabled: false, lockdown: 'none' } },
    /a filter or a security module/,
  ],
  [
    'EPERM',
    { call: 'reboot', facts: { canBoot: true, loadDisabled: true } },
    /a filter or a security module/,
  ],
  ['EACCES', {}, /security module/],
  ['EBUSY', {}, /another process/],
  [
    'EINVAL',
    { submission: segments(...(Array(17).fill(segment(0x1000n, 0x1000n)) as PlacedSegment[])) },
    /there are 17 segments, and the kernel takes 16/,
  ],
  [
    'EINVAL',
    { submission: segments(), machine: { ...machine, architecture: 'i386' } },
    /for a running x86_64 kernel, and this one is i386/,
  ],
  [
    'EINVAL',
    { submission: segments(segment(MiB, 513n * MiB)), facts: { memory } },
    /takes 513\.0 MiB, and more than half of RAM \(512\.0 MiB\)/,
  ],
  [
    'EINVAL',
    { submission: segments(segment(MiB, 2n * MiB), segment(2n * MiB, MiB)) },
    /segment 1 \(piece-1\) at 0x200000-0x300000 overlaps/,
  ],
  [
    'EINVAL',
    { submission: segments(segment(MiB, MiB)), facts: { memory } },
    /too many segments, more than half of RAM/,
  ],
  ['EINVAL', { call: 'kexec_file_load', submission: file }, /command line \(5 bytes\)/],
  ['EINVAL', { call: 'reboot', facts: { loaded: { normal: false } } }, /nothing is loaded/],
  ['EINVAL', { call: 'reboot' }, /PID namespace/],
  [
    'ENOMEM',
    { submission: segments(segment(MiB, 800n * MiB, 90n * MiB)), facts: { memory } },
    /needs 800\.0 MiB of free memory \(swap does not count\), and 700\.0 MiB are available/,
  ],
  [
    'ENOMEM',
    { submission: crash(segment(256n * MiB, 256n * MiB - 0x1000n)), machine: withCrash, facts: { memory } },
    /256\.0 MiB reserved for a crash kernel 4096 bytes are left, and the kernel needs 1\.0 MiB/,
  ],
  ['EADDRNOTAVAIL', { submission: crash(), machine }, /no memory is reserved for a crash kernel/],
  [
    'EADDRNOTAVAIL',
    { submission: crash(segment(MiB, MiB)), machine: withCrash },
    /segment 0 \(piece-0\) at 0x100000-0x200000 is not in the memory reserved/,
  ],
  ['EADDRNOTAVAIL', { submission: segments(segment(1n << 46n, MiB)), machine }, /ends above 0x400000000000/],
  ['EADDRNOTAVAIL', { submission: segments(segment(0x1234n, 0x1000n)), machine }, /not made of whole pages/],
  ['EADDRNOTAVAIL', { call: 'kexec_file_load', submission: file, machine }, /no hole for 9 bytes of files/],
  ['ENOEXEC', { call: 'kexec_file_load', submission: file }, /does not recognise the file/],
  ['ENOSYS', { facts: { config: { KEXEC: 'n', KEXEC_FILE: 'y' } } }, /without kexec_load \(CONFIG_KEXEC\)/],
  [
    'ENOSYS',
    { call: 'kexec_file_load', facts: { config: { KEXEC: 'y' } } },
    /without kexec_file_load \(CONFIG_KEXEC_FILE\)/,
  ],
  ['ENOSYS', { facts: { config: {} } }, /built without kexec \(/],
  [
    'EKEYREJECTED',
    { call: 'kexec_file_load', submission: file, facts: { lockdown: 'integrity' } },
    /signature of \/boot\/vmlinuz does not hold.*locked down \(integrity\)/,
  ],
  [
    'ENOKEY',
    { call: 'kexec_file_load', submission: file, facts: { config: { KEXEC_SIG_FORCE: 'y' } } },
    /\/boot\/vmlinuz is signed with a key.*CONFIG_KEXEC_SIG_FORCE/,
  ],
  ['ENODATA', { call: 'kexec_file_load', submission: file }, /\/boot\/vmlinuz is not signed$/],
  ['EBADMSG', { call: 'kexec_file_load', submission: file }, /signature of \/boot\/vmlinuz is malformed/],
  ['ELIBBAD', { call: 'kexec_file_load', submission: file }, /\/boot\/vmlinuz is no well-formed PE/],
  ['ENOPKG', { call: 'kexec_file_load', submission: file }, /algorithm that the running kernel lacks/],
  ['EMSGSIZE', { call: 'kexec_file_load', submission: file }, /signature of \/boot\/vmlinuz is too long/],
  ['EOPNOTSUPP', {}, /confidential VMs/],
  ['ETXTBSY', {}, /open for writing/],
];

describe('an errno is explained', () => {
  it.each(rows)('%s %#', (name, context, message) => {
    const diagnostic = explainErrno({ call: 'kexec_load', ...context, errno: ERRNO[name] });
    expect(diagnostic.message).toMatch(message);
    expect(diagnostic.message.startsWith(`${context.call ?? 'kexec_load'} failed with ${name}: `)).toBe(true);
    expect(diagnostic.code).toBe(`LINUX_${name === 'EOPNOTSUPP' ? 'ENOTSUP' : name}`);
    expect(diagnostic.severity).toBe('error');
    expect(diagnostic.hint).toMatch(/\.$/);
    expect(linuxCodes).toHaveProperty(diagnostic.code);
  });

  it('by name where it is not known, without a guess', () => {
    expect(explainErrno({ call: 'kexec_load', errno: ERRNO.EFAULT })).toMatchObject({
      code: 'LINUX_ERRNO',
      message: expect.stringContaining('kexec_load failed with EFAULT') as unknown,
    });
    expect(explainErrno({ call: 'reboot', errno: 9999 }).message).toContain('errno 9999');
  });

  it('with other causes behind the likeliest, unless one is known', () => {
    const facts: LoadFacts = { lockdown: 'integrity' };
    expect(explainErrno({ call: 'kexec_file_load', errno: ERRNO.EPERM, facts }).hint).toContain(
      'If it is not that: a filter or a security module',
    );
    expect(explainErrno({ call: 'kexec_load', errno: ERRNO.EPERM, facts }).hint).not.toContain('not that');
  });

  it('sends to the doctor where the cause is not sure and could have been seen before', () => {
    const hint = (name: keyof typeof ERRNO, facts: LoadFacts = {}) =>
      explainErrno({ call: 'kexec_load', errno: ERRNO[name], facts }).hint;
    expect(hint('EPERM')).toMatch(/ "kexec-kit doctor" looks at everything that may stand in the way\.$/);
    expect(hint('EPERM', { canBoot: false })).not.toContain('doctor');
    expect(hint('EBUSY')).not.toContain('doctor');
  });

  it("with the plan's own numbers, and what the kernel says", () => {
    const facts: LoadFacts = { memory, canBoot: true, loadDisabled: false, lockdown: 'none' };
    const submission = segments(segment(MiB, 3n * MiB), segment(8n * MiB, MiB));
    expect(explainErrno({ call: 'kexec_load', errno: ERRNO.EBUSY, submission, facts }).found).toBe(
      '2 segments of 4.0 MiB in all, 1.0 GiB of RAM with 700.0 MiB available, CAP_SYS_BOOT, kexec_load_disabled 0, lockdown none',
    );
  });
});

it('every code has a cause and a cure that are sentences', () => {
  for (const { cause, cure } of Object.values(linuxCodes)) {
    expect(cause).toMatch(/^[A-Z].*\.$/);
    expect(cure).toMatch(/^\S.*[.)]$/);
  }
});
