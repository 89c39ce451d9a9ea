import {
  type Diagnostic,
  type FileValue,
  PAGE_SIZE,
  type Part,
  type Segment,
  type SegmentId,
} from '@kexec-kit/loader-api';
import { alignUp } from '@kexec-kit/memory';
import { encodeText } from '@kexec-kit/structures';
import type { Body } from './body.js';
import { commandLineNul, moduleEmpty } from './codes.js';
import { besides } from './place.js';

/** A module as an information block names it. */
export interface Module {
  /** The segment that it is in, and where in it, in bytes. */
  readonly segment: SegmentId;
  readonly offset: bigint;
  /** In bytes. */
  readonly size: bigint;
  /** The text that goes with it. */
  readonly string: string;
}

/** A segment for each module, or one for all: a running kernel takes 16 segments at most, and Xen 15. */
const MOST_SEGMENTS = 4;
const JOINT: SegmentId = 'modules';

/** The modules, and the segments that hold them. */
export interface Modules {
  readonly modules: readonly Module[];
  readonly segments: readonly Segment[];
}

/** @param strings - The text of each file: by itself its name and its own command line, as boot loaders say it. */
export function placeModules(
  body: Body,
  files: readonly FileValue[],
  strings: readonly string[] = files.map(moduleString),
): Modules {
  const joint = files.length > MOST_SEGMENTS;
  let end = 0n;
  const modules = files.map(({ size }, index): Module => {
    const offset = joint ? alignUp(end, PAGE_SIZE) : 0n;
    end = offset + BigInt(size);
    const segment = joint ? JOINT : `module.${index}`;
    return { segment, offset, size: BigInt(size), string: strings[index] ?? '' };
  });
  const placements = besides(body, PAGE_SIZE);
  if (joint) {
    const parts = files.flatMap((file, index) => partsOf(file, index === files.length - 1));
    return {
      modules,
      segments: [
        { id: JOINT, parts, memorySize: end, placements, why: `${files.length} modules, each at a page` },
      ],
    };
  }
  const segments = files.map((file, index): Segment => {
    return {
      id: `module.${index}`,
      parts: partsOf(file, true),
      memorySize: BigInt(file.size),
      placements,
      why: `module ${index}: ${file.name}`,
    };
  });
  return { modules, segments };
}

/** `FILE ARGUMENTS`, or the file alone. */
export function moduleString({ name, arguments: own }: FileValue): string {
  return own === '' ? name : `${name} ${own}`;
}

function partsOf({ source, size }: FileValue, last: boolean): Part[] {
  const content = { source, offset: 0, length: size };
  const padding = alignUp(BigInt(size), PAGE_SIZE) - BigInt(size);
  return last || padding === 0n ? [content] : [content, { zeros: padding }];
}

/** The first module that cannot be handed over. */
export function checkModules(files: readonly FileValue[]): Diagnostic | undefined {
  for (const file of files) {
    if (file.size === 0) return moduleEmpty(file.name);
    const wrong = checkText(`the module ${file.name}`, moduleString(file));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** @param whose - `the kernel`, `the module a.cpio`. */
export function checkText(whose: string, text: string): Diagnostic | undefined {
  const nul = encodeText(text).indexOf(0);
  return nul < 0 ? undefined : commandLineNul(whose, nul);
}
