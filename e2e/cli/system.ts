/* eslint-disable kexec-kit/imports -- the command line exports nothing, and must not touch the machine that tests it */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { KexecFileLoadCall, KexecLoadCall, SyscallPort, SyscallResult } from '@kexec-kit/syscall';
import { root as repository } from '../../tools/workspace.mjs';
import type { Context } from '../../packages/cli/src/context.js';
import { discover } from '../../packages/cli/src/discover.js';
import { run as runKexec } from '../../packages/cli/src/kexec/run.js';
import { run as runKexecKit } from '../../packages/cli/src/main.js';
import { coloursFor } from '../../packages/cli/src/terminal.js';

/** One system call as it was made. */
export type Call =
  | ({ readonly call: 'kexec_load' } & KexecLoadCall)
  | ({ readonly call: 'kexec_file_load' } & KexecFileLoadCall)
  | { readonly call: 'sync' | 'reboot' };

/** What a command line came to. */
export interface Came {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly Call[];
  /** The programs that were run, as words. */
  readonly programs: readonly string[];
}

/** A machine that is not ours: files of a recorded one, and system calls that are written down. */
export interface System {
  readonly root: string;
  put(path: string, text: string): void;
  /** Takes a file away. */
  take(path: string): void;
  readonly kexec: (...argv: readonly string[]) => Promise<Came>;
  readonly kexecKit: (...argv: readonly string[]) => Promise<Came>;
  remove(): void;
}

export interface SystemOptions {
  /** A recorded machine of packages/machine/fixtures/trees. Default `small`. */
  readonly machine?: string;
  /** Error numbers by call: what the kernel answers. */
  readonly answers?: Partial<Record<'kexec_load' | 'kexec_file_load' | 'reboot', number>>;
  /** Exit statuses by program; what is not here is not there. */
  readonly programs?: Readonly<Record<string, number>>;
}

const bootId = '6d1f9a52-7d1c-4c0e-8a43-2f6f3c0c6b5e\n';
const allCapabilities = 'CapEff:\t000001ffffffffff\n';

export function madeUpSystem({ machine = 'small', answers = {}, programs = {} }: SystemOptions = {}): System {
  const root = mkdtempSync(join(tmpdir(), 'kexec-kit-system-'));
  const put = (path: string, content: string | Uint8Array): void => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), content);
  };
  for (const [path, content] of Object.entries(recordedFiles(machine))) {
    put(path, typeof content === 'string' ? content : Buffer.from(content.base64, 'base64'));
  }
  put('/sys/kernel/kexec_loaded', '0\n');
  put('/sys/kernel/kexec_crash_loaded', '0\n');
  put('/proc/sys/kernel/random/boot_id', bootId);
  put('/proc/self/status', allCapabilities);
  put('/proc/self/uid_map', '         0          0 4294967295\n');
  const start =
    (run: (argv: readonly string[], context: Context) => Promise<number>) =>
    async (...argv: readonly string[]): Promise<Came> => {
      const [stdout, stderr, ran] = [[], [], []] as [string[], string[], string[]];
      const calls: Call[] = [];
      const status = await run(argv, {
        version: '0.0.0',
        stdout: outputInto(stdout),
        stderr: outputInto(stderr),
        env: {},
        discover: () => discover(join(repository, 'packages/cli/bin/kexec-kit.mjs')),
        system: {
          root,
          syscalls: recording(calls, answers, put),
          runProgram: (path, args) => {
            ran.push([path, ...args].join(' '));
            return Promise.resolve(programs[path]);
          },
        },
        signal: new AbortController().signal,
      });
      return { status, stdout: stdout.join(''), stderr: stderr.join(''), calls, programs: ran };
    };
  return {
    root,
    put,
    take: (path) => {
      rmSync(join(root, path));
    },
    kexec: start(runKexec),
    kexecKit: start(runKexecKit),
    remove: () => {
      rmSync(root, { recursive: true });
    },
  };
}

function recordedFiles(name: string): Readonly<Record<string, string | { readonly base64: string }>> {
  const file = join(repository, 'packages/machine/fixtures/trees', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as ReturnType<typeof recordedFiles>;
}

/** System calls that are written down, and whose effect is seen in /sys as the kernel shows it. */
function recording(
  calls: Call[],
  answers: NonNullable<SystemOptions['answers']>,
  put: (path: string, text: string) => void,
): SyscallPort {
  const answer = (call: keyof typeof answers, effect: () => void): SyscallResult => {
    const errno = answers[call];
    if (errno !== undefined) return { ok: false, errno, name: `errno ${String(errno)}` };
    effect();
    return { ok: true };
  };
  const show = (isCrash: boolean, isLoaded: boolean): void => {
    put(`/sys/kernel/${isCrash ? 'kexec_crash_loaded' : 'kexec_loaded'}`, isLoaded ? '1\n' : '0\n');
  };
  return {
    kexecLoad: (call) => {
      calls.push({ call: 'kexec_load', ...call });
      return answer('kexec_load', () => {
        show((call.flags & 1) !== 0, call.segments.length > 0);
      });
    },
    kexecFileLoad: (call) => {
      calls.push({ call: 'kexec_file_load', ...call });
      return answer('kexec_file_load', () => {
        show((call.flags & 2) !== 0, (call.flags & 1) === 0);
      });
    },
    rebootKexec: () => {
      calls.push({ call: 'reboot' });
      return answer('reboot', () => undefined);
    },
    sync: () => void calls.push({ call: 'sync' }),
    memoryFile: () => ({ ok: false, errno: 38, name: 'ENOSYS' }),
  };
}

function outputInto(written: string[]): Context['stdout'] {
  return {
    write: (text) => void written.push(Buffer.from(text).toString()),
    colours: coloursFor(false, {}),
    terminal: false,
    width: 80,
  };
}
