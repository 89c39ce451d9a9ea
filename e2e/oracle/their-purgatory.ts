import type { Loaded, State } from './memory.js';

/** kexec(8)'s purgatory as it lies in its program: an object file that is laid out when it is loaded. */
export interface TheirPurgatory {
  /** Of `purgatory_start`, from its segment's start, in bytes. */
  readonly entry: bigint;
  /** Offsets of symbols from the segment's start. */
  readonly symbols: ReadonlyMap<string, bigint>;
}

const SHT_PROGBITS = 1;
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHF_ALLOC = 2n;

interface Section {
  readonly type: number;
  readonly flags: bigint;
  readonly offset: number;
  readonly size: number;
  readonly align: bigint;
  readonly link: number;
}

/** Finds the object file in the program: the only other ELF file in it, of type ET_REL. */
export function findPurgatory(program: Uint8Array): TheirPurgatory {
  const file = Buffer.from(program.buffer, program.byteOffset, program.byteLength);
  const magic = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  const start = file.indexOf(magic, 1);
  const object = file.subarray(start);
  if (start < 0 || object.readUInt16LE(16) !== 1) throw new Error('no purgatory in kexec(8)');
  const sections = sectionsOf(object);
  const symbols = symbolsOf(object, sections, layOut(sections));
  const entry = symbols.get('purgatory_start');
  if (entry === undefined) throw new Error('no purgatory_start in the purgatory of kexec(8)');
  return { entry, symbols };
}

function sectionsOf(object: Buffer): Section[] {
  const table = Number(object.readBigUInt64LE(40));
  return Array.from({ length: object.readUInt16LE(60) }, (_, i) => {
    const at = table + i * 64;
    return {
      type: object.readUInt32LE(at + 4),
      flags: object.readBigUInt64LE(at + 8),
      offset: Number(object.readBigUInt64LE(at + 24)),
      size: Number(object.readBigUInt64LE(at + 32)),
      link: object.readUInt32LE(at + 40),
      align: object.readBigUInt64LE(at + 48),
    };
  });
}

/** Where each section lies in the segment: those with content first, then those without, each at its own alignment. */
function layOut(sections: readonly Section[]): ReadonlyMap<number, bigint> {
  const places = new Map<number, bigint>();
  let end = 0n;
  for (const type of [SHT_PROGBITS, SHT_NOBITS]) {
    for (const [i, section] of sections.entries()) {
      if (section.type !== type || (section.flags & SHF_ALLOC) === 0n) continue;
      const align = section.align > 1n ? section.align : 1n;
      const place = ((end + align - 1n) / align) * align;
      places.set(i, place);
      end = place + BigInt(section.size);
    }
  }
  return places;
}

function symbolsOf(
  object: Buffer,
  sections: readonly Section[],
  places: ReadonlyMap<number, bigint>,
): Map<string, bigint> {
  const table = sections.find(({ type }) => type === SHT_SYMTAB);
  const strings = sections[table?.link ?? 0];
  const symbols = new Map<string, bigint>();
  if (table === undefined || strings === undefined) return symbols;
  for (let at = table.offset; at < table.offset + table.size; at += 24) {
    const nameAt = strings.offset + object.readUInt32LE(at);
    const name = object.toString('latin1', nameAt, object.indexOf(0, nameAt));
    const place = places.get(object.readUInt16LE(at + 6));
    const isGlobal = (object[at + 4] ?? 0) >> 4 === 1;
    if (isGlobal && place !== undefined) symbols.set(name, place + object.readBigUInt64LE(at + 8));
  }
  return symbols;
}

const WIDE = 'rax rbx rcx rdx rsi rdi rsp rbp r8 r9 r10 r11 r12 r13 r14 r15'.split(' ');
const NARROW = 'eax ebx ecx edx esi edi esp ebp'.split(' ');

/** How the image is entered: by the register tables in purgatory's data, of which each leads to the next mode by default. */
export function stateOf({ symbols }: TheirPurgatory, { start, bytes }: Loaded): State {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = (name: string) => Number(symbols.get(name) ?? -1n);
  const address = (name: string) => start + (symbols.get(name) ?? -1n);
  const wide = at('entry64_regs');
  const rip = data.readBigUInt64LE(wide + 8 * WIDE.length);
  if (rip !== address('entry32')) {
    const registers = WIDE.map((name, i) => [name, data.readBigUInt64LE(wide + 8 * i)] as const);
    return { mode: 'long64', entry: rip, registers: Object.fromEntries(registers) };
  }
  const narrow = at('entry32_regs');
  const registers = NARROW.map((name, i) => [name, BigInt(data.readUInt32LE(narrow + 4 * i))] as const);
  return {
    mode: 'protected32',
    entry: BigInt(data.readUInt32LE(narrow + 4 * NARROW.length)),
    registers: Object.fromEntries(registers),
  };
}
