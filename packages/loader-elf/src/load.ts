import { type Elf, isLinux, type Loads, parseElf, readLoads } from '@kexec-kit/elf';
import { fail, ok, type Result, type Source, type SourceBytes } from '@kexec-kit/loader-api';
import { wrongMachine } from './codes.js';
import type { ElfKernel } from './image.js';
import { modeOf, whyNotAKernel } from './kinds.js';

/** Parses an ELF file and refuses, by its kind, whatever is no kernel for x86. */
export function load(image: SourceBytes): Result<ElfKernel> {
  const parsed = parseElf(image);
  if (!parsed.ok) return parsed;
  const elf = parsed.value;
  const mode = modeOf(elf);
  if (mode === undefined) return fail(wrongMachine(image.name, elf.header));
  const wrong = whyNotAKernel(image.name, image.bytes, elf);
  if (wrong !== undefined) return fail(wrong);
  const loads = readLoads(image, elf);
  if (!loads.ok) return loads;
  return ok(kernel(image, elf, loads.value, mode), parsed.diagnostics);
}

function kernel(image: SourceBytes, elf: Elf, loads: Loads, mode: ElfKernel['mode']): ElfKernel {
  return { source: identity(image), elf, loads, mode, linux: isLinux(elf.notes) };
}

/** An image keeps the name of its file, never the bytes. */
function identity({ id, name, size, sha256, decompressed }: SourceBytes): Source {
  return { id, name, size, sha256, ...(decompressed === undefined ? {} : { decompressed }) };
}
