/** What a kernel is told of who boots it. */
export const NAME = 'kexec-kit';
export const VERSION = '0.1.0';
