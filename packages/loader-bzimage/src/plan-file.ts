import { noRegion } from '@kexec-kit/kdump';
import { emptyInitrds, encodeCommandLine, LOADED_HIGH, protocolName } from '@kexec-kit/linux-boot';
import { type Diagnostic, fail, type FilePlan, hex, ok, type Result } from '@kexec-kit/loader-api';
import { notForFileLoad } from './codes.js';
import { checkEntryOptions, chooseEntry } from './entry.js';
import type { BzImage } from './image.js';
import { goesAbove4G, isKernel64, needsOf } from './needs.js';
import { commandLine, type Input } from './plan.js';

/** The oldest protocol whose images a kernel loads by itself: it has xloadflags. */
const HAS_XLOADFLAGS = 0x020c;
/** Linux counts the terminating NUL against cmdline_size here. */
const NUL = 1;
/** For a crash kernel Linux writes ` elfcorehdr=0x…` in front, for which it keeps so much. */
const ELFCOREHDR = 30;

/**
 * What the running kernel is to load by itself. It takes only what may lie anywhere, and enters it in 64-bit mode; where it
 * puts things is its own choice.
 */
export function planFile(image: BzImage, input: Input): Result<FilePlan> {
  const { initrd } = input.options;
  const refused =
    checkEntryOptions(input.options) ?? checkImage(image) ?? checkMode(image, input) ?? checkRegion(input);
  if (refused !== undefined) return fail(refused);
  const text = commandLine(input);
  const taken = NUL + (input.purpose === 'crash' ? ELFCOREHDR : 0);
  const encoded = encodeCommandLine(text, Math.max(0, needsOf(image.header).cmdline_size - taken));
  if (!encoded.ok) return encoded;
  const initrds = initrd.filter(({ size }) => size > 0).map(({ source }) => source);
  return ok({ commandLine: text, initrds }, emptyInitrds(initrd));
}

function checkImage({ header, source }: BzImage): Diagnostic | undefined {
  const needs = needsOf(header);
  const refuse = (field: string, found: string, expected: string) =>
    notForFileLoad(source.name, `setup_header.${field}`, found, expected);
  if (header.version < HAS_XLOADFLAGS)
    return refuse('version', protocolName(header.version), `${protocolName(HAS_XLOADFLAGS)} or above`);
  if ((header.loadflags & LOADED_HIGH) === 0) return refuse('loadflags', hex(header.loadflags), 'bit 0 set');
  return isKernel64(needs) && goesAbove4G(needs)
    ? undefined
    : refuse('xloadflags', hex(needs.xloadflags), 'bits 0 and 1 set');
}

function checkRegion({ machine, purpose }: Input): Diagnostic | undefined {
  return purpose === 'crash' && machine.crashKernel.length === 0 ? noRegion() : undefined;
}

function checkMode({ header, source }: BzImage, { machine, options }: Input): Diagnostic | undefined {
  const entry = chooseEntry(needsOf(header), machine.architecture, options);
  return entry === '64'
    ? undefined
    : notForFileLoad(source.name, 'entry', `the ${entry}-bit entry`, 'the 64-bit entry');
}
