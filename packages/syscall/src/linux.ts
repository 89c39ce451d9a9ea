import { errnoName, ERRNO } from './errno.js';
import { layoutOf, segmentTable, word, type Layout } from './layout.js';
import { loadLibrary, type Library } from './library.js';
import type { Failed, KexecFileLoadCall, KexecLoadCall, SyscallPort, SyscallResult } from './port.js';

/** linux/reboot.h: two magic numbers, and the command. */
const REBOOT_MAGIC = [0xfee1deadn, 0x28121969n] as const;
const REBOOT_CMD_KEXEC = 0x45584543n;
const MFD_CLOEXEC = 1n;

/**
 * The system calls of the running Linux, with the layouts of this program's word size. Nothing is loaded before the first
 * call.
 *
 * @example
 * ```ts no-run
 * const unloaded = linuxSyscalls().kexecLoad({ entry: 0n, segments: [], flags: KEXEC.ARCH_X86_64 });
 * if (!unloaded.ok) unloaded.name; // e.g. 'EPERM'
 * ```
 */
export function linuxSyscalls(): SyscallPort {
  const layout = layoutOf(process.arch);
  return {
    kexecLoad: (call) => kexecLoad(layout, loadLibrary(), call),
    kexecFileLoad: (call) => kexecFileLoad(layout, loadLibrary(), call),
    rebootKexec: () => resultOf(loadLibrary().syscall(layout.reboot, ...REBOOT_MAGIC, REBOOT_CMD_KEXEC, 0n)),
    sync: () => {
      loadLibrary().sync();
    },
    memoryFile: (name) => memoryFile(layout, loadLibrary(), name),
  };
}

function kexecLoad(layout: Layout, library: Library, call: KexecLoadCall): SyscallResult {
  const { entry, segments, flags } = call;
  const table = segmentTable(layout, segments, (buffer) => library.addressOf(buffer));
  const address = segments.length === 0 ? 0n : library.addressOf(table);
  const words = [word(layout, entry), BigInt(segments.length), address, BigInt(flags)];
  return keeping([table, call], () => resultOf(library.syscall(layout.kexecLoad, ...words)));
}

function kexecFileLoad(layout: Layout, library: Library, call: KexecFileLoadCall): SyscallResult {
  if (layout.kexecFileLoad === undefined) return failed(ERRNO.ENOSYS);
  const { kernel, initrd = -1, commandLine, flags } = call;
  const text = commandLine === undefined ? undefined : Buffer.from(`${commandLine}\0`);
  const words = [
    descriptor(kernel),
    descriptor(initrd),
    BigInt(text?.length ?? 0),
    text === undefined ? 0n : library.addressOf(text),
    BigInt(flags),
  ];
  const number = layout.kexecFileLoad;
  return keeping([text], () => resultOf(library.syscall(number, ...words)));
}

function memoryFile(layout: Layout, library: Library, name: string): ReturnType<SyscallPort['memoryFile']> {
  const text = Buffer.from(`${name}\0`);
  const words = [library.addressOf(text), MFD_CLOEXEC];
  const { value, errno } = keeping([text], () => library.syscall(layout.memfdCreate, ...words));
  return value === -1 ? failed(errno) : { ok: true, descriptor: value };
}

const kept = new Set<unknown>();

/** The kernel is handed addresses, of which the garbage collector knows nothing: what is there must be referred to meanwhile. */
function keeping<T>(held: readonly unknown[], call: () => T): T {
  kept.add(held);
  try {
    return call();
  } finally {
    kept.delete(held);
  }
}

/** An int in a register: -1 is all ones. */
function descriptor(value: number): bigint {
  return BigInt.asUintN(32, BigInt(value));
}

function resultOf({ value, errno }: ReturnType<Library['syscall']>): SyscallResult {
  return value === -1 ? failed(errno) : { ok: true };
}

function failed(errno: number): Failed {
  return { ok: false, errno, name: errnoName(errno) };
}
