import { concatenateInitrds } from '@kexec-kit/linux-boot';
import {
  type Diagnostic,
  type FileValue,
  type OptionsOf,
  PAGE_SIZE,
  range,
  type Part,
  type Segment,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { encodeText } from '@kexec-kit/structures';
import { moduleCommandLineNul, moduleEmpty } from './codes.js';
import { type Limits, LOWEST } from './limits.js';
import type { options } from './options.js';

/** One entry of the module list, before it has an address. */
export interface Module {
  readonly id: SegmentId;
  readonly parts: readonly Part[];
  /** In bytes. */
  readonly size: bigint;
  /** Its own command line; empty for none. */
  readonly commandLine: string;
  readonly why: string;
}

/** The initrds as one module, the first, since Linux takes that for its initrd; then the modules in the order given. */
export function modulesOf({ initrd, module }: OptionsOf<typeof options>): Module[] {
  const { parts, size } = concatenateInitrds(initrd);
  const first = {
    id: 'initrd',
    parts,
    size,
    commandLine: '',
    why: 'module 0: the initrds, one after the other',
  };
  const offset = size === 0n ? 0 : 1;
  const others = module.map((file, index) => moduleOf(file, index, index + offset));
  return size === 0n ? others : [first, ...others];
}

function moduleOf(
  { source, name, size, arguments: commandLine }: FileValue,
  index: number,
  at: number,
): Module {
  return {
    id: `module.${index}`,
    parts: [{ source, offset: 0, length: size }],
    size: BigInt(size),
    commandLine,
    why: `module ${at}: ${name}`,
  };
}

/** The first module that cannot be handed over. */
export function checkModules(modules: readonly FileValue[]): Diagnostic | undefined {
  for (const { name, size, arguments: text } of modules) {
    if (size === 0) return moduleEmpty(name);
    const nul = encodeText(text).indexOf(0);
    if (nul >= 0) return moduleCommandLineNul(name, nul);
  }
  return undefined;
}

export function moduleSegment({ id, parts, size, why }: Module, { end }: Limits): Segment {
  return {
    id,
    parts,
    memorySize: size,
    placements: [{ within: range(LOWEST, end), align: PAGE_SIZE, from: 'top' }],
    why,
  };
}
