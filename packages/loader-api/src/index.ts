/**
 * What a kexec-kit loader or backend implements.
 *
 * A loader is an assembler, the core is the linker, a backend is the hand that applies it: nothing in this package
 * knows a machine, a file or a syscall. Everything is plain data or a pure function.
 *
 * @packageDocumentation
 */
export * from './address.js';
export * from './diagnostic.js';
export * from './engines.js';
export * from './loader.js';
export * from './machine.js';
export * from './option.js';
export * from './plan.js';
export * from './source.js';
export * from './submission.js';
