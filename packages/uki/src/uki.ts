import { type Diagnostic, fail, ok, type Result } from '@kexec-kit/loader-api';
import { attempt, decodeText } from '@kexec-kit/structures';
import { noLinux, notPe, sectionOutside, textTooLong } from './codes.js';
import { osName, parseAssignments, type OsName } from './os-release.js';
import { profilesOf, type Components } from './profiles.js';
import { peSections, type Slice } from './sections.js';

/** What starts when one profile of the image is chosen. Slices are of the file. */
export interface UkiProfile {
  /** From 0, as in `@0`. */
  readonly number: number;
  /** `.linux`. */
  readonly linux: Slice;
  /** What the kernel is to unpack, in this order: `.ucode`, `.initrd`. Without those that are empty. */
  readonly initrds: readonly (Slice & { readonly name: string })[];
  /** `.cmdline`, on one line; undefined where the image has none. */
  readonly commandLine: string | undefined;
  /** `.osrel`. */
  readonly os: OsName;
  /** `.uname`; empty where the image does not say. */
  readonly release: string;
  /** `ID` and `TITLE` of `.profile`; empty where it does not say. */
  readonly id: string;
  readonly title: string;
  /** Every section that it has, by name. */
  readonly components: Components;
}

export interface Uki {
  /** PE Format, "Machine Types": 0x8664 x86-64, 0x14c i386. */
  readonly machine: number;
  /** Never empty. The first starts when nobody chooses. */
  readonly profiles: readonly [UkiProfile, ...UkiProfile[]];
}

/** A file, as far as it has to be looked at. */
export interface UkiFile {
  /** What the user calls it. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** At least enough of its start to hold the section table. */
  readonly head: Uint8Array;
  /** The bytes of a slice that lies within the file; asked for texts only, at most 16 KiB each. */
  readonly read: (slice: Slice) => Uint8Array;
}

/** No command line or os-release comes near it. In bytes. */
const LONGEST_TEXT = 1 << 14;

/**
 * Reads what a unified kernel image is made of: its kernel, initrds, command line, and what it is called.
 *
 * @example
 * ```ts
 * const bytes = new Uint8Array(16);
 * readUki({ name: 'debian.efi', size: bytes.length, head: bytes, read: sliceOf(bytes) }).ok; // false
 * ```
 */
export function readUki(file: UkiFile): Result<Uki> {
  const { name, size, head } = file;
  const parsed = attempt(
    () => peSections(head),
    (error) => notPe(name, size, error),
  );
  if (!parsed.ok) return parsed;
  const { machine, sections } = parsed.value;
  const profiles: UkiProfile[] = [];
  for (const [number, components] of profilesOf(sections).entries()) {
    const profile = readProfile(file, number, components);
    if (!profile.ok) return profile;
    profiles.push(...profile.value);
  }
  const [first, ...others] = profiles;
  const names = sections.slice(0, MOST_NAMES).map((section) => section.name);
  return first === undefined ? fail(noLinux(name, names)) : ok({ machine, profiles: [first, ...others] });
}

/** For a message. */
const MOST_NAMES = 32;

/** Reads slices of bytes that are all at hand. */
export function sliceOf(bytes: Uint8Array): UkiFile['read'] {
  return ({ offset, size }) => bytes.subarray(offset, offset + size);
}

const TEXTS = ['.cmdline', '.osrel', '.uname', '.profile'];
const INITRDS = ['.ucode', '.initrd'];

/** None where there is no kernel. */
function readProfile(file: UkiFile, number: number, components: Components): Result<readonly UkiProfile[]> {
  const linux = components.get('.linux');
  if (linux === undefined) return ok([]);
  // Sections of the stub itself are nothing to us, wherever they lie.
  const wrong = ['.linux', ...INITRDS, ...TEXTS].map((name) => checkSlice(file, name, components.get(name)));
  const first = wrong.find((problem) => problem !== undefined);
  if (first !== undefined) return fail(first);
  const text = (name: string): string | undefined => {
    const slice = components.get(name);
    return slice && decodeText(file.read(slice)).replace(/\0[^]*$/, '');
  };
  const profile = parseAssignments(text('.profile') ?? '');
  const commandLine = text('.cmdline');
  return ok([
    {
      number,
      linux,
      initrds: INITRDS.flatMap((name) => {
        const slice = components.get(name);
        return slice === undefined || slice.size === 0 ? [] : [{ name, ...slice }];
      }),
      commandLine: commandLine === undefined ? undefined : oneLine(commandLine),
      os: osName(text('.osrel') ?? ''),
      release: (text('.uname') ?? '').trim(),
      id: profile.get('ID') ?? '',
      title: profile.get('TITLE') ?? '',
      components,
    },
  ]);
}

function checkSlice(file: UkiFile, name: string, slice: Slice | undefined): Diagnostic | undefined {
  if (slice === undefined) return undefined;
  if (slice.offset + slice.size > file.size) return sectionOutside(file.name, file.size, name, slice);
  const isTooLong = TEXTS.includes(name) && slice.size > LONGEST_TEXT;
  return isTooLong ? textTooLong(file.name, name, slice, LONGEST_TEXT) : undefined;
}

/** As systemd-stub hands it on: what is no character is a blank, and there are none around it. */
function oneLine(text: string): string {
  return text.replace(/[\x01-\x1f\x7f]/g, ' ').trim();
}
