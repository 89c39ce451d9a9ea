import { Elf64Ehdr, Elf64Phdr } from '@kexec-kit/elf';
import { hex } from '@kexec-kit/loader-api';
import { parse } from '@kexec-kit/structures';
import { read } from '../memory.js';
import type { Looking } from './view.js';

const EHDR_SIZE = 64;
const PHDR_SIZE = 56;

/** The ELF core header: what a dump will hold, header by header. */
export function lookAtCore(looking: Looking, address: bigint): void {
  const { pieces } = looking.scene;
  const head = read(pieces, address, EHDR_SIZE);
  if (head === undefined) {
    looking.put('elfcorehdr', 'nothing');
    return;
  }
  looking.name('elfcorehdr', address);
  const { e_type, e_machine, e_phoff, e_phnum, e_phentsize } = parse(Elf64Ehdr, head);
  looking.put('core, e_type', e_type);
  looking.put('core, e_machine', e_machine);
  looking.put('core, e_phentsize', e_phentsize);
  const headers = Array.from({ length: e_phnum }, (_, i) => {
    const bytes = read(pieces, address + e_phoff + BigInt(i * PHDR_SIZE), PHDR_SIZE);
    return bytes === undefined ? 'nothing' : inWords(parse(Elf64Phdr, bytes));
  });
  looking.put('core, notes', headers.filter((each) => each.startsWith('note')).join('; '));
  looking.put('core, memory', headers.filter((each) => !each.startsWith('note')).join('; '));
}

function inWords(header: Elf64Phdr): string {
  const { p_type, p_offset, p_vaddr, p_paddr, p_filesz, p_memsz } = header;
  const what = p_type === 4 ? 'note' : p_type === 1 ? 'load' : `type ${p_type}`;
  const sizes = p_filesz === p_memsz ? hex(p_memsz) : `${hex(p_filesz)} of ${hex(p_memsz)}`;
  const from = p_offset === p_paddr ? '' : ', kept elsewhere';
  return `${what} ${hex(p_paddr)}, ${sizes}, at ${hex(p_vaddr)}${from}`;
}
