/** Of this package. */
export const VERSION = '0.1.0';

/** What a kernel is told of who boots it. */
export const BOOT_LOADER_NAME = `kexec-kit ${VERSION}`;
