import { readFileSync } from 'node:fs';
import { SetupHeader } from '@kexec-kit/linux-boot';
import { expect } from 'vitest';
import { witness } from '../witness/build.mjs';
import { expectState } from './witness-state.js';
import { concatenated, e820Of, hexOf, piece, sha256, type Request, type Told } from './witness.js';

/** What a witness of Linux's protocols prints of what it was handed. */
export interface Linux {
  readonly address: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly e820: readonly (readonly [string, string, string])[];
  readonly rest: readonly string[];
  readonly commandLine: { readonly address: string; readonly text: string };
  readonly initrd: { readonly address: string; readonly size: string; readonly sha256?: string };
  readonly setupData: readonly {
    readonly address: string;
    readonly type: string;
    readonly len: string;
    readonly data?: string;
  }[];
  readonly efiMemoryMap: { readonly address: string; readonly size: string; readonly sha256?: string };
}

export function linuxOf({ witness }: Told): Linux {
  return witness['linux'] as Linux;
}

/** What a loader writes into the setup header; all else is handed over as the image has it. */
const WRITTEN = new Set([
  ...['type_of_loader', 'loadflags', 'ramdisk_image', 'ramdisk_size', 'cmd_line_ptr', 'setup_data'],
  ...[
    'kernel_alignment',
    'hardware_subarch',
    'code32_start',
    'heap_end_ptr',
    'ext_loader_ver',
    'ext_loader_type',
  ],
]);

/** Holds all of boot_params against the submission and the machine. */
export function expectLinux(told: Told, request: Request): void {
  const { submission, machine } = told;
  const linux = linuxOf(told);
  const { start } = piece(submission, 'boot-params');
  // boot.rst: the 32-bit protocol names three more registers.
  const narrow = { esi: start, ebx: 0n, ebp: 0n, edi: 0n };
  expectState(told, request, told.witness.mode === 'long64' ? { rsi: start } : narrow);
  expect(linux.address).toBe(hexOf(start));
  expect(linux.e820).toEqual(e820Of(machine));
  expect(linux.rest, 'bytes of no field').toEqual([]);
  expect(linux.commandLine).toEqual({
    address: hexOf(piece(submission, 'command-line').start),
    text: request.options?.['command-line']?.[0] ?? '',
  });
  expect(linux.initrd).toEqual(initrdOf(told, request));
  expectFields(told);
  expectSetupData(told);
}

/** What the witness is to find at the address of the initrd. */
export function initrdOf({ submission }: Told, { initrds = [] }: Request): Linux['initrd'] {
  if (initrds.length === 0) return { address: '0x0', size: '0x0' };
  const bytes = concatenated(initrds);
  const address = hexOf(piece(submission, 'initrd').start);
  return { address, size: hexOf(bytes.length), sha256: sha256(bytes) };
}

function expectFields(told: Told): void {
  const { fields } = linuxOf(told);
  expect(fields).toMatchObject({
    ...{ type_of_loader: '0xd0', loadflags: '0x0', boot_flag: '0xaa55', header: '0x53726448' },
    ...{ sentinel: '0x0', e820_entries: hexOf(told.machine.told.length) },
  });
  if (told.witness.witness.startsWith('bzimage')) expectHeaderOf(told.witness.witness, fields);
}

/** The setup header is the image's own. */
export function expectHeaderOf(name: string, fields: Linux['fields']): void {
  const image = readFileSync(witness(name));
  const untouched = Object.entries(SetupHeader.at).filter(([field]) => !WRITTEN.has(field));
  const compared = untouched.filter(([field]) => field in fields);
  const own = compared.map(([field, { offset, size }]) => {
    const bytes = image.subarray(offset, offset + size);
    return [field, hexOf(BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`))];
  });
  expect(own.length, 'fields compared').toBeGreaterThan(20);
  expect(fields).toMatchObject(Object.fromEntries(own));
}

/** Every node is a piece of the submission, and one of them holds fresh randomness. */
function expectSetupData(told: Told): void {
  const { setupData } = linuxOf(told);
  const pieces = told.submission.segments.flatMap((segment) => segment.pieces);
  const nodes = pieces.filter(({ id }) => id.startsWith('setup-data.'));
  expect(new Set(setupData.map(({ address }) => address))).toEqual(
    new Set(nodes.map(({ start }) => hexOf(start))),
  );
  const seed = setupData.find(({ type }) => type === '0x9');
  expect(seed).toMatchObject({ len: '0x20' });
  expect(seed?.data).not.toBe('00'.repeat(32));
}
