import { describe, expect, it } from 'vitest';
import { HEADERS } from '../witness/formats.mjs';
import { expectLinux } from './witness-linux.js';
import { expectState, expectWithin } from './witness-state.js';
import { hexOf, noise, piece, tell, type Request, type Told } from './witness.js';

const MIB = 1n << 20n;
const GIB = 1n << 30n;
const text = 'first "second word" \\ last';
const commandLine = { 'command-line': [text] };
const microvm = { model: 'microvm', memory: 64n * MIB } as const;
const q35 = { model: 'q35', memory: 64n * MIB } as const;
/** Whose kernel was running: 32-bit code is entered by two purgatories. */
const running = ['x86_64', 'i386'] as const;

/** What a kernel of the style `elf` is handed: a block of notes, and a stack with a return address of 0. */
interface Notes {
  readonly returnAddress: string;
  readonly notes: Readonly<Record<string, unknown>>;
}

async function tellAndCompare(request: Request): Promise<Told> {
  const told = await tell(request);
  const mode = request.kernel.startsWith('elf64') ? 'long64' : 'protected32';
  expect(told.witness).toMatchObject({ witness: request.kernel, mode });
  const headers = request.kernel.endsWith('-dyn') ? HEADERS : 0;
  expect(told.witness.entry).toBe(hexOf(piece(told.submission, 'load.0').start + BigInt(headers)));
  return told;
}

function expectNotes(told: Told, request: Request): void {
  const { submission, witness } = told;
  const { start, size } = piece(submission, 'elf-boot-notes');
  const { returnAddress, notes } = witness as unknown as Notes;
  expectCall(told, request, start);
  expect(returnAddress).toBe('0x0');
  expect(notes).toEqual({
    ...{ address: hexOf(start), b_signature: '0xe1fb007', b_size: hexOf(size), b_records: '0x3' },
    b_checksum: expect.any(String) as string,
    checksum: '0x0',
    records: [
      note(2, 'kexec-kit'),
      note(3, submission.loader.version),
      note(4, request.options?.['command-line']?.[0] ?? ''),
    ],
    end: hexOf(start + size),
  });
}

function note(type: number, desc: string): Record<string, string> {
  return { n_type: hexOf(type), name: '', n_descsz: hexOf(desc.length + 1), desc };
}

/** The state in which a C function finds itself: its stack is ours, aligned as the psABI says. */
function expectCall(told: Told, request: Request, argument: bigint): void {
  const wide = told.witness.mode === 'long64';
  const [sp, word] = wide ? (['rsp', 8n] as const) : (['esp', 4n] as const);
  const pointer = told.witness.registers[sp] ?? '';
  expectWithin(told, pointer, 'stack');
  expect((BigInt(pointer) + word) % 16n, 'above the return address').toBe(0n);
  expectState(told, request, { [sp]: BigInt(pointer), ...(wide ? { rdi: argument } : {}) });
}

describe('an ELF64 kernel', () => {
  it.each([
    ['microvm', 4],
    ['microvm', 5],
    ['q35', 4],
  ] as const)('is handed ELF boot notes by itself, on %s with %d levels of paging', async (model, paging) => {
    const request = { kernel: 'elf64-notes', guest: { ...microvm, model, paging }, options: commandLine };
    expectNotes(await tellAndCompare(request), request);
  });

  it('says the same when every register that was not promised holds garbage', async () => {
    const request = { kernel: 'elf64-notes', guest: microvm, options: commandLine, garbage: true };
    expectNotes(await tellAndCompare(request), request);
  });

  it('that may lie anywhere is moved as a whole', async () => {
    const request = { kernel: 'elf64-dyn', guest: microvm, options: commandLine };
    expectNotes(await tellAndCompare(request), request);
  });

  it('that may lie anywhere is moved above 4 GiB', async () => {
    const guest = { model: 'q35', memory: 6n * GIB } as const;
    const policy = { memory: { start: 4n * GIB, end: 16n * GIB } };
    const request = { kernel: 'elf64-dyn', guest, policy, options: commandLine };
    const told = await tellAndCompare(request);
    expectNotes(told, request);
    expect(piece(told.submission, 'load.0').start).toBeGreaterThanOrEqual(4n * GIB);
  });

  it.each(['zeros', 'garbage'])(
    'is handed nothing when asked so, with %s in every register',
    async (registers) => {
      const garbage = registers === 'garbage';
      const request = { kernel: 'elf64-none', guest: microvm, options: { args: ['none'] }, garbage };
      expectState(await tellAndCompare(request), request, {});
    },
  );
});

describe.each(running)('an ELF32 kernel, from a kernel of %s', (architecture) => {
  const guest = { ...microvm, architecture };

  it.each([microvm, q35])('is handed ELF boot notes by itself, on $model', async (machine) => {
    const request = { kernel: 'elf32-notes', guest: { ...machine, architecture }, options: commandLine };
    expectNotes(await tellAndCompare(request), request);
  });

  it('says the same when every register that was not promised holds garbage', async () => {
    const request = { kernel: 'elf32-notes', guest, options: commandLine, garbage: true };
    expectNotes(await tellAndCompare(request), request);
  });

  it('that may lie anywhere is moved as a whole', async () => {
    const request = { kernel: 'elf32-dyn', guest, options: commandLine };
    expectNotes(await tellAndCompare(request), request);
  });

  it.each(['zeros', 'garbage'])(
    'is handed nothing when asked so, with %s in every register',
    async (registers) => {
      const garbage = registers === 'garbage';
      const request = { kernel: 'elf32-none', guest, options: { args: ['none'] }, garbage };
      expectState(await tellAndCompare(request), request, {});
    },
  );

  it.each(['zeros', 'garbage'])(
    'that is Linux is handed boot_params, with %s in every other register',
    async (registers) => {
      const garbage = registers === 'garbage';
      const request = { kernel: 'elf32-linux', guest, options: commandLine, initrds: [noise(3001)], garbage };
      expectLinux(await tellAndCompare(request), request);
    },
  );
});

it('an ELF32 kernel is entered from five levels of paging', async () => {
  const request = { kernel: 'elf32-notes', guest: { ...microvm, paging: 5 }, options: commandLine } as const;
  expectNotes(await tellAndCompare(request), request);
});
