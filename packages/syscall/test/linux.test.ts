import { closeSync, readlinkSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { ERRNO, errnoName, linuxSyscalls } from '../src/index.js';

const syscalls = linuxSyscalls();
/** No kernel knows this flag: whoever makes these calls, nothing is loaded or unloaded. */
const UNKNOWN_FLAG = 0x8000;
/** Not built, not allowed, or, where both are, not valid. */
const REFUSED = ['ENOSYS', 'EPERM', 'EINVAL'];

describe('the system calls of this machine', () => {
  it('kexec_load is really made, and its error number comes back', () => {
    const segments = [{ buffer: new Uint8Array(3), address: 0x1000n, memorySize: 0x1000n }];
    for (const each of [[], segments]) {
      const result = syscalls.kexecLoad({ entry: 0n, segments: each, flags: UNKNOWN_FLAG });
      expect(result.ok ? 'ok' : result.name).toBeOneOf(REFUSED);
    }
  });

  it('kexec_file_load is really made, with a command line and without', () => {
    for (const commandLine of ['quiet', undefined]) {
      const call = { kernel: -1, flags: UNKNOWN_FLAG, ...(commandLine !== undefined && { commandLine }) };
      const result = syscalls.kexecFileLoad(call);
      expect(result.ok ? 'ok' : result.name).toBeOneOf(REFUSED);
    }
  });

  it('a file in memory holds what is written to it, under no name', () => {
    const file = syscalls.memoryFile('a test');
    if (!file.ok) throw new Error(file.name);
    const content = Buffer.alloc(5);
    expect(writeSync(file.descriptor, 'hello')).toBe(5);
    expect(readSync(file.descriptor, content, 0, 5, 0)).toBe(5);
    expect(content.toString()).toBe('hello');
    expect(readlinkSync(`/proc/self/fd/${file.descriptor}`)).toBe('/memfd:a test (deleted)');
    closeSync(file.descriptor);
  });

  it('a value that does not fit is an exception before any call', () => {
    expect(() => syscalls.kexecLoad({ entry: 1n << 64n, segments: [], flags: UNKNOWN_FLAG })).toThrow(
      RangeError,
    );
    expect(() => syscalls.kexecLoad({ entry: -1n, segments: [], flags: UNKNOWN_FLAG })).toThrow(RangeError);
  });

  it('the buffers of all disks are written', () => {
    expect(() => {
      syscalls.sync();
    }).not.toThrow();
  });
});

describe('error numbers', () => {
  it('have the names of the operating system', () => {
    const known: Readonly<Record<string, number>> = constants.errno;
    for (const [name, value] of Object.entries(ERRNO)) {
      expect(known[name] ?? value).toBe(value);
      expect(errnoName(value)).toBe(name);
    }
  });

  it('without a name keep their number', () => {
    expect(errnoName(4095)).toBe('errno 4095');
  });
});
