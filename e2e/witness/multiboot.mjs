// @ts-check
/** Witnesses of both Multiboot protocols, as rows of the table in build.mjs. */
import { elf, linked } from './formats.mjs';
import { run } from './toolchain.mjs';

/** Where a kernel that maps itself elsewhere is linked to run. */
const upper = 0xc1000000;
const first = ['multiboot/header.S', 'multiboot/multiboot.c'];
const second = ['multiboot/header2.S', 'multiboot/multiboot2.c'];

/** @type {Readonly<Record<string, (name: string, scratch: string) => string>>} */
export const multiboot = {
  multiboot: elf({ width: 32, parts: first, physical: linked, virtual: upper }),
  'multiboot-flat': flat(first),
  multiboot2: elf({ width: 32, parts: second, physical: linked, virtual: upper }),
  'multiboot2-flat': flat(second),
  'multiboot2-asks': elf({ width: 32, parts: second, physical: linked, flags: ['-DASKS'] }),
  'multiboot2-none': moving(0),
  'multiboot2-low': moving(1),
  'multiboot2-high': moving(2),
};

/** @param {number} preference Of the relocatable image tag. */
function moving(preference) {
  const flags = [`-DPREFERENCE=${String(preference)}`];
  return elf({ width: 32, parts: second, physical: linked, flags });
}

/**
 * The same without an ELF file around it: where it goes stands in its Multiboot header.
 *
 * @param {readonly string[]} parts
 * @returns {(name: string, scratch: string) => string}
 */
function flat(parts) {
  const image = elf({ width: 32, parts, physical: linked, flags: ['-DLOADED'] });
  return (name, scratch) => {
    const linkedImage = image(name, scratch);
    run('objcopy', ['-O', 'binary', linkedImage, `${linkedImage}.flat`]);
    return `${linkedImage}.flat`;
  };
}
