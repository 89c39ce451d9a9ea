/** `ei_class` (gABI, "ELF Identification"). */
export const ELFCLASS32 = 1;
export const ELFCLASS64 = 2;
/** `ei_data` (gABI, "ELF Identification"). */
export const ELFDATA2LSB = 1;
export const ELFDATA2MSB = 2;
/** `ei_osabi`: the file uses extensions of the GNU tool chain, which only user programs can. */
export const ELFOSABI_GNU = 3;

/** `e_type` (gABI, "ELF Header"). */
export const ET_REL = 1;
export const ET_EXEC = 2;
export const ET_DYN = 3;
export const ET_CORE = 4;

/** `e_machine` (gABI, "Machine Information"). */
export const EM_386 = 3;
export const EM_X86_64 = 62;

/** `e_phnum` when the number does not fit: it then stands in a section header (gABI, "ELF Header"). */
export const PN_XNUM = 0xffff;

/** `p_type` (gABI, "Segment Types"; the GNU ones: Linux Extensions to gABI). */
export const PT_LOAD = 1;
export const PT_DYNAMIC = 2;
export const PT_INTERP = 3;
export const PT_NOTE = 4;
export const PT_TLS = 7;
export const PT_GNU_STACK = 0x6474e551;
export const PT_GNU_RELRO = 0x6474e552;

/** `p_flags` (gABI, "Segment Permissions"). */
export const PF_X = 1;
export const PF_W = 2;
export const PF_R = 4;

/** `d_tag` (gABI, "Dynamic Section"). */
export const DT_NULL = 0n;
export const DT_NEEDED = 1n;
export const DT_SONAME = 14n;

const TYPES: Readonly<Record<number, string>> = {
  0: 'ET_NONE',
  [ET_REL]: 'ET_REL',
  [ET_EXEC]: 'ET_EXEC',
  [ET_DYN]: 'ET_DYN',
  [ET_CORE]: 'ET_CORE',
};

/** What people give by mistake gets its name; the gABI has a few hundred more. */
const MACHINES: Readonly<Record<number, string>> = {
  0: 'EM_NONE',
  2: 'EM_SPARC',
  [EM_386]: 'EM_386',
  8: 'EM_MIPS',
  20: 'EM_PPC',
  21: 'EM_PPC64',
  22: 'EM_S390',
  40: 'EM_ARM',
  43: 'EM_SPARCV9',
  50: 'EM_IA_64',
  [EM_X86_64]: 'EM_X86_64',
  183: 'EM_AARCH64',
  243: 'EM_RISCV',
  258: 'EM_LOONGARCH',
};

const SEGMENTS: Readonly<Record<number, string>> = {
  0: 'PT_NULL',
  [PT_LOAD]: 'PT_LOAD',
  [PT_DYNAMIC]: 'PT_DYNAMIC',
  [PT_INTERP]: 'PT_INTERP',
  [PT_NOTE]: 'PT_NOTE',
  5: 'PT_SHLIB',
  6: 'PT_PHDR',
  [PT_TLS]: 'PT_TLS',
  0x6474e550: 'PT_GNU_EH_FRAME',
  [PT_GNU_STACK]: 'PT_GNU_STACK',
  [PT_GNU_RELRO]: 'PT_GNU_RELRO',
  0x6474e553: 'PT_GNU_PROPERTY',
};

/** `ET_EXEC` for 2; `0x…` for what has no name here. */
export function typeName(e_type: number): string {
  return nameIn(TYPES, e_type);
}

/** `EM_X86_64` for 62; `0x…` for what has no name here. */
export function machineName(e_machine: number): string {
  return nameIn(MACHINES, e_machine);
}

/** `PT_LOAD` for 1; `0x…` for what has no name here. */
export function segmentTypeName(p_type: number): string {
  return nameIn(SEGMENTS, p_type);
}

/** `R X` for 5; `-` for none. */
export function permissions(p_flags: number): string {
  const letters = [
    [PF_R, 'R'],
    [PF_W, 'W'],
    [PF_X, 'X'],
  ] as const;
  const set = letters.filter(([bit]) => (p_flags & bit) !== 0).map(([, letter]) => letter);
  return set.length === 0 ? '-' : set.join(' ');
}

function nameIn(names: Readonly<Record<number, string>>, value: number): string {
  return names[value] ?? `0x${value.toString(16)}`;
}
