import { type Elf, parseElf } from '@kexec-kit/elf';
import { range, type Range, type SegmentsSubmission, unwrap } from '@kexec-kit/loader-api';
import { normalize } from '@kexec-kit/memory';

/** What a capture kernel says of itself and of the dump. */
export interface Captured {
  readonly cmdline: string;
  /** `System RAM` of /proc/iomem. */
  readonly ram: readonly Range[];
  /** In bytes, of /proc/vmcore. */
  readonly size: bigint;
  /** Its headers and notes. */
  readonly elf: Elf;
  /** What the command that was asked for has printed about the dump. */
  readonly asked: string;
}

/** What a capture kernel prints last. */
export const CAPTURED = 'KEXEC-KIT-CAPTURED';

/**
 * Prints what {@link Captured} holds, one line each.
 *
 * @param ask - A shell command that prints one line about /proc/vmcore.
 */
export const captureInit = (ask: string): string => `#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
echo 0 > /proc/sys/kernel/printk
echo "CMDLINE $(cat /proc/cmdline)"
grep 'System RAM' /proc/iomem | sed 's/^/RAM /'
echo "SIZE $(stat -c %s /proc/vmcore)"
echo "HEAD $(head -c 12288 /proc/vmcore | base64 | tr -d '\\n')"
echo "ASKED $(${ask})"
echo ${CAPTURED}
stty -F /dev/console -echo
reboot -f
`;

/** What {@link captureInit} printed. */
export function capturedOf(output: string): Captured {
  const lines = output.split(/\r?\n/);
  const after = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const [[cmdline], [size], [head], [asked = '']] = [
    after('CMDLINE'),
    after('SIZE'),
    after('HEAD'),
    after('ASKED'),
  ];
  if (cmdline === undefined || !size || !head)
    throw new Error(`nothing was captured; the guest last said: ${output.slice(-2000)}`);
  const elf = unwrap(parseElf({ name: '/proc/vmcore', bytes: Buffer.from(head, 'base64') }));
  return {
    cmdline,
    ram: normalize(after('RAM').map(toRange)),
    size: BigInt(size),
    elf,
    asked,
  };
}

/** As /proc/iomem has them, ends inclusive. Linux cuts RAM where setup_data lie. */
function toRange(line: string): Range {
  const [start = '', last = ''] = (line.split(' ')[0] ?? '').split('-');
  return range(BigInt(`0x${start}`), BigInt(`0x${last}`) + 1n);
}

/** An ELF note as a dying CPU, or the kernel at its start, leaves it in memory. */
export function note(name: string, type: number, desc: Uint8Array): Uint8Array {
  const padded = (length: number) => (length + 3) & ~3;
  const bytes = new Uint8Array(12 + padded(name.length + 1) + padded(desc.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, name.length + 1, true);
  view.setUint32(4, desc.length, true);
  view.setUint32(8, type, true);
  bytes.set(Buffer.from(name), 12);
  bytes.set(desc, 12 + padded(name.length + 1));
  return bytes;
}

/** A submission for a guest in which somebody has left these bytes in memory before the crash. */
export function withMemory(
  submission: SegmentsSubmission,
  left: readonly { readonly start: bigint; readonly bytes: Uint8Array }[],
): SegmentsSubmission {
  const segments = left.map(({ start, bytes }) => ({
    start,
    memorySize: 0x2000n,
    parts: [{ bytes }],
    pieces: [],
  }));
  const all = [...segments, ...submission.segments].sort((a, b) => (a.start < b.start ? -1 : 1));
  return { ...submission, segments: all };
}
