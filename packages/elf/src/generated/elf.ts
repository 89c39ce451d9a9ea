// Generated from elf.ksy by @kexec-kit/ksy. Do not edit: change the .ksy and generate again.
/* eslint-disable */
// What Kaitai emits has no types; what is declared here has, and is checked where it is used.
// @ts-nocheck
import { CheckedStream, type Reader, reader } from '@kexec-kit/structures';

/**
 * The first 16 bytes of an ELF file, and beside them, each read where the one before says, the headers of both classes.
 * Names are those of the System V Application Binary Interface, generic part (gABI).
 * @see gABI, "ELF Identification"
 */
export interface ElfIdent {
  /**
   * 0x7f, "ELF"
   * @see gABI, "ELF Identification", EI_MAG0, 0x0/4
   */
  readonly ei_mag: Uint8Array;
  /**
   * 1 ELFCLASS32, 2 ELFCLASS64
   * @see gABI, "ELF Identification", EI_CLASS, 0x4/1
   */
  readonly ei_class: number;
  /**
   * 1 ELFDATA2LSB, 2 ELFDATA2MSB
   * @see gABI, "ELF Identification", EI_DATA, 0x5/1
   */
  readonly ei_data: number;
  /**
   * 1
   * @see gABI, "ELF Identification", EI_VERSION, 0x6/1
   */
  readonly ei_version: number;
  /**
   * 0 ELFOSABI_NONE, 3 ELFOSABI_GNU
   * @see gABI, "ELF Identification", EI_OSABI, 0x7/1
   */
  readonly ei_osabi: number;
  /** @see gABI, "ELF Identification", EI_ABIVERSION, 0x8/1 */
  readonly ei_abiversion: number;
  /** @see gABI, "ELF Identification", EI_PAD, 0x9/7 */
  readonly ei_pad: Uint8Array;
}

/**
 * The header at the start of an ELF32 file.
 * @see gABI, "ELF Identification"
 */
export interface Elf32Ehdr {
  /**
   * what kind of file this is, readable before anything else is known
   * @see gABI, "ELF Header", e_ident, 0x0/16
   */
  readonly e_ident: ElfIdent;
  /**
   * 1 ET_REL, 2 ET_EXEC, 3 ET_DYN, 4 ET_CORE
   * @see gABI, "ELF Header", e_type, 0x10/2
   */
  readonly e_type: number;
  /**
   * 3 EM_386, 62 EM_X86_64
   * @see gABI, "ELF Header", e_machine, 0x12/2
   */
  readonly e_machine: number;
  /**
   * 1
   * @see gABI, "ELF Header", e_version, 0x14/4
   */
  readonly e_version: number;
  /**
   * where control goes first; 0 for none
   * @see gABI, "ELF Header", e_entry, 0x18/4
   */
  readonly e_entry: number;
  /**
   * file offset of the program header table; 0 for none
   * @see gABI, "ELF Header", e_phoff, 0x1c/4
   */
  readonly e_phoff: number;
  /**
   * file offset of the section header table; 0 for none
   * @see gABI, "ELF Header", e_shoff, 0x20/4
   */
  readonly e_shoff: number;
  /**
   * by machine; none for x86
   * @see gABI, "ELF Header", e_flags, 0x24/4
   */
  readonly e_flags: number;
  /**
   * size of this header
   * @see gABI, "ELF Header", e_ehsize, 0x28/2
   */
  readonly e_ehsize: number;
  /**
   * size of one program header
   * @see gABI, "ELF Header", e_phentsize, 0x2a/2
   */
  readonly e_phentsize: number;
  /**
   * number of program headers; 0xffff (PN_XNUM) when it does not fit
   * @see gABI, "ELF Header", e_phnum, 0x2c/2
   */
  readonly e_phnum: number;
  /**
   * size of one section header
   * @see gABI, "ELF Header", e_shentsize, 0x2e/2
   */
  readonly e_shentsize: number;
  /**
   * number of section headers
   * @see gABI, "ELF Header", e_shnum, 0x30/2
   */
  readonly e_shnum: number;
  /**
   * index of the section header that has the names
   * @see gABI, "ELF Header", e_shstrndx, 0x32/2
   */
  readonly e_shstrndx: number;
}

/**
 * The header at the start of an ELF64 file.
 * @see gABI, "ELF Identification"
 */
export interface Elf64Ehdr {
  /**
   * what kind of file this is, readable before anything else is known
   * @see gABI, "ELF Header", e_ident, 0x0/16
   */
  readonly e_ident: ElfIdent;
  /**
   * 1 ET_REL, 2 ET_EXEC, 3 ET_DYN, 4 ET_CORE
   * @see gABI, "ELF Header", e_type, 0x10/2
   */
  readonly e_type: number;
  /**
   * 3 EM_386, 62 EM_X86_64
   * @see gABI, "ELF Header", e_machine, 0x12/2
   */
  readonly e_machine: number;
  /**
   * 1
   * @see gABI, "ELF Header", e_version, 0x14/4
   */
  readonly e_version: number;
  /**
   * where control goes first; 0 for none
   * @see gABI, "ELF Header", e_entry, 0x18/8
   */
  readonly e_entry: bigint;
  /**
   * file offset of the program header table; 0 for none
   * @see gABI, "ELF Header", e_phoff, 0x20/8
   */
  readonly e_phoff: bigint;
  /**
   * file offset of the section header table; 0 for none
   * @see gABI, "ELF Header", e_shoff, 0x28/8
   */
  readonly e_shoff: bigint;
  /**
   * by machine; none for x86
   * @see gABI, "ELF Header", e_flags, 0x30/4
   */
  readonly e_flags: number;
  /**
   * size of this header
   * @see gABI, "ELF Header", e_ehsize, 0x34/2
   */
  readonly e_ehsize: number;
  /**
   * size of one program header
   * @see gABI, "ELF Header", e_phentsize, 0x36/2
   */
  readonly e_phentsize: number;
  /**
   * number of program headers; 0xffff (PN_XNUM) when it does not fit
   * @see gABI, "ELF Header", e_phnum, 0x38/2
   */
  readonly e_phnum: number;
  /**
   * size of one section header
   * @see gABI, "ELF Header", e_shentsize, 0x3a/2
   */
  readonly e_shentsize: number;
  /**
   * number of section headers
   * @see gABI, "ELF Header", e_shnum, 0x3c/2
   */
  readonly e_shnum: number;
  /**
   * index of the section header that has the names
   * @see gABI, "ELF Header", e_shstrndx, 0x3e/2
   */
  readonly e_shstrndx: number;
}

/**
 * One entry of the program header table of an ELF32 file.
 * @see gABI, "ELF Identification"
 */
export interface Elf32Phdr {
  /**
   * 1 PT_LOAD, 2 PT_DYNAMIC, 3 PT_INTERP, 4 PT_NOTE, 7 PT_TLS
   * @see gABI, "Program Header", p_type, 0x0/4
   */
  readonly p_type: number;
  /**
   * file offset of the first byte
   * @see gABI, "Program Header", p_offset, 0x4/4
   */
  readonly p_offset: number;
  /**
   * virtual address of the first byte in memory
   * @see gABI, "Program Header", p_vaddr, 0x8/4
   */
  readonly p_vaddr: number;
  /**
   * physical address of the first byte in memory
   * @see gABI, "Program Header", p_paddr, 0xc/4
   */
  readonly p_paddr: number;
  /**
   * bytes in the file
   * @see gABI, "Program Header", p_filesz, 0x10/4
   */
  readonly p_filesz: number;
  /**
   * bytes in memory; what is beyond p_filesz is zero
   * @see gABI, "Program Header", p_memsz, 0x14/4
   */
  readonly p_memsz: number;
  /**
   * 1 PF_X, 2 PF_W, 4 PF_R
   * @see gABI, "Program Header", p_flags, 0x18/4
   */
  readonly p_flags: number;
  /**
   * 0 and 1 mean none; otherwise a power of two
   * @see gABI, "Program Header", p_align, 0x1c/4
   */
  readonly p_align: number;
}

/**
 * One entry of the program header table of an ELF64 file.
 * @see gABI, "ELF Identification"
 */
export interface Elf64Phdr {
  /**
   * 1 PT_LOAD, 2 PT_DYNAMIC, 3 PT_INTERP, 4 PT_NOTE, 7 PT_TLS
   * @see gABI, "Program Header", p_type, 0x0/4
   */
  readonly p_type: number;
  /**
   * 1 PF_X, 2 PF_W, 4 PF_R
   * @see gABI, "Program Header", p_flags, 0x4/4
   */
  readonly p_flags: number;
  /**
   * file offset of the first byte
   * @see gABI, "Program Header", p_offset, 0x8/8
   */
  readonly p_offset: bigint;
  /**
   * virtual address of the first byte in memory
   * @see gABI, "Program Header", p_vaddr, 0x10/8
   */
  readonly p_vaddr: bigint;
  /**
   * physical address of the first byte in memory
   * @see gABI, "Program Header", p_paddr, 0x18/8
   */
  readonly p_paddr: bigint;
  /**
   * bytes in the file
   * @see gABI, "Program Header", p_filesz, 0x20/8
   */
  readonly p_filesz: bigint;
  /**
   * bytes in memory; what is beyond p_filesz is zero
   * @see gABI, "Program Header", p_memsz, 0x28/8
   */
  readonly p_memsz: bigint;
  /**
   * 0 and 1 mean none; otherwise a power of two
   * @see gABI, "Program Header", p_align, 0x30/8
   */
  readonly p_align: bigint;
}

/**
 * In front of the name and the descriptor of each note; the same in both classes.
 * @see gABI, "ELF Identification"
 */
export interface ElfNhdr {
  /**
   * bytes of the name with its NUL, padding not counted
   * @see gABI, "Note Section", namesz, 0x0/4
   */
  readonly n_namesz: number;
  /**
   * bytes of the descriptor, padding not counted
   * @see gABI, "Note Section", descsz, 0x4/4
   */
  readonly n_descsz: number;
  /**
   * what the descriptor means, to whom the name belongs
   * @see gABI, "Note Section", type, 0x8/4
   */
  readonly n_type: number;
}

/**
 * One entry of the dynamic section of an ELF32 file.
 * @see gABI, "ELF Identification"
 */
export interface Elf32Dyn {
  /**
   * 0 DT_NULL, 1 DT_NEEDED, 14 DT_SONAME
   * @see gABI, "Dynamic Section", d_tag, 0x0/4
   */
  readonly d_tag: number;
  /**
   * a value or an address, by d_tag
   * @see gABI, "Dynamic Section", d_un, 0x4/4
   */
  readonly d_un: number;
}

/**
 * One entry of the dynamic section of an ELF64 file.
 * @see gABI, "ELF Identification"
 */
export interface Elf64Dyn {
  /**
   * 0 DT_NULL, 1 DT_NEEDED, 14 DT_SONAME
   * @see gABI, "Dynamic Section", d_tag, 0x0/8
   */
  readonly d_tag: bigint;
  /**
   * a value or an address, by d_tag
   * @see gABI, "Dynamic Section", d_un, 0x8/8
   */
  readonly d_un: bigint;
}

const compiled: any = ((KaitaiStream) => {
var ElfIdent = (function() {
  function ElfIdent(_io, _parent, _root) {
    this._io = _io;
    this._parent = _parent;
    this._root = _root || this;

  }
  ElfIdent.prototype._read = function() {
    this._io.at('ei_mag');
    this.eiMag = this._io.readBytes(4);
    this._io.done();
    this._io.at('ei_class');
    this.eiClass = this._io.readU1();
    this._io.done();
    this._io.at('ei_data');
    this.eiData = this._io.readU1();
    this._io.done();
    this._io.at('ei_version');
    this.eiVersion = this._io.readU1();
    this._io.done();
    this._io.at('ei_osabi');
    this.eiOsabi = this._io.readU1();
    this._io.done();
    this._io.at('ei_abiversion');
    this.eiAbiversion = this._io.readU1();
    this._io.done();
    this._io.at('ei_pad');
    this.eiPad = this._io.readBytes(7);
    this._io.done();
  }

  var Elf32Dyn = ElfIdent.Elf32Dyn = (function() {
    function Elf32Dyn(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Elf32Dyn.prototype._read = function() {
      this._io.at('d_tag');
      this.dTag = this._io.readU4le();
      this._io.done();
      this._io.at('d_un');
      this.dUn = this._io.readU4le();
      this._io.done();
    }

    return Elf32Dyn;
  })();

  var Elf32Ehdr = ElfIdent.Elf32Ehdr = (function() {
    function Elf32Ehdr(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Elf32Ehdr.prototype._read = function() {
      this._io.at('e_ident');
      this.eIdent = new ElfIdent(this._io, this, this._root);
      this.eIdent._read();
      this._io.done();
      this._io.at('e_type');
      this.eType = this._io.readU2le();
      this._io.done();
      this._io.at('e_machine');
      this.eMachine = this._io.readU2le();
      this._io.done();
      this._io.at('e_version');
      this.eVersion = this._io.readU4le();
      this._io.done();
      this._io.at('e_entry');
      this.eEntry = this._io.readU4le();
      this._io.done();
      this._io.at('e_phoff');
      this.ePhoff = this._io.readU4le();
      this._io.done();
      this._io.at('e_shoff');
      this.eShoff = this._io.readU4le();
      this._io.done();
      this._io.at('e_flags');
      this.eFlags = this._io.readU4le();
      this._io.done();
      this._io.at('e_ehsize');
      this.eEhsize = this._io.readU2le();
      this._io.done();
      this._io.at('e_phentsize');
      this.ePhentsize = this._io.readU2le();
      this._io.done();
      this._io.at('e_phnum');
      this.ePhnum = this._io.readU2le();
      this._io.done();
      this._io.at('e_shentsize');
      this.eShentsize = this._io.readU2le();
      this._io.done();
      this._io.at('e_shnum');
      this.eShnum = this._io.readU2le();
      this._io.done();
      this._io.at('e_shstrndx');
      this.eShstrndx = this._io.readU2le();
      this._io.done();
    }

    return Elf32Ehdr;
  })();

  var Elf32Phdr = ElfIdent.Elf32Phdr = (function() {
    function Elf32Phdr(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Elf32Phdr.prototype._read = function() {
      this._io.at('p_type');
      this.pType = this._io.readU4le();
      this._io.done();
      this._io.at('p_offset');
      this.pOffset = this._io.readU4le();
      this._io.done();
      this._io.at('p_vaddr');
      this.pVaddr = this._io.readU4le();
      this._io.done();
      this._io.at('p_paddr');
      this.pPaddr = this._io.readU4le();
      this._io.done();
      this._io.at('p_filesz');
      this.pFilesz = this._io.readU4le();
      this._io.done();
      this._io.at('p_memsz');
      this.pMemsz = this._io.readU4le();
      this._io.done();
      this._io.at('p_flags');
      this.pFlags = this._io.readU4le();
      this._io.done();
      this._io.at('p_align');
      this.pAlign = this._io.readU4le();
      this._io.done();
    }

    return Elf32Phdr;
  })();

  var Elf64Dyn = ElfIdent.Elf64Dyn = (function() {
    function Elf64Dyn(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Elf64Dyn.prototype._read = function() {
      this._io.at('d_tag');
      this.dTag = this._io.readU8le();
      this._io.done();
      this._io.at('d_un');
      this.dUn = this._io.readU8le();
      this._io.done();
    }

    return Elf64Dyn;
  })();

  var Elf64Ehdr = ElfIdent.Elf64Ehdr = (function() {
    function Elf64Ehdr(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Elf64Ehdr.prototype._read = function() {
      this._io.at('e_ident');
      this.eIdent = new ElfIdent(this._io, this, this._root);
      this.eIdent._read();
      this._io.done();
      this._io.at('e_type');
      this.eType = this._io.readU2le();
      this._io.done();
      this._io.at('e_machine');
      this.eMachine = this._io.readU2le();
      this._io.done();
      this._io.at('e_version');
      this.eVersion = this._io.readU4le();
      this._io.done();
      this._io.at('e_entry');
      this.eEntry = this._io.readU8le();
      this._io.done();
      this._io.at('e_phoff');
      this.ePhoff = this._io.readU8le();
      this._io.done();
      this._io.at('e_shoff');
      this.eShoff = this._io.readU8le();
      this._io.done();
      this._io.at('e_flags');
      this.eFlags = this._io.readU4le();
      this._io.done();
      this._io.at('e_ehsize');
      this.eEhsize = this._io.readU2le();
      this._io.done();
      this._io.at('e_phentsize');
      this.ePhentsize = this._io.readU2le();
      this._io.done();
      this._io.at('e_phnum');
      this.ePhnum = this._io.readU2le();
      this._io.done();
      this._io.at('e_shentsize');
      this.eShentsize = this._io.readU2le();
      this._io.done();
      this._io.at('e_shnum');
      this.eShnum = this._io.readU2le();
      this._io.done();
      this._io.at('e_shstrndx');
      this.eShstrndx = this._io.readU2le();
      this._io.done();
    }

    return Elf64Ehdr;
  })();

  var Elf64Phdr = ElfIdent.Elf64Phdr = (function() {
    function Elf64Phdr(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    Elf64Phdr.prototype._read = function() {
      this._io.at('p_type');
      this.pType = this._io.readU4le();
      this._io.done();
      this._io.at('p_flags');
      this.pFlags = this._io.readU4le();
      this._io.done();
      this._io.at('p_offset');
      this.pOffset = this._io.readU8le();
      this._io.done();
      this._io.at('p_vaddr');
      this.pVaddr = this._io.readU8le();
      this._io.done();
      this._io.at('p_paddr');
      this.pPaddr = this._io.readU8le();
      this._io.done();
      this._io.at('p_filesz');
      this.pFilesz = this._io.readU8le();
      this._io.done();
      this._io.at('p_memsz');
      this.pMemsz = this._io.readU8le();
      this._io.done();
      this._io.at('p_align');
      this.pAlign = this._io.readU8le();
      this._io.done();
    }

    return Elf64Phdr;
  })();

  var ElfNhdr = ElfIdent.ElfNhdr = (function() {
    function ElfNhdr(_io, _parent, _root) {
      this._io = _io;
      this._parent = _parent;
      this._root = _root;

    }
    ElfNhdr.prototype._read = function() {
      this._io.at('n_namesz');
      this.nNamesz = this._io.readU4le();
      this._io.done();
      this._io.at('n_descsz');
      this.nDescsz = this._io.readU4le();
      this._io.done();
      this._io.at('n_type');
      this.nType = this._io.readU4le();
      this._io.done();
    }

    return ElfNhdr;
  })();

  return ElfIdent;
})();
return ElfIdent;
})(CheckedStream);
compiled.members = [['ei_mag', 'eiMag'], ['ei_class', 'eiClass'], ['ei_data', 'eiData'], ['ei_version', 'eiVersion'], ['ei_osabi', 'eiOsabi'], ['ei_abiversion', 'eiAbiversion'], ['ei_pad', 'eiPad']];
compiled.Elf32Ehdr.members = [['e_ident', 'eIdent'], ['e_type', 'eType'], ['e_machine', 'eMachine'], ['e_version', 'eVersion'], ['e_entry', 'eEntry'], ['e_phoff', 'ePhoff'], ['e_shoff', 'eShoff'], ['e_flags', 'eFlags'], ['e_ehsize', 'eEhsize'], ['e_phentsize', 'ePhentsize'], ['e_phnum', 'ePhnum'], ['e_shentsize', 'eShentsize'], ['e_shnum', 'eShnum'], ['e_shstrndx', 'eShstrndx']];
compiled.Elf64Ehdr.members = [['e_ident', 'eIdent'], ['e_type', 'eType'], ['e_machine', 'eMachine'], ['e_version', 'eVersion'], ['e_entry', 'eEntry'], ['e_phoff', 'ePhoff'], ['e_shoff', 'eShoff'], ['e_flags', 'eFlags'], ['e_ehsize', 'eEhsize'], ['e_phentsize', 'ePhentsize'], ['e_phnum', 'ePhnum'], ['e_shentsize', 'eShentsize'], ['e_shnum', 'eShnum'], ['e_shstrndx', 'eShstrndx']];
compiled.Elf32Phdr.members = [['p_type', 'pType'], ['p_offset', 'pOffset'], ['p_vaddr', 'pVaddr'], ['p_paddr', 'pPaddr'], ['p_filesz', 'pFilesz'], ['p_memsz', 'pMemsz'], ['p_flags', 'pFlags'], ['p_align', 'pAlign']];
compiled.Elf64Phdr.members = [['p_type', 'pType'], ['p_flags', 'pFlags'], ['p_offset', 'pOffset'], ['p_vaddr', 'pVaddr'], ['p_paddr', 'pPaddr'], ['p_filesz', 'pFilesz'], ['p_memsz', 'pMemsz'], ['p_align', 'pAlign']];
compiled.ElfNhdr.members = [['n_namesz', 'nNamesz'], ['n_descsz', 'nDescsz'], ['n_type', 'nType']];
compiled.Elf32Dyn.members = [['d_tag', 'dTag'], ['d_un', 'dUn']];
compiled.Elf64Dyn.members = [['d_tag', 'dTag'], ['d_un', 'dUn']];

/**
 * The first 16 bytes of an ELF file, and beside them, each read where the one before says, the headers of both classes.
 * Names are those of the System V Application Binary Interface, generic part (gABI).
 * @see gABI, "ELF Identification"
 */
export const ElfIdent: Reader<ElfIdent, 'ei_mag' | 'ei_class' | 'ei_data' | 'ei_version' | 'ei_osabi' | 'ei_abiversion' | 'ei_pad'> = reader('elf_ident', 16, compiled, [
  { name: 'ei_mag', offset: 0x0, size: 0x4, doc: "0x7f, \"ELF\"", spec: "gABI, \"ELF Identification\", EI_MAG0, 0x0/4" },
  { name: 'ei_class', offset: 0x4, size: 0x1, doc: "1 ELFCLASS32, 2 ELFCLASS64", spec: "gABI, \"ELF Identification\", EI_CLASS, 0x4/1" },
  { name: 'ei_data', offset: 0x5, size: 0x1, doc: "1 ELFDATA2LSB, 2 ELFDATA2MSB", spec: "gABI, \"ELF Identification\", EI_DATA, 0x5/1" },
  { name: 'ei_version', offset: 0x6, size: 0x1, doc: "1", spec: "gABI, \"ELF Identification\", EI_VERSION, 0x6/1" },
  { name: 'ei_osabi', offset: 0x7, size: 0x1, doc: "0 ELFOSABI_NONE, 3 ELFOSABI_GNU", spec: "gABI, \"ELF Identification\", EI_OSABI, 0x7/1" },
  { name: 'ei_abiversion', offset: 0x8, size: 0x1, spec: "gABI, \"ELF Identification\", EI_ABIVERSION, 0x8/1" },
  { name: 'ei_pad', offset: 0x9, size: 0x7, spec: "gABI, \"ELF Identification\", EI_PAD, 0x9/7" },
]);

/**
 * The header at the start of an ELF32 file.
 * @see gABI, "ELF Identification"
 */
export const Elf32Ehdr: Reader<Elf32Ehdr, 'e_ident' | 'e_ident.ei_mag' | 'e_ident.ei_class' | 'e_ident.ei_data' | 'e_ident.ei_version' | 'e_ident.ei_osabi' | 'e_ident.ei_abiversion' | 'e_ident.ei_pad' | 'e_type' | 'e_machine' | 'e_version' | 'e_entry' | 'e_phoff' | 'e_shoff' | 'e_flags' | 'e_ehsize' | 'e_phentsize' | 'e_phnum' | 'e_shentsize' | 'e_shnum' | 'e_shstrndx'> = reader('elf32_ehdr', 52, compiled.Elf32Ehdr, [
  { name: 'e_ident', offset: 0x0, size: 0x10, doc: "what kind of file this is, readable before anything else is known", spec: "gABI, \"ELF Header\", e_ident, 0x0/16" },
  { name: 'e_ident.ei_mag', offset: 0x0, size: 0x4, doc: "0x7f, \"ELF\"", spec: "gABI, \"ELF Identification\", EI_MAG0, 0x0/4" },
  { name: 'e_ident.ei_class', offset: 0x4, size: 0x1, doc: "1 ELFCLASS32, 2 ELFCLASS64", spec: "gABI, \"ELF Identification\", EI_CLASS, 0x4/1" },
  { name: 'e_ident.ei_data', offset: 0x5, size: 0x1, doc: "1 ELFDATA2LSB, 2 ELFDATA2MSB", spec: "gABI, \"ELF Identification\", EI_DATA, 0x5/1" },
  { name: 'e_ident.ei_version', offset: 0x6, size: 0x1, doc: "1", spec: "gABI, \"ELF Identification\", EI_VERSION, 0x6/1" },
  { name: 'e_ident.ei_osabi', offset: 0x7, size: 0x1, doc: "0 ELFOSABI_NONE, 3 ELFOSABI_GNU", spec: "gABI, \"ELF Identification\", EI_OSABI, 0x7/1" },
  { name: 'e_ident.ei_abiversion', offset: 0x8, size: 0x1, spec: "gABI, \"ELF Identification\", EI_ABIVERSION, 0x8/1" },
  { name: 'e_ident.ei_pad', offset: 0x9, size: 0x7, spec: "gABI, \"ELF Identification\", EI_PAD, 0x9/7" },
  { name: 'e_type', offset: 0x10, size: 0x2, doc: "1 ET_REL, 2 ET_EXEC, 3 ET_DYN, 4 ET_CORE", spec: "gABI, \"ELF Header\", e_type, 0x10/2" },
  { name: 'e_machine', offset: 0x12, size: 0x2, doc: "3 EM_386, 62 EM_X86_64", spec: "gABI, \"ELF Header\", e_machine, 0x12/2" },
  { name: 'e_version', offset: 0x14, size: 0x4, doc: "1", spec: "gABI, \"ELF Header\", e_version, 0x14/4" },
  { name: 'e_entry', offset: 0x18, size: 0x4, doc: "where control goes first; 0 for none", spec: "gABI, \"ELF Header\", e_entry, 0x18/4" },
  { name: 'e_phoff', offset: 0x1c, size: 0x4, doc: "file offset of the program header table; 0 for none", spec: "gABI, \"ELF Header\", e_phoff, 0x1c/4" },
  { name: 'e_shoff', offset: 0x20, size: 0x4, doc: "file offset of the section header table; 0 for none", spec: "gABI, \"ELF Header\", e_shoff, 0x20/4" },
  { name: 'e_flags', offset: 0x24, size: 0x4, doc: "by machine; none for x86", spec: "gABI, \"ELF Header\", e_flags, 0x24/4" },
  { name: 'e_ehsize', offset: 0x28, size: 0x2, doc: "size of this header", spec: "gABI, \"ELF Header\", e_ehsize, 0x28/2" },
  { name: 'e_phentsize', offset: 0x2a, size: 0x2, doc: "size of one program header", spec: "gABI, \"ELF Header\", e_phentsize, 0x2a/2" },
  { name: 'e_phnum', offset: 0x2c, size: 0x2, doc: "number of program headers; 0xffff (PN_XNUM) when it does not fit", spec: "gABI, \"ELF Header\", e_phnum, 0x2c/2" },
  { name: 'e_shentsize', offset: 0x2e, size: 0x2, doc: "size of one section header", spec: "gABI, \"ELF Header\", e_shentsize, 0x2e/2" },
  { name: 'e_shnum', offset: 0x30, size: 0x2, doc: "number of section headers", spec: "gABI, \"ELF Header\", e_shnum, 0x30/2" },
  { name: 'e_shstrndx', offset: 0x32, size: 0x2, doc: "index of the section header that has the names", spec: "gABI, \"ELF Header\", e_shstrndx, 0x32/2" },
]);

/**
 * The header at the start of an ELF64 file.
 * @see gABI, "ELF Identification"
 */
export const Elf64Ehdr: Reader<Elf64Ehdr, 'e_ident' | 'e_ident.ei_mag' | 'e_ident.ei_class' | 'e_ident.ei_data' | 'e_ident.ei_version' | 'e_ident.ei_osabi' | 'e_ident.ei_abiversion' | 'e_ident.ei_pad' | 'e_type' | 'e_machine' | 'e_version' | 'e_entry' | 'e_phoff' | 'e_shoff' | 'e_flags' | 'e_ehsize' | 'e_phentsize' | 'e_phnum' | 'e_shentsize' | 'e_shnum' | 'e_shstrndx'> = reader('elf64_ehdr', 64, compiled.Elf64Ehdr, [
  { name: 'e_ident', offset: 0x0, size: 0x10, doc: "what kind of file this is, readable before anything else is known", spec: "gABI, \"ELF Header\", e_ident, 0x0/16" },
  { name: 'e_ident.ei_mag', offset: 0x0, size: 0x4, doc: "0x7f, \"ELF\"", spec: "gABI, \"ELF Identification\", EI_MAG0, 0x0/4" },
  { name: 'e_ident.ei_class', offset: 0x4, size: 0x1, doc: "1 ELFCLASS32, 2 ELFCLASS64", spec: "gABI, \"ELF Identification\", EI_CLASS, 0x4/1" },
  { name: 'e_ident.ei_data', offset: 0x5, size: 0x1, doc: "1 ELFDATA2LSB, 2 ELFDATA2MSB", spec: "gABI, \"ELF Identification\", EI_DATA, 0x5/1" },
  { name: 'e_ident.ei_version', offset: 0x6, size: 0x1, doc: "1", spec: "gABI, \"ELF Identification\", EI_VERSION, 0x6/1" },
  { name: 'e_ident.ei_osabi', offset: 0x7, size: 0x1, doc: "0 ELFOSABI_NONE, 3 ELFOSABI_GNU", spec: "gABI, \"ELF Identification\", EI_OSABI, 0x7/1" },
  { name: 'e_ident.ei_abiversion', offset: 0x8, size: 0x1, spec: "gABI, \"ELF Identification\", EI_ABIVERSION, 0x8/1" },
  { name: 'e_ident.ei_pad', offset: 0x9, size: 0x7, spec: "gABI, \"ELF Identification\", EI_PAD, 0x9/7" },
  { name: 'e_type', offset: 0x10, size: 0x2, doc: "1 ET_REL, 2 ET_EXEC, 3 ET_DYN, 4 ET_CORE", spec: "gABI, \"ELF Header\", e_type, 0x10/2" },
  { name: 'e_machine', offset: 0x12, size: 0x2, doc: "3 EM_386, 62 EM_X86_64", spec: "gABI, \"ELF Header\", e_machine, 0x12/2" },
  { name: 'e_version', offset: 0x14, size: 0x4, doc: "1", spec: "gABI, \"ELF Header\", e_version, 0x14/4" },
  { name: 'e_entry', offset: 0x18, size: 0x8, doc: "where control goes first; 0 for none", spec: "gABI, \"ELF Header\", e_entry, 0x18/8" },
  { name: 'e_phoff', offset: 0x20, size: 0x8, doc: "file offset of the program header table; 0 for none", spec: "gABI, \"ELF Header\", e_phoff, 0x20/8" },
  { name: 'e_shoff', offset: 0x28, size: 0x8, doc: "file offset of the section header table; 0 for none", spec: "gABI, \"ELF Header\", e_shoff, 0x28/8" },
  { name: 'e_flags', offset: 0x30, size: 0x4, doc: "by machine; none for x86", spec: "gABI, \"ELF Header\", e_flags, 0x30/4" },
  { name: 'e_ehsize', offset: 0x34, size: 0x2, doc: "size of this header", spec: "gABI, \"ELF Header\", e_ehsize, 0x34/2" },
  { name: 'e_phentsize', offset: 0x36, size: 0x2, doc: "size of one program header", spec: "gABI, \"ELF Header\", e_phentsize, 0x36/2" },
  { name: 'e_phnum', offset: 0x38, size: 0x2, doc: "number of program headers; 0xffff (PN_XNUM) when it does not fit", spec: "gABI, \"ELF Header\", e_phnum, 0x38/2" },
  { name: 'e_shentsize', offset: 0x3a, size: 0x2, doc: "size of one section header", spec: "gABI, \"ELF Header\", e_shentsize, 0x3a/2" },
  { name: 'e_shnum', offset: 0x3c, size: 0x2, doc: "number of section headers", spec: "gABI, \"ELF Header\", e_shnum, 0x3c/2" },
  { name: 'e_shstrndx', offset: 0x3e, size: 0x2, doc: "index of the section header that has the names", spec: "gABI, \"ELF Header\", e_shstrndx, 0x3e/2" },
]);

/**
 * One entry of the program header table of an ELF32 file.
 * @see gABI, "ELF Identification"
 */
export const Elf32Phdr: Reader<Elf32Phdr, 'p_type' | 'p_offset' | 'p_vaddr' | 'p_paddr' | 'p_filesz' | 'p_memsz' | 'p_flags' | 'p_align'> = reader('elf32_phdr', 32, compiled.Elf32Phdr, [
  { name: 'p_type', offset: 0x0, size: 0x4, doc: "1 PT_LOAD, 2 PT_DYNAMIC, 3 PT_INTERP, 4 PT_NOTE, 7 PT_TLS", spec: "gABI, \"Program Header\", p_type, 0x0/4" },
  { name: 'p_offset', offset: 0x4, size: 0x4, doc: "file offset of the first byte", spec: "gABI, \"Program Header\", p_offset, 0x4/4" },
  { name: 'p_vaddr', offset: 0x8, size: 0x4, doc: "virtual address of the first byte in memory", spec: "gABI, \"Program Header\", p_vaddr, 0x8/4" },
  { name: 'p_paddr', offset: 0xc, size: 0x4, doc: "physical address of the first byte in memory", spec: "gABI, \"Program Header\", p_paddr, 0xc/4" },
  { name: 'p_filesz', offset: 0x10, size: 0x4, doc: "bytes in the file", spec: "gABI, \"Program Header\", p_filesz, 0x10/4" },
  { name: 'p_memsz', offset: 0x14, size: 0x4, doc: "bytes in memory; what is beyond p_filesz is zero", spec: "gABI, \"Program Header\", p_memsz, 0x14/4" },
  { name: 'p_flags', offset: 0x18, size: 0x4, doc: "1 PF_X, 2 PF_W, 4 PF_R", spec: "gABI, \"Program Header\", p_flags, 0x18/4" },
  { name: 'p_align', offset: 0x1c, size: 0x4, doc: "0 and 1 mean none; otherwise a power of two", spec: "gABI, \"Program Header\", p_align, 0x1c/4" },
]);

/**
 * One entry of the program header table of an ELF64 file.
 * @see gABI, "ELF Identification"
 */
export const Elf64Phdr: Reader<Elf64Phdr, 'p_type' | 'p_flags' | 'p_offset' | 'p_vaddr' | 'p_paddr' | 'p_filesz' | 'p_memsz' | 'p_align'> = reader('elf64_phdr', 56, compiled.Elf64Phdr, [
  { name: 'p_type', offset: 0x0, size: 0x4, doc: "1 PT_LOAD, 2 PT_DYNAMIC, 3 PT_INTERP, 4 PT_NOTE, 7 PT_TLS", spec: "gABI, \"Program Header\", p_type, 0x0/4" },
  { name: 'p_flags', offset: 0x4, size: 0x4, doc: "1 PF_X, 2 PF_W, 4 PF_R", spec: "gABI, \"Program Header\", p_flags, 0x4/4" },
  { name: 'p_offset', offset: 0x8, size: 0x8, doc: "file offset of the first byte", spec: "gABI, \"Program Header\", p_offset, 0x8/8" },
  { name: 'p_vaddr', offset: 0x10, size: 0x8, doc: "virtual address of the first byte in memory", spec: "gABI, \"Program Header\", p_vaddr, 0x10/8" },
  { name: 'p_paddr', offset: 0x18, size: 0x8, doc: "physical address of the first byte in memory", spec: "gABI, \"Program Header\", p_paddr, 0x18/8" },
  { name: 'p_filesz', offset: 0x20, size: 0x8, doc: "bytes in the file", spec: "gABI, \"Program Header\", p_filesz, 0x20/8" },
  { name: 'p_memsz', offset: 0x28, size: 0x8, doc: "bytes in memory; what is beyond p_filesz is zero", spec: "gABI, \"Program Header\", p_memsz, 0x28/8" },
  { name: 'p_align', offset: 0x30, size: 0x8, doc: "0 and 1 mean none; otherwise a power of two", spec: "gABI, \"Program Header\", p_align, 0x30/8" },
]);

/**
 * In front of the name and the descriptor of each note; the same in both classes.
 * @see gABI, "ELF Identification"
 */
export const ElfNhdr: Reader<ElfNhdr, 'n_namesz' | 'n_descsz' | 'n_type'> = reader('elf_nhdr', 12, compiled.ElfNhdr, [
  { name: 'n_namesz', offset: 0x0, size: 0x4, doc: "bytes of the name with its NUL, padding not counted", spec: "gABI, \"Note Section\", namesz, 0x0/4" },
  { name: 'n_descsz', offset: 0x4, size: 0x4, doc: "bytes of the descriptor, padding not counted", spec: "gABI, \"Note Section\", descsz, 0x4/4" },
  { name: 'n_type', offset: 0x8, size: 0x4, doc: "what the descriptor means, to whom the name belongs", spec: "gABI, \"Note Section\", type, 0x8/4" },
]);

/**
 * One entry of the dynamic section of an ELF32 file.
 * @see gABI, "ELF Identification"
 */
export const Elf32Dyn: Reader<Elf32Dyn, 'd_tag' | 'd_un'> = reader('elf32_dyn', 8, compiled.Elf32Dyn, [
  { name: 'd_tag', offset: 0x0, size: 0x4, doc: "0 DT_NULL, 1 DT_NEEDED, 14 DT_SONAME", spec: "gABI, \"Dynamic Section\", d_tag, 0x0/4" },
  { name: 'd_un', offset: 0x4, size: 0x4, doc: "a value or an address, by d_tag", spec: "gABI, \"Dynamic Section\", d_un, 0x4/4" },
]);

/**
 * One entry of the dynamic section of an ELF64 file.
 * @see gABI, "ELF Identification"
 */
export const Elf64Dyn: Reader<Elf64Dyn, 'd_tag' | 'd_un'> = reader('elf64_dyn', 16, compiled.Elf64Dyn, [
  { name: 'd_tag', offset: 0x0, size: 0x8, doc: "0 DT_NULL, 1 DT_NEEDED, 14 DT_SONAME", spec: "gABI, \"Dynamic Section\", d_tag, 0x0/8" },
  { name: 'd_un', offset: 0x8, size: 0x8, doc: "a value or an address, by d_tag", spec: "gABI, \"Dynamic Section\", d_un, 0x8/8" },
]);
