import { type Codes, type Diagnostic, hex } from '@kexec-kit/loader-api';
import { type FormatError, placeOf } from '@kexec-kit/structures';
import type { Slice } from './sections.js';

const UKI = 'https://uapi-group.org/specifications/specs/unified_kernel_image/';

/** Every code of this package. */
export const ukiCodes = {
  UKI_NOT_PE: {
    cause: 'The file is no PE image, which every unified kernel image is, or ends within the headers of one.',
    cure: 'Give a UKI, as ukify and dracut make it, or another --type.',
    spec: `${UKI}#uki-file-format`,
  },
  UKI_NO_LINUX: {
    cause:
      'The PE image has no .linux section: it is an addon or another EFI program, and has no kernel in it.',
    cure: 'Give the UKI itself; other EFI programs can be started by the firmware only.',
    spec: `${UKI}#uki-components`,
  },
  UKI_SECTION_OUTSIDE: {
    cause: 'A section of the image lies, in part or as a whole, beyond the end of the file.',
    cure: 'Copy or build the image again: the end of it is missing.',
    spec: 'PE Format, "Section Table (Section Headers)"',
  },
  UKI_TEXT_TOO_LONG: {
    cause: 'A section that holds a text is larger than any such text.',
    cure: 'Build the image again: another file was put in its place.',
    spec: `${UKI}#uki-components`,
  },
} satisfies Codes;

type Code = keyof typeof ukiCodes;

function error(code: Code, rest: Omit<Diagnostic, 'code' | 'severity' | 'hint' | 'spec'>): Diagnostic {
  const { cure, spec } = ukiCodes[code];
  return { code, severity: 'error', hint: cure, spec, ...rest };
}

export function notPe(source: string, size: number, problem: FormatError): Diagnostic {
  const at = placeOf(problem, source);
  return error('UKI_NOT_PE', {
    message: `${source} is no PE image.`,
    at: { ...at, offset: Math.min(problem.offset, size) },
    found: problem.found,
    expected: problem.expected,
  });
}

export function noLinux(source: string, names: readonly string[]): Diagnostic {
  return error('UKI_NO_LINUX', {
    message: `${source} is an EFI program without a kernel in it.`,
    at: { source, field: 'pe_image.pe.sections' },
    found: names.length === 0 ? 'no sections' : `sections ${names.join(' ')}`,
    expected: 'a section .linux',
  });
}

export function sectionOutside(source: string, size: number, name: string, slice: Slice): Diagnostic {
  return error('UKI_SECTION_OUTSIDE', {
    message: `The section ${name} of ${source} is not all there.`,
    at: { source, offset: Math.min(slice.offset, size), field: name },
    found: `${size} bytes in the file`,
    expected: `${slice.size} bytes at ${hex(slice.offset)}`,
  });
}

export function textTooLong(source: string, name: string, { offset, size }: Slice, most: number): Diagnostic {
  return error('UKI_TEXT_TOO_LONG', {
    message: `The section ${name} of ${source} is too large for a text.`,
    at: { source, offset, field: name },
    found: `${size} bytes`,
    expected: `at most ${most} bytes`,
  });
}
