import { triesIn, withoutTries } from './boot-count.js';
import type { Sorted } from './order.js';

/** One entry file of the Boot Loader Specification, type 1. */
export interface BlsEntry extends Sorted {
  /** The file's name without `.conf`, and without the count of tries behind a `+`. */
  readonly id: string;
  readonly title: string;
  /** `linux`, `uki` or `efi`: what is started. Empty where the file has none of them. */
  readonly starts: string;
  /** By which of them it is started. */
  readonly by: (typeof STARTS)[number];
  /** Of a unified kernel image: UKI specification, "Multi-Profile UKIs". */
  readonly profile: string;
  /** Empty, or the only one that it is for: `x64`. */
  readonly architecture: string;
  readonly initrds: readonly string[];
  /** Undefined where the file has none. */
  readonly options: string | undefined;
  /** Keys that change what is started, and are not read. */
  readonly others: readonly string[];
}

/** What an entry can start: a kernel, a unified kernel image, or another EFI program, which may be one of the two. */
const STARTS = ['linux', 'uki', 'efi'] as const;

/** More lines than this, no entry has. */
const MOST_LINES = 1000;

/**
 * Reads an entry file.
 *
 * @param name - The file's name, with `.conf`.
 * @example
 * ```ts
 * parseBls('arch.conf', 'title Arch\nlinux /vmlinuz\noptions quiet\noptions ro\n').options; // 'quiet ro'
 * ```
 */
export function parseBls(name: string, text: string): BlsEntry {
  const values = new Map<string, string[]>();
  for (const line of text.split('\n', MOST_LINES)) {
    const trimmed = line.trim();
    const [key = ''] = trimmed.split(/[ \t]/, 1);
    const value = trimmed.slice(key.length).trim();
    if (value !== '' && !key.startsWith('#')) values.set(key, [...(values.get(key) ?? []), value]);
  }
  const first = (key: string): string => values.get(key)?.[0] ?? '';
  const id = withoutTries(name.replace(/\.conf$/, ''));
  const by = STARTS.find((key) => values.has(key)) ?? 'linux';
  return {
    id,
    title: first('title') || id,
    version: first('version'),
    sortKey: first('sort-key'),
    machineId: first('machine-id'),
    starts: first(by),
    by,
    profile: first('profile'),
    architecture: first('architecture'),
    ...triesIn(name, '.conf'),
    initrds: (values.get('initrd') ?? []).flatMap((files) => files.split(/[ \t]+/)),
    options: values.get('options')?.join(' '),
    others: ['devicetree', 'devicetree-overlay', 'uki-url'].filter((key) => values.has(key)),
  };
}
