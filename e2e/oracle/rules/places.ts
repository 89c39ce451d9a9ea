import { contains, pageOutwards, subtract } from '@kexec-kit/memory';
import type { Difference, Evidence } from '../judge.js';
import { elfOf, hasTouchingRam, hasUnusedRam, toldRam } from './facts.js';
import { defineRules } from './rule.js';

const PLACE = /^at /;

/**
 * A place that differs is explained only if both sides are where they must be: kexec(8) where its policy leads in what it takes
 * for free, our linker where the same policy leads in what we take for free. So what differs is the memory, not the search.
 */
function followsFrom({ item, theirs, ours }: Difference, { predicted, expected }: Evidence): boolean {
  const place = item.replace(PLACE, '');
  const inWords = (start: bigint | undefined) =>
    start === undefined ? 'nowhere' : `0x${start.toString(16)}`;
  return inWords(predicted?.get(place)) === theirs && inWords(expected?.get(place)) === ours;
}

/** Whether something lies in page 0, or where no RAM is told of. */
function isOutsideRam(evidence: Evidence): boolean {
  const ram = subtract(pageOutwards(toldRam(evidence)), [{ start: 0n, end: 0x1000n }]);
  const places = [...(evidence.theirView?.places.values() ?? [])];
  return places.some(({ start, memorySize }) => !contains(ram, { start, end: start + memorySize }));
}

function hasHoles({ made: { image } }: Evidence): boolean {
  return (elfOf(image)?.loads.length ?? 0) > 1;
}

export const placeRules = defineRules([
  {
    name: 'page-zero',
    of: 'where things lie, Multiboot',
    items: /^(at .*|register\.ebx)$/,
    theirs:
      'puts the memory map, or what comes first behind purgatory, at address 0, or where no RAM is told of',
    ours: 'puts nothing below 0x1000, and nothing where no RAM is',
    reason: 'the interrupt vectors and the BIOS data area are live, and Xen reads them',
    defect:
      'its Multiboot loader changes the start of the first range of RAM to 0 while it counts mem_lower (Multiboot 2 does so, too, and is kept from page 0 by its bounds)',
    explains: (difference, evidence) =>
      isOutsideRam(evidence) &&
      (difference.item === 'register.ebx'
        ? evidence.theirView?.places.get('multiboot-info')?.start === 0n
        : followsFrom(difference, evidence)),
  },
  {
    name: 'usable-memory',
    of: 'where things lie',
    items: PLACE,
    theirs: 'places in whatever the firmware calls RAM',
    ours: 'places in System RAM of /proc/iomem within it, and never on what EFI runtime services keep',
    reason:
      'what the running kernel was told not to use (mem=, memmap=, reserved by EFI) is not to be overwritten',
    explains: (difference, evidence) => hasUnusedRam(evidence) && followsFrom(difference, evidence),
  },
  {
    name: 'touching-ranges',
    of: 'where things lie',
    items: PLACE,
    theirs: 'looks for a place in each range of RAM by itself',
    ours: 'takes ranges that touch for one',
    reason: 'memory does not end where one line of a map does',
    explains: (difference, evidence) => hasTouchingRam(evidence) && followsFrom(difference, evidence),
  },
  {
    name: 'holes-of-an-image',
    of: 'where things lie, images that may be moved',
    items: PLACE,
    theirs: 'looks for one hole in which the image lies with all that is between its segments',
    ours: 'asks for the memory of its segments: what lies between them may be anything',
    reason: 'memory that an image does not name is none of its own (a Linux kernel is asked for all of it)',
    explains: (difference, evidence) => hasHoles(evidence) && followsFrom(difference, evidence),
  },
]);
