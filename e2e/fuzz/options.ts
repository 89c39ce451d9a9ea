import type {
  AnyLoader,
  AnyOptions,
  FileValue,
  Option,
  OptionSpec,
  OptionValue,
  Source,
} from '@kexec-kit/loader-api';
import type { Random } from './random.js';

/** Values for every option of a loader, by its own table: mostly none, at times odd ones. */
export function chooseOptions(loader: AnyLoader, choose: Random): AnyOptions {
  return Object.fromEntries(
    Object.entries(loader.options as OptionSpec).map(([key, option]) => {
      if (option.multiple !== true) return [key, chooseOne(option, key, choose)];
      const count = choose.pick([0, 0, 1, 1, 2, 5]);
      const values = Array.from({ length: count }, (_, i) => always(option, `${key}.${String(i)}`, choose));
      return [key, values];
    }),
  );
}

function chooseOne(option: Option, key: string, choose: Random): OptionValue {
  if (option.type === 'flag') return choose.oneIn(6);
  return choose.oneIn(option.type === 'file' ? 1 : 3) ? always(option, key, choose) : undefined;
}

function always(option: Option, key: string, choose: Random): string | bigint | FileValue {
  switch (option.type) {
    case 'choice':
      return choose.pick(option.choices ?? ['']);
    case 'address':
      return choose.pick([
        0n,
        1n,
        0x1000n,
        0x10_0000n,
        0x1_0000_0000n,
        (1n << 64n) - 1n,
        BigInt(choose.bits()),
      ]);
    case 'file':
      return { source: key, name: `${key}.img`, size: choose.pick(SIZES), arguments: text(choose) };
    case 'flag':
    case 'string':
      return text(choose);
  }
}

const SIZES = [1, 0x1001, 0x1001, 0x100000, 0x100000, 0x100001, 0, 2 ** 31, 2 ** 40];
const GOOD = ['', 'console=ttyS0 root=/dev/vda1', 'a"b c" d', '   '];
const ODD = ['é', 'x'.repeat(300), 'x'.repeat(5000), 'a\0b'];

/** Mostly one that nobody objects to: what comes after should be reached. */
function text(choose: Random): string {
  return choose.pick(choose.oneIn(8) ? ODD : GOOD);
}

/** The files that options name, as a host would have hashed them. */
export function sourcesOf(options: AnyOptions): Source[] {
  const isFile = (value: unknown): value is FileValue =>
    typeof value === 'object' && value !== null && 'source' in value;
  return Object.values(options)
    .flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .filter(isFile)
    .map(({ source, name, size }) => ({ id: source, name, size, sha256: 'a5'.repeat(32) }));
}
