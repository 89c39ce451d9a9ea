import {
  type FileValue,
  fail,
  ok,
  type Part,
  type Plan,
  type PlanInput,
  type Result,
  type Segment,
  type SourceId,
} from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';
import type { Slice } from '@kexec-kit/uki';
import { notHandedOn, profileUnknown } from './codes.js';
import { KERNEL, type Profile, sourceOf, type UkiImage } from './image.js';
import { shifted } from './load.js';
import type { options } from './options.js';

export type Input = PlanInput<typeof options>;
type Options = Input['options'];

/**
 * The kernel's own loader plans it, with the image's initrds before those of the user. It knows the sections as files; here
 * they become what they are: slices of one.
 */
export function plan(image: UkiImage, input: Input): Result<Plan> {
  const { name, id } = image.source;
  const profile = choose(image, input.options.profile);
  if (profile === undefined) return fail(profileUnknown(name, input.options.profile ?? '', image.profiles));
  const options = kernelOptions(profile, input.options, name);
  const planned = shifted(bzimage.plan(profile.kernel, { ...input, options }), image.source, profile.linux);
  if (!planned.ok) return planned;
  const sections = new Map<SourceId, Slice>([
    [KERNEL, profile.linux],
    ...profile.initrds.map((initrd) => [sourceOf(initrd.name), initrd] as const),
  ]);
  const segments = planned.value.segments.map((segment) => unwrapped(segment, id, sections));
  return ok({ ...planned.value, segments }, [...planned.diagnostics, ...leftOut(profile, name)]);
}

function choose({ profiles }: UkiImage, wanted: string | undefined): Profile | undefined {
  if (wanted === undefined) return profiles[0];
  return profiles.find(({ id }) => id === wanted) ?? profiles.find(({ number }) => String(number) === wanted);
}

function kernelOptions(profile: Profile, options: Options, image: string): Options {
  const own = profile.initrds.map(({ name, size }): FileValue => ({
    source: sourceOf(name),
    name: `${name} of ${image}`,
    size,
    arguments: '',
  }));
  return { ...options, commandLine: commandLine(profile, options), initrd: [...own, ...options.initrd] };
}

/** The image's own unless another is given. */
function commandLine(
  profile: Profile,
  { commandLine: text, reuseCommandLine, reuseImageCommandLine }: Options,
): string | undefined {
  const isReplaced = text !== undefined || reuseCommandLine;
  if (isReplaced && !reuseImageCommandLine) return text;
  return [profile.commandLine ?? '', text ?? ''].filter((part) => part !== '').join(' ');
}

function unwrapped(segment: Segment, image: SourceId, sections: ReadonlyMap<SourceId, Slice>): Segment {
  const { parts } = segment;
  if ('deferred' in parts) return segment;
  return { ...segment, parts: parts.map((part) => unwrappedPart(part, image, sections)) };
}

function unwrappedPart(part: Part, image: SourceId, sections: ReadonlyMap<SourceId, Slice>): Part {
  const section = 'source' in part ? sections.get(part.source) : undefined;
  if (section === undefined || !('source' in part)) return part;
  return { ...part, source: image, offset: section.offset + part.offset };
}

/** The stub makes files of these, by which a disk is opened with what the TPM has measured. */
const FOR_THE_STUB = ['.pcrsig', '.pcrpkey'];

function leftOut({ components }: Profile, image: string) {
  const sections = FOR_THE_STUB.filter((name) => components.has(name));
  return sections.length === 0 ? [] : [notHandedOn(image, sections)];
}
