// @ts-check

/**
 * The packages in which a slip would be silent, since what they compute is believed by everything after them; and whose tests are
 * run against a change of each: its own, and for two of them those of the loader that is made of it.
 *
 * `ignoreStatic`: what is computed once, when a module is loaded, takes all tests for each change, and in `link` most of the time.
 * `without`: files of its own tests that are left out, so that the run ends; what only they notice counts as a survivor. The
 * properties of `link` try thousands of machines, which takes most of the time.
 *
 * @type {Readonly<Record<string, { testsOf: readonly string[], without?: readonly string[], ignoreStatic?: boolean }>>}
 */
export const mutated = {
  memory: { testsOf: ['memory'] },
  elf: { testsOf: ['elf', 'loader-elf'] },
  'linux-boot': { testsOf: ['linux-boot', 'loader-bzimage'] },
  link: { testsOf: ['link'], without: ['properties'], ignoreStatic: true },
  'multiboot-info': { testsOf: ['multiboot-info'] },
};
