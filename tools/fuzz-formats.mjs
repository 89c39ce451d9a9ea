// @ts-check
/** What `npm run fuzz` knows by name; a test holds it equal to e2e/fuzz/targets. */
export const formats = [
  'bzimage',
  'uki',
  'elf',
  'pvh',
  'multiboot',
  'multiboot2',
  'xen',
  'linux-boot',
  'multiboot-info',
  'structures',
  'gzip',
  'zstd',
  'xz',
  'lzma',
  'bzip2',
  'lz4',
  'lzo',
  'submission',
  'snapshot',
  'machine',
  'boot-entries',
];

/** Broken on purpose, for the tests of the fuzzer; not among `all`. @type {string[]} */
export const planted = [
  'planted-throws',
  'planted-loops',
  'planted-allocates',
  'planted-gathers',
  'planted-writes',
  'planted-remembers',
  'planted-hides',
  'planted-overlaps',
  'planted-whole-buffer',
  'planted-behind',
  'planted-writes-behind',
];
