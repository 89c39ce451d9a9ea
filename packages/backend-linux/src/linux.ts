import type { LinuxBackend, LinuxBackendOptions } from './backend.js';

/**
 * The running Linux as a backend.
 *
 * @example
 * ```ts no-run
 * const backend = linuxBackend();
 * const loaded = await backend.apply(submission, read);
 * if (loaded.ok) await backend.execute('normal');
 * ```
 */
export function linuxBackend(options?: LinuxBackendOptions): LinuxBackend {
  throw new Error(`not yet: ${JSON.stringify(options)}`);
}
