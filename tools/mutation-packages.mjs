// @ts-check

/**
 * The packages in which a slip would be silent, since what they compute is believed by everything after them. Only a package's own
 * tests are run against each change: they are to hold alone, and those of a loader made of it take three times as long.
 *
 * `ignoreStatic`: what is computed once, when a module is loaded, takes all tests for each change, and in `link` most of the time.
 * `without`: files of its own tests that are left out, so that the run ends; what only they notice counts as a survivor. The
 * properties of `link` try thousands of machines, which takes most of the time.
 *
 * @type {Readonly<Record<string, { without?: readonly string[], ignoreStatic?: boolean }>>}
 */
export const mutated = {
  memory: {},
  elf: {},
  'linux-boot': {},
  link: { without: ['properties'], ignoreStatic: true },
  'multiboot-info': {},
};
