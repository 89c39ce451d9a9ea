import type { Codes, Diagnostic, Probe } from '@kexec-kit/loader-api';
import { savedCodes } from './saved/codes.js';

/** What was asked of a loader, for a diagnostic. */
export interface Refusal {
  readonly loader: string;
  readonly reason: string;
}

export function loaderApi(name: string, version: string, api: unknown, supported: number): Diagnostic {
  return error('LOADER_API', `loader ${name} ${version} is written for contract version ${String(api)}`, {
    found: String(api),
    expected: String(supported),
    hint: `install a version of ${name} for contract version ${supported}, or another version of kexec-kit`,
  });
}

export function loaderNameTaken(name: string, first: string, second: string): Diagnostic {
  return error('LOADER_NAME_TAKEN', `loaders ${first} and ${second} both answer to the name ${name}`, {
    found: name,
    hint: `uninstall one of ${first} and ${second}`,
  });
}

export function optionConflict(loader: string, option: string, other: string): Diagnostic {
  return error('OPTION_CONFLICT', `--${option} of loader ${loader} ${other}`, {
    found: `--${option}`,
    hint: `report this to the author of ${loader}`,
  });
}

export function typeUnknown(type: string, known: readonly string[], near: readonly string[]): Diagnostic {
  return error('TYPE_UNKNOWN', `there is no loader ${JSON.stringify(type)}`, {
    found: type,
    expected: known.length === 0 ? 'no loader is installed' : `one of ${known.join(', ')}`,
    hint:
      near.length === 0 ? 'kexec-kit loaders lists what is installed' : `did you mean ${near.join(' or ')}?`,
  });
}

export function typeContradicted(
  type: string,
  source: string,
  reason: string,
  looksLike: string,
): Diagnostic {
  return error('TYPE_CONTRADICTED', `${source} is not what --type ${type} says: ${reason}`, {
    at: { source },
    found: looksLike,
    hint: `leave out --type ${type}, or give the file you meant`,
  });
}

export function imageUnknown(source: string, looksLike: string, refusals: readonly Refusal[]): Diagnostic {
  const asked = refusals.map(({ loader, reason }) => `${loader}: ${reason}`).join('; ');
  return error(
    'IMAGE_UNKNOWN',
    `${source} is nothing that an installed loader can start: it looks like ${looksLike}`,
    {
      at: { source },
      found: looksLike,
      expected: asked === '' ? 'no loader is installed' : asked,
      hint: 'give a kernel image; kexec-kit loaders lists the formats that can be started',
    },
  );
}

export function imageAmbiguous(
  source: string,
  matches: readonly { loader: string; detail: string }[],
): Diagnostic {
  const types = matches.map(({ loader }) => `--type ${loader}`);
  return error(
    'IMAGE_AMBIGUOUS',
    `${source} can be started by ${matches.map(({ loader }) => loader).join(' and by ')}`,
    {
      at: { source },
      found: matches.map(({ loader, detail }) => `${loader}: ${detail}`).join('; '),
      hint: `choose with ${types.join(' or ')}`,
    },
  );
}

export function purposeUnsupported(loader: string, purpose: string, known: readonly string[]): Diagnostic {
  return error('PURPOSE_UNSUPPORTED', `loader ${loader} cannot prepare a ${purpose} kernel`, {
    found: purpose,
    expected: known.join(' or '),
    hint: 'use an image of another format for this purpose',
  });
}

export function architectureUnsupported(
  loader: string,
  architecture: string,
  known: readonly string[],
): Diagnostic {
  return error('ARCHITECTURE_UNSUPPORTED', `loader ${loader} cannot be handed over to from ${architecture}`, {
    found: architecture,
    expected: known.join(' or '),
    hint: 'run this on a kernel of one of the expected architectures',
  });
}

export function optionUnknown(loader: string, option: string, near: readonly string[]): Diagnostic {
  return error('OPTION_UNKNOWN', `loader ${loader} has no option --${option}`, {
    found: `--${option}`,
    hint:
      near.length === 0
        ? `kexec-kit loaders ${loader} lists its options`
        : `did you mean ${near.map((name) => `--${name}`).join(' or ')}?`,
  });
}

export function optionRepeated(option: string): Diagnostic {
  return error('OPTION_REPEATED', `--${option} was given more than once`, {
    found: `--${option}`,
    expected: 'at most one value',
    hint: `keep one --${option}`,
  });
}

export function optionValue(option: string, found: string, expected: string): Diagnostic {
  return error('OPTION_VALUE', `--${option} does not take ${found}`, {
    found,
    expected,
    hint: `give --${option} ${expected}`,
  });
}

export function optionFileUnread(option: string, path: string): Diagnostic {
  return error('OPTION_FILE_UNREAD', `the file ${path} of --${option} was not read before planning`, {
    found: path,
    expected: 'a source that a host has read and hashed',
    hint: `open it (openSource of @kexec-kit/host-node) and pass it in files`,
  });
}

export function unplaceableFinish(loader: string): Diagnostic {
  return error(
    'FINISH_MISSING',
    `loader ${loader} planned a segment whose content is deferred, but has no finish`,
    {
      found: 'deferred content',
      expected: 'a loader with finish',
      hint: `report this to the author of ${loader}`,
    },
  );
}

export function fileLoadUnsupported(loader: string, source: string, reason: string): Diagnostic {
  return error('FILE_LOAD_UNSUPPORTED', `the running kernel cannot load ${source} by itself: ${reason}`, {
    at: { source },
    found: loader,
    expected: 'a 64-bit bzImage, on a running x86_64 kernel',
    hint: 'use kexec_load, which takes what a loader has planned: kexec-kit --method segments, kexec -c',
  });
}

export function fileLoadPolicy(source: string, asked: readonly string[]): Diagnostic {
  const what = asked.join(' and ');
  return error('FILE_LOAD_POLICY', `a kernel that loads ${source} by itself does not let us say ${what}`, {
    at: { source },
    found: what,
    expected: 'a load that leaves this to the running kernel',
    hint: 'use kexec_load: kexec-kit --method segments, kexec -c',
  });
}

export function nothingPacked(source: string, detail: string): Diagnostic {
  return error('EXTRACT_NOTHING_PACKED', `${source} has nothing packed in it`, {
    at: { source },
    found: detail,
    expected: 'an image with a compressed payload, or a compressed file',
    hint: 'use the file as it is',
  });
}

export function payloadSize(source: string, offset: number, found: string, expected: number): Diagnostic {
  return error('EXTRACT_SIZE', `what is packed in ${source} is not as large as ${source} says`, {
    at: { source, offset },
    found,
    expected: `${expected} bytes`,
    hint: 'copy or download the file again',
  });
}

export function notElf(source: string, looksLike: string): Diagnostic {
  return {
    ...error('EXTRACT_NOT_ELF', `what came out of ${source} is no ELF file`, {
      at: { source },
      found: looksLike,
      expected: 'a vmlinux, which is an ELF file',
      hint: 'look at what it is before using it as a kernel',
    }),
    severity: 'warning',
  };
}

/** The reason of a probe that did not match. */
export function reasonOf(probe: Probe): string {
  return probe.match ? probe.detail : probe.reason;
}

export function serialPort(port: number): Diagnostic {
  return error('SERIAL_PORT', `there is no serial port at ${String(port)}`, {
    found: String(port),
    expected: 'the first of eight I/O ports, 1 to 0xfff8',
    hint: 'give 0x3f8 for the first serial port of a PC, 0x2f8 for the second',
  });
}

export function serialBaud(baud: number): Diagnostic {
  return error('SERIAL_BAUD', `a serial port has no speed of ${String(baud)} baud`, {
    found: String(baud),
    expected: '9600 to 115200, a divisor of 115200',
    hint: 'give the speed of what listens, or none to leave the port as it is set',
  });
}

function error(
  code: string,
  message: string,
  more: Omit<Diagnostic, 'code' | 'severity' | 'message'>,
): Diagnostic {
  return { code, severity: 'error', message, ...more };
}

/** What every code of this package means. */
export const coreCodes: Codes = {
  LOADER_API: {
    cause: 'A loader was written for another version of the contract between loaders and kexec-kit.',
    cure: 'Install versions of the loader and of kexec-kit that name the same contract version.',
  },
  LOADER_NAME_TAKEN: {
    cause: 'Two installed loaders answer to the same --type value.',
    cure: 'Uninstall one of the two.',
  },
  OPTION_CONFLICT: {
    cause:
      'Two options share a name but not a meaning, so that a command line could not be read without knowing the image.',
    cure: 'Uninstall one of the loaders, and report the conflict to its author.',
  },
  TYPE_UNKNOWN: {
    cause: '--type names no installed loader.',
    cure: 'Use one of the names that kexec-kit loaders prints, or leave --type out.',
  },
  TYPE_CONTRADICTED: {
    cause: 'The loader that --type names says that the file is not of its format.',
    cure: 'Leave --type out, or give the right file.',
  },
  IMAGE_UNKNOWN: {
    cause: 'No installed loader recognises the file.',
    cure: 'Give a kernel image of a supported format, or install the loader for its format.',
  },
  IMAGE_AMBIGUOUS: {
    cause: 'Several unrelated loaders recognise the file.',
    cure: 'Choose one with --type.',
  },
  PURPOSE_UNSUPPORTED: {
    cause: 'The format cannot serve the purpose (a normal start, or a crash kernel).',
    cure: 'Use an image of another format.',
  },
  ARCHITECTURE_UNSUPPORTED: {
    cause: 'The running kernel cannot hand over to this format.',
    cure: 'Start it from a kernel of a supported architecture.',
  },
  OPTION_UNKNOWN: {
    cause: 'The chosen loader has no such option.',
    cure: 'Use one of the options that its help lists.',
  },
  OPTION_REPEATED: {
    cause: 'An option that takes one value was given several times.',
    cure: 'Give it once.',
  },
  OPTION_VALUE: {
    cause: 'The value of an option cannot be read as what the option takes.',
    cure: 'Give a value of the expected form.',
  },
  OPTION_FILE_UNREAD: {
    cause: 'An option names a file, but the program using this library did not read that file first.',
    cure: 'Read it with a host package and hand over the source.',
  },
  FINISH_MISSING: {
    cause: 'A loader defers the content of a segment until after placement but cannot produce it.',
    cure: 'Report it to the author of the loader.',
  },
  SERIAL_PORT: {
    cause: 'Purgatory is to speak on a serial port that cannot be one.',
    cure: 'Give the first of its eight I/O ports: 0x3f8 for the first serial port of a PC.',
  },
  SERIAL_BAUD: {
    cause: 'Purgatory is to speak at a speed that a serial port does not have.',
    cure: 'Give 9600 to 115200, a divisor of 115200, or nothing: then the speed is left as it is.',
  },
  FILE_LOAD_UNSUPPORTED: {
    cause:
      'kexec_file_load was asked for, and the running kernel loads no image of this kind by itself: it takes 64-bit bzImages that may go above 4 GiB, and an i386 kernel takes none.',
    cure: 'Use kexec_load: kexec-kit --method segments, kexec -c.',
  },
  FILE_LOAD_POLICY: {
    cause:
      'kexec_file_load was asked for, and with it something that the running kernel decides by itself then, such as where in memory things go.',
    cure: 'Use kexec_load: kexec-kit --method segments, kexec -c.',
  },
  EXTRACT_NOTHING_PACKED: {
    cause: 'A file that was to be extracted is neither compressed nor of a format that packs something.',
    cure: 'Use the file as it is.',
  },
  EXTRACT_SIZE: {
    cause: 'More or fewer bytes came out of an image than it says are packed in it.',
    cure: 'Copy or download the file again.',
  },
  EXTRACT_NOT_ELF: {
    cause: 'What came out of a kernel image is no ELF file, as the kernel proper would be.',
    cure: 'Look at what it is before using it as a kernel.',
  },
  ...savedCodes,
};
