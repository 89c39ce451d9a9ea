import {
  fail,
  hex,
  type Codes,
  type Diagnostic,
  type Failure,
  type Range,
  type RefusedHole,
} from '@kexec-kit/loader-api';

/** Every code that {@link bundle} gives. */
export const bundleCodes: Codes = {
  BUNDLE_FILE_PLAN: {
    cause: 'The plan is for kexec_file_load: a running kernel would place everything by itself.',
    cure: 'Make a plan with segments: "kexec-kit plan FILE -o OUT".',
  },
  BUNDLE_NO_PLACE: {
    cause:
      'Nowhere between 1 MiB and 4 GiB is there RAM for the whole image beside all that it puts in place.',
    cure: 'Plan with a smaller initrd or more memory, or place the segments elsewhere with --mem-min or --mem-max.',
    spec: 'Multiboot 0.6.96, 3.1.3: addresses of 32 bits',
  },
  BUNDLE_OUT_OF_REACH: {
    cause: 'A segment or a mapping lies where the program of a bundle cannot reach in the mode of the plan.',
    cure: 'Plan with --mem-max: at most 0x800000000000 in 64-bit mode (four levels of paging), 0x100000000 in 32-bit mode.',
  },
  BUNDLE_EFI: {
    cause:
      'The plan hands on EFI as the running kernel has set it up; after a boot loader it is not set up like that.',
    cure: 'Make the plan again with --no-efi.',
  },
  BUNDLE_NO_PROTOCOL: {
    cause: 'No boot protocol was asked for, so no boot loader could start the image.',
    cure: 'Name at least one of multiboot, multiboot2 and pvh.',
  },
};

/** A submission that names files, not segments. */
export function filePlan(): Failure {
  return failure('BUNDLE_FILE_PLAN', 'a plan for kexec_file_load has no segments to bundle');
}

/** No hole for the image; the size with the room behind it, in bytes. */
export function noPlace(size: bigint, refused: readonly RefusedHole[]): Failure {
  const holes = refused.map(({ start, end, reason }) => `${hex(start)}-${hex(end)}: ${reason}`);
  return failure('BUNDLE_NO_PLACE', `there is no place for an image of ${hex(size)} bytes below 4 GiB`, {
    found: holes.length === 0 ? 'no RAM is left there' : holes.join('\n'),
    expected: `${hex(size)} bytes of RAM from 1 MiB on, apart from every segment`,
  });
}

/** A range that the program cannot write. */
export function outOfReach(field: string, { start, end }: Range, limit: bigint): Failure {
  return failure('BUNDLE_OUT_OF_REACH', `${field} at ${hex(start)}-${hex(end)} ends above ${hex(limit)}`, {
    at: { field },
    found: hex(end),
    expected: `at most ${hex(limit)}`,
  });
}

/** A plan that hands on a running kernel's EFI; the piece that shows it. */
export function efiHandedOn(piece: string): Failure {
  return failure(
    'BUNDLE_EFI',
    `the plan hands on the running kernel's EFI (${piece}), which a boot loader does not`,
  );
}

/** An image without any entry. */
export function noProtocol(): Failure {
  return failure('BUNDLE_NO_PROTOCOL', 'no boot protocol was asked for');
}

function failure(code: string, message: string, more: Partial<Diagnostic> = {}): Failure {
  return fail({ code, severity: 'error', message, hint: bundleCodes[code]?.cure ?? '', ...more });
}
