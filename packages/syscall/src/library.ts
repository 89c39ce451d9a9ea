import { createRequire } from 'node:module';
import type * as koffiModule from 'koffi';

type Koffi = typeof koffiModule;

/** The C library of this process, as much of it as is needed. */
export interface Library {
  /** `syscall(2)`: the result, and the error number where that is -1. */
  syscall(number: number, ...words: readonly bigint[]): { readonly value: number; readonly errno: number };
  sync(): void;
  /** Where a buffer's bytes are in this process. */
  addressOf(buffer: Uint8Array): bigint;
}

const WORDS = 5;

let library: Library | undefined;

/**
 * Loads the FFI library at the first call, since most programs never make one. The symbols are those of the whole process
 * and not of one file: what was preloaded sees our calls as it sees everybody's.
 */
export function loadLibrary(): Library {
  library ??= bind(createRequire(import.meta.url)('koffi') as Koffi);
  return library;
}

function bind(koffi: Koffi): Library {
  const libc = koffi.load(null);
  const word = koffi.sizeof('void *') === 8 ? 'uint64_t' : 'uint32_t';
  const syscall = libc.func('syscall', 'long', ['long', ...Array<string>(WORDS).fill(word)]);
  const sync = libc.func('sync', 'void', []);
  return {
    syscall: (number, ...words) => {
      const padded = [...words, ...Array<bigint>(WORDS - words.length).fill(0n)];
      const value = Number(syscall(number, ...padded));
      return { value, errno: value === -1 ? koffi.errno() : 0 };
    },
    sync: () => void sync(),
    addressOf: (buffer) => koffi.address(buffer),
  };
}
