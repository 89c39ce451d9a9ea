import type { SyscallPort } from '@kexec-kit/syscall';
import type { Discovery } from './discover.js';
import type { Colours } from './terminal.js';

/** Everything a command may touch of the world outside: handed in, so that tests hand in their own. */
export interface Context {
  /** The version of this program. */
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The loaders installed beside this program; looked for once, when first asked. */
  readonly discover: () => Discovery;
  readonly system: System;
  /** Aborted on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** The running system, which commands such as `load` change. */
export interface System {
  /** Where /proc, /sys and /run are: `/`. */
  readonly root: string;
  /** In place of the real system calls. */
  readonly syscalls?: SyscallPort;
  /** Runs a program with our own streams; its exit status, 126 where it cannot be run, or undefined where there is none. */
  readonly runProgram: (path: string, args: readonly string[]) => Promise<number | undefined>;
}

/** A stream for people or programs. */
export interface Output {
  write(text: string | Uint8Array): void;
  readonly colours: Colours;
  /** A terminal: progress may be shown and rewritten. */
  readonly terminal: boolean;
  /** Columns; 80 where there is no terminal. */
  readonly width: number;
}
