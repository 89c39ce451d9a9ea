import type { Section, Slice } from './sections.js';

/** What a UKI is made of, by section name: UKI specification, "UKI Components". Not the sections of the stub itself. */
export type Components = ReadonlyMap<string, Slice>;

const NAMES: ReadonlySet<string> = new Set([
  ...['.linux', '.osrel', '.cmdline', '.initrd', '.ucode', '.splash', '.dtb', '.dtbauto', '.efifw', '.hwids'],
  ...['.uname', '.sbat', '.pcrsig', '.pcrpkey', '.profile'],
]);

/** As many as systemd-boot lists. */
const MOST_PROFILES = 256;

/**
 * The profiles of a UKI, each with what it takes from the base profile: everything that it does not bring itself. An image
 * without a `.profile` section has one.
 *
 * @example
 * ```ts
 * const [first] = profilesOf([{ name: '.linux', offset: 0x400, size: 10 }]);
 * first?.get('.linux')?.offset; // 0x400
 * ```
 */
export function profilesOf(sections: readonly Section[]): readonly Components[] {
  const [base = [], ...own] = groupsOf(sections);
  if (own.length === 0) return [componentsOf(base)];
  const inherited = [...componentsOf(base)];
  return own.slice(0, MOST_PROFILES).map((group) => new Map([...inherited, ...componentsOf(group)]));
}

/** The sections up to the first `.profile`, then those from each `.profile` on: UKI specification, "Multi-Profile UKIs". */
function groupsOf(sections: readonly Section[]): readonly (readonly Section[])[] {
  const groups: Section[][] = [[]];
  for (const section of sections) {
    if (section.name === '.profile') groups.push([]);
    groups.at(-1)?.push(section);
  }
  return groups;
}

/** Each name is there once; where it is not, the stub takes the first. */
function componentsOf(sections: readonly Section[]): Components {
  const ours = sections.filter(({ name }) => NAMES.has(name));
  return new Map(ours.reverse().map(({ name, offset, size }) => [name, { offset, size }]));
}
