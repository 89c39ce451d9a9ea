import { type Codes, type Diagnostic, hex } from '@kexec-kit/loader-api';
import { headerTagName } from './constants.js';

const TAGS = 'Multiboot2 2.0, 3.1.3';

/** What reading a Multiboot2 header, and giving what it asks for, can say. */
export const multiboot2Codes = {
  MULTIBOOT2_NO_HEADER: {
    cause: 'The file has no Multiboot2 header with a right checksum in its first 32768 bytes.',
    cure: 'Give a Multiboot2 kernel, or another --type.',
    spec: 'Multiboot2 2.0, 3.1.1',
  },
  MULTIBOOT2_ARCHITECTURE: {
    cause: 'The Multiboot2 header is for another architecture than x86.',
    cure: 'Give a kernel that was built for x86.',
    spec: 'Multiboot2 2.0, 3.1.2, architecture',
  },
  MULTIBOOT2_HEADER_LENGTH: {
    cause: 'The Multiboot2 header does not lie wholly within the file and its first 32768 bytes.',
    cure: 'Copy the file again; if that does not help, link the header to the front of the image.',
    spec: 'Multiboot2 2.0, 3.1.1',
  },
  MULTIBOOT2_TAG_SIZE: {
    cause: 'A tag of the Multiboot2 header has a size in which its own type and size do not fit.',
    cure: 'The header was built wrongly: get the file from its source again.',
    spec: TAGS,
  },
  MULTIBOOT2_TAG_OVERLAP: {
    cause:
      'A tag of the Multiboot2 header is shorter than its fields, so that the next tag would lie in them.',
    cure: 'The header was built wrongly: get the file from its source again.',
    spec: TAGS,
  },
  MULTIBOOT2_TAG_PAST_END: {
    cause: 'A tag of the Multiboot2 header ends behind the header.',
    cure: 'The header was built wrongly: get the file from its source again.',
    spec: TAGS,
  },
  MULTIBOOT2_TAG_TWICE: {
    cause: 'The Multiboot2 header has two tags of a type that can be meant once only.',
    cure: 'The header was built wrongly: get the file from its source again.',
    spec: TAGS,
  },
  MULTIBOOT2_NO_END_TAG: {
    cause: 'The Multiboot2 header ends without an end tag.',
    cure: 'Nothing, if the kernel starts: what stands in front of the end was read.',
    spec: TAGS,
  },
  MULTIBOOT2_REQUIRED_TAG: {
    cause:
      'The kernel requires by a tag of its header what cannot be given, or what the specification does not define.',
    cure: 'Start the kernel through a boot loader that can: what needs EFI boot services has to come from the firmware.',
    spec: TAGS,
  },
  MULTIBOOT2_TAG_IGNORED: {
    cause: 'A tag of the header that may be ignored was.',
    cure: 'Nothing: the kernel says that it starts without.',
    spec: TAGS,
  },
  MULTIBOOT2_REQUIRED_INFORMATION: {
    cause:
      'The kernel requires information that cannot be given after another kernel has run, or that nobody defines.',
    cure: 'Start the kernel through a boot loader that can give it.',
    spec: 'Multiboot2 2.0, 3.1.4',
  },
  MULTIBOOT2_INFORMATION_LEFT_OUT: {
    cause:
      'Information that this machine has, or that the kernel would like, is not handed over, for the reason given.',
    cure: 'Nothing, if the kernel starts; --profile chooses what is handed over.',
    spec: 'Multiboot2 2.0, 3.6',
  },
  MULTIBOOT2_NO_CONSOLE: {
    cause: 'The kernel requires a console of those that it supports, and no screen of this machine is known.',
    cure: 'Boot the running kernel with a screen, and leave out --no-video.',
    spec: 'Multiboot2 2.0, 3.1.9',
  },
  MULTIBOOT2_NO_ENTRY: {
    cause:
      'The header says where the file is to be loaded (address tag), and not where it is entered (entry address tag).',
    cure: 'Link the image again with both tags.',
    spec: 'Multiboot2 2.0, 3.1.6',
  },
  MULTIBOOT2_RELOCATION: {
    cause: 'The relocatable image tag has a value that it cannot mean.',
    cure: 'The header was built wrongly: get the file from its source again.',
    spec: 'Multiboot2 2.0, 3.1.13',
  },
} satisfies Codes;

type Code = keyof typeof multiboot2Codes;
type Rest = Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>;

function diagnostic(code: Code, severity: Diagnostic['severity'], rest: Rest): Diagnostic {
  const { cure, spec } = multiboot2Codes[code];
  return { code, severity, hint: cure, spec, ...rest };
}

/** @param reason - What was found instead. */
export function noHeader2(source: string, reason: string): Diagnostic {
  return diagnostic('MULTIBOOT2_NO_HEADER', 'error', {
    message: `${source} has no Multiboot2 header: ${reason}.`,
    at: { source, field: 'multiboot2_header.magic' },
    found: reason,
    expected: '0xe85250d6 at a multiple of 8 in the first 32768 bytes, with a checksum that is right',
  });
}

export function wrongArchitecture(source: string, offset: number, architecture: number): Diagnostic {
  return diagnostic('MULTIBOOT2_ARCHITECTURE', 'error', {
    message: `The Multiboot2 header of ${source} is not for x86.`,
    at: { source, offset, field: 'multiboot2_header.architecture' },
    found: architecture === 4 ? '4 (MIPS)' : hex(architecture),
    expected: '0 (i386)',
  });
}

export function headerLength(source: string, offset: number, found: number, most: number): Diagnostic {
  return diagnostic('MULTIBOOT2_HEADER_LENGTH', 'error', {
    message: `The Multiboot2 header of ${source} does not lie where it has to.`,
    at: { source, offset, field: 'multiboot2_header.header_length' },
    found: `${found} bytes`,
    expected: `16 to ${most} bytes`,
  });
}

/** A tag as diagnostics name it. */
export interface TagPlace {
  readonly source: string;
  readonly offset: number;
  readonly type: number;
}

type TagProblem =
  'MULTIBOOT2_TAG_SIZE' | 'MULTIBOOT2_TAG_OVERLAP' | 'MULTIBOOT2_TAG_PAST_END' | 'MULTIBOOT2_TAG_TWICE';

const WORDS: Readonly<Record<TagProblem, string>> = {
  MULTIBOOT2_TAG_SIZE: 'has a size that no tag can have',
  MULTIBOOT2_TAG_OVERLAP: 'overlaps the next one',
  MULTIBOOT2_TAG_PAST_END: 'ends behind the header',
  MULTIBOOT2_TAG_TWICE: 'is there twice',
};

export function badTag(code: TagProblem, tag: TagPlace, found: string, expected: string): Diagnostic {
  return diagnostic(code, 'error', {
    message: `The tag ${tagWords(tag.type)} of the Multiboot2 header of ${tag.source} ${WORDS[code]}.`,
    at: { source: tag.source, offset: tag.offset, field: 'header_tag.size' },
    found,
    expected,
  });
}

export function noEndTag(source: string, offset: number): Diagnostic {
  return diagnostic('MULTIBOOT2_NO_END_TAG', 'warning', {
    message: `The Multiboot2 header of ${source} ends without an end tag.`,
    at: { source, offset, field: 'header_tag.type' },
    expected: 'a tag of type 0 and size 8',
  });
}

/** @param why - Why it cannot be given. */
export function requiredTag({ source, offset, type }: TagPlace, why: string): Diagnostic {
  return diagnostic('MULTIBOOT2_REQUIRED_TAG', 'error', {
    message: `${source} requires the tag ${tagWords(type)} of its Multiboot2 header to be obeyed: ${why}.`,
    at: { source, offset, field: 'header_tag.type' },
    found: `${tagWords(type)}, not optional`,
    expected: 'a tag that can be obeyed, or one that may be ignored',
  });
}

export function tagIgnored({ source, offset, type }: TagPlace, why: string): Diagnostic {
  return diagnostic('MULTIBOOT2_TAG_IGNORED', 'info', {
    message: `The tag ${tagWords(type)} of the Multiboot2 header of ${source} is ignored, as it allows: ${why}.`,
    at: { source, offset, field: 'header_tag.type' },
    found: tagWords(type),
  });
}

/** Information tags by number and name, each with the reason. */
export type Missing = readonly { readonly name: string; readonly why: string }[];

export function requiredInformation(source: string, offset: number, missing: Missing): Diagnostic {
  return diagnostic('MULTIBOOT2_REQUIRED_INFORMATION', 'error', {
    message: `${source} requires information that cannot be given: ${listed(missing)}.`,
    at: { source, offset, field: 'information_request_tag.mbi_tag_types' },
    found: missing.map(({ name }) => name).join(', '),
    expected: 'information that can be given, or a request that may be ignored',
  });
}

export function informationLeftOut(missing: Missing): Diagnostic {
  return diagnostic('MULTIBOOT2_INFORMATION_LEFT_OUT', 'info', {
    message: `Not handed over: ${listed(missing)}.`,
    found: missing.map(({ name }) => name).join(', '),
  });
}

function listed(missing: Missing): string {
  return missing.map(({ name, why }) => `${name}: ${why}`).join('; ');
}

export function noConsole(source: string, offset: number): Diagnostic {
  return diagnostic('MULTIBOOT2_NO_CONSOLE', 'error', {
    message: `${source} requires a console that it supports, and no screen of this machine is known.`,
    at: { source, offset, field: 'console_flags_tag.console_flags' },
    found: 'no screen',
    expected: 'a frame buffer, or text',
  });
}

export function noEntryTag(source: string, offset: number): Diagnostic {
  return diagnostic('MULTIBOOT2_NO_ENTRY', 'error', {
    message: `The Multiboot2 header of ${source} has an address tag and no entry address tag.`,
    at: { source, offset, field: 'address_tag' },
    found: 'no tag of type 3',
    expected: 'an entry address tag (3)',
  });
}

export function badRelocation(
  source: string,
  offset: number,
  field: 'max_addr' | 'align' | 'preference',
  found: number,
  expected: string,
): Diagnostic {
  return diagnostic('MULTIBOOT2_RELOCATION', 'error', {
    message: `The relocatable image tag of ${source} cannot be meant.`,
    at: { source, offset, field: `relocatable_tag.${field}` },
    found: hex(found),
    expected,
  });
}

/** `7 (EFI boot services)`, or the number alone. */
export function tagWords(type: number): string {
  const name = headerTagName(type);
  return name === undefined ? String(type) : `${type} (${name})`;
}
