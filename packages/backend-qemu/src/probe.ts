import type { FileHandle } from 'node:fs/promises';
import { ok, toIndex, type Machine, type Result } from '@kexec-kit/loader-api';
import { qemuArguments } from './arguments.js';
import { readBios } from './bios.js';
import { DIRECTORY, firmwareIn, LOW_MEMORY, memoryMapIn } from './bios-memory.js';
import { missing, noMemoryMap } from './codes.js';
import { findProgram, PROGRAM } from './files.js';
import { buildDescriptors, DIRECTORY_KEY, keyOf, SEGMENTS_FILE } from './fw-cfg.js';
import { checkGuest, guestMachine, machineOf, type Guest } from './guest.js';
import { contentOf, withFiles } from './media.js';
import { buildOptionRom } from './option-rom.js';
import { buildRom } from './rom.js';
import { run } from './run.js';

/** What SeaBIOS makes of a guest. */
export interface BiosFacts {
  readonly image: Uint8Array;
  /** The first MiB of the guest's memory as SeaBIOS left it when it booted. */
  readonly memory: Uint8Array;
  /** The key of the segments' file in QEMU's fw_cfg. */
  readonly segmentsKey: number;
}

const TIMEOUT_MS = 60_000;
const DONE = 'kexec-kit'; // what native/option-rom.S says

/**
 * The snapshot that a plan for a guest is made on, also of one with SeaBIOS: that is started once for every kind of guest
 * and process, for a fraction of a second, and asked for its memory map.
 *
 * @returns the machine, or why there is none (see `qemuCodes`).
 * @example
 * ```ts
 * const machine = await probeGuestMachine({ memory: 256n << 20n, model: 'q35', firmware: 'seabios' });
 * ```
 */
export async function probeGuestMachine(guest: Guest): Promise<Result<Machine>> {
  const checked = checkGuest(guest);
  if (!checked.ok) return checked;
  if (guest.firmware !== 'seabios') return ok(guestMachine(guest));
  const facts = await askBios(guest);
  return facts.ok
    ? ok(machineOf(guest, memoryMapIn(facts.value.memory), firmwareIn(facts.value.memory)))
    : facts;
}

/** Equal arguments give equal guests: nothing else reaches SeaBIOS. */
const asked = new Map<string, Promise<Result<BiosFacts>>>();

/** Starts SeaBIOS in a guest, unless that has been done. */
export async function askBios(guest: Guest): Promise<Result<BiosFacts>> {
  const key = qemuArguments(guest).join(' ');
  const asking = asked.get(key) ?? startBios(guest);
  asked.set(key, asking);
  const facts = await asking;
  if (!facts.ok) asked.delete(key); // it may be there the next time
  return facts;
}

async function startBios(guest: Guest): Promise<Result<BiosFacts>> {
  const program = await findProgram(PROGRAM);
  if (program === undefined) return missing(PROGRAM);
  const bios = await readBios(program);
  if (!bios.ok) return bios;
  const image = bios.value;
  const copies = [
    { key: DIRECTORY_KEY, to: BigInt(DIRECTORY.start), length: BigInt(DIRECTORY.end - DIRECTORY.start) },
  ];
  const rom = buildRom({
    ...{ entry: 0n, architecture: 'i386', paging: 4, mapped: [], mapTables: false },
    bios: { image, descriptors: buildDescriptors(copies) },
  });
  const optionRom = buildOptionRom({ descriptors: rom.descriptors, count: copies.length });
  const ram = { size: guest.memory, write: (file: FileHandle) => file.truncate(toIndex(guest.memory)) };
  const contents = [ram, contentOf(rom.bytes), contentOf(optionRom), contentOf(Uint8Array.of(0))];
  return withFiles<Result<BiosFacts>>(contents, async (files) => {
    const ended = await run(program, qemuArguments(guest), files, { until: DONE, timeoutMs: TIMEOUT_MS });
    if (!ended.ok) return ended;
    const memory = await readLow(files[0] as FileHandle);
    const segmentsKey = keyOf(memory.subarray(DIRECTORY.start, DIRECTORY.end), SEGMENTS_FILE);
    if (ended.value.outcome !== 'seen' || segmentsKey === undefined) return noMemoryMap(ended.value.outcome);
    return ok({ image, memory, segmentsKey });
  });
}

async function readLow(file: FileHandle): Promise<Uint8Array> {
  const memory = new Uint8Array(LOW_MEMORY);
  for (let done = 0; done < memory.length;) {
    const { bytesRead } = await file.read(memory, done, memory.length - done, done);
    if (bytesRead === 0) throw new Error('the memory file of a guest is shorter than its memory');
    done += bytesRead;
  }
  return memory;
}
