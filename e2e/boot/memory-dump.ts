import { hex } from '@kexec-kit/loader-api';

/** What QEMU's monitor is asked for so many bytes of guest memory. */
export function dumpQuestion(start: bigint, length: number): string {
  return `xp /${String(length)}bx ${hex(start)}`;
}

/** The bytes in its answer: lines of `00000000000b8000: 0x6b 0x07 …`. */
export function dumped(answer = ''): Uint8Array {
  const lines = answer.split(/\r?\n/).map((line) => line.replace(/^[0-9a-f]+:/, ''));
  return Uint8Array.from(
    lines.flatMap((line) => line.match(/0x[0-9a-f]{2}\b/g) ?? []),
    Number,
  );
}
