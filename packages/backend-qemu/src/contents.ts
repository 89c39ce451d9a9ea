import {
  ok,
  range,
  toIndex,
  type PlacedSegment,
  type Range,
  type ReadSource,
  type Result,
  type SegmentsSubmission,
} from '@kexec-kit/loader-api';
import type { BootOptions } from './boot.js';
import { contentLength, extentOf } from './check.js';
import { tooMuchContent } from './codes.js';
import { buildDescriptors, copiesOf } from './fw-cfg.js';
import { ramBlocks } from './guest.js';
import { contentOf, type Content } from './media.js';
import { buildOptionRom } from './option-rom.js';
import { askBios } from './probe.js';
import { offsetOf, writeRam, writeSegments } from './ram.js';
import { buildRom, type RomInput } from './rom.js';

const FIRST_MIB = range(0n, 1n << 20n);
/** QEMU reads the file whole, into memory of its own. */
const MOST_CONTENT = 2n << 30n;

/** What QEMU gets to boot a submission: one content for each of its files, in the order of their descriptors. */
export async function contentsFor(
  submission: SegmentsSubmission,
  read: ReadSource,
  options: BootOptions,
): Promise<Result<readonly Content[]>> {
  return options.firmware === 'seabios'
    ? afterBios(submission, read, options)
    : ok(fromReset(submission, read, options));
}

/** The segments stand in RAM from the beginning. */
function fromReset(submission: SegmentsSubmission, read: ReadSource, guest: BootOptions): Content[] {
  const { segments } = submission;
  const blocks = ramBlocks(guest);
  const ram: Content = {
    size: guest.memory,
    write: async (file) => {
      await writeRam(file, guest, segments);
      await writeSegments(file, segments, read, ({ start }) => offsetOf(blocks, start));
    },
  };
  return [ram, contentOf(buildRom(romInput(submission, guest)).bytes)];
}

/** SeaBIOS writes wherever it tells of RAM: the segments wait in a file, and are copied when it has booted our option ROM. */
async function afterBios(
  submission: SegmentsSubmission,
  read: ReadSource,
  guest: BootOptions,
): Promise<Result<Content[]>> {
  const { segments } = submission;
  const size = segments.reduce((sum, segment) => sum + contentLength(segment), 0n);
  if (size > MOST_CONTENT) return tooMuchContent(size, MOST_CONTENT);
  const facts = await askBios(guest);
  if (!facts.ok) return facts;
  const { image, segmentsKey } = facts.value;
  const copies = copiesOf(segments, segmentsKey);
  const rom = buildRom({
    ...romInput(submission, guest),
    bios: { image, descriptors: buildDescriptors(copies) },
  });
  const optionRom = buildOptionRom({ descriptors: rom.descriptors, count: copies.length, next: rom });
  const ram: Content = { size: guest.memory, write: (file) => writeRam(file, guest, segments) };
  const waiting: Content = {
    size,
    write: async (file) => {
      await file.truncate(toIndex(size));
      await writeSegments(file, segments, read, oneAfterTheOther());
    },
  };
  return ok([ram, contentOf(rom.bytes), contentOf(optionRom), waiting]);
}

function oneAfterTheOther(): (segment: PlacedSegment) => number {
  let next = 0n;
  return (segment) => {
    const offset = toIndex(next);
    next += contentLength(segment);
    return offset;
  };
}

function romInput(submission: SegmentsSubmission, options: BootOptions): RomInput {
  const { strictMap = false, paging = 4, architecture = 'x86_64' } = options;
  const declared: readonly Range[] = [...submission.segments.map(extentOf), ...submission.mappings];
  const mapped = strictMap ? declared : [FIRST_MIB, ...ramBlocks(options), ...declared];
  return { entry: submission.entry, architecture, paging, mapped, mapTables: !strictMap };
}
