import { readFileSync } from 'node:fs';
import { image } from '../../tools/images.mjs';

/**
 * The example kernel of the Multiboot specification, in Debian's package `multiboot`, shows what it is told as text on the screen,
 * and halts. It gets one instruction of ours: where it would say that it halts, it goes on to a program that prints the
 * screen on the serial port.
 */
export async function exampleKernel(viewerAt: number): Promise<Uint8Array> {
  const bytes = Uint8Array.from(readFileSync((await image('multiboot-example')).path));
  const at = haltMessage(bytes);
  const jump = Buffer.alloc(5);
  jump[0] = 0xe9;
  jump.writeInt32LE(viewerAt - (LINKED + at - CONTENT + jump.length), 1);
  bytes.set(jump, at);
  return bytes;
}

/** Its one PT_LOAD: where it is linked, and where it lies in the file. */
const LINKED = 0x100000;
const CONTENT = 0xa0;

/** `push $message; call printf; hlt; jmp .-1`: where the push of 5 bytes is. */
function haltMessage(bytes: Uint8Array): number {
  const at = Buffer.from(bytes).indexOf('f4ebfd', 'hex') - 10;
  if (bytes[at] !== 0x68 || bytes[at + 5] !== 0xe8)
    throw new Error('the example kernel does not end as it did');
  return at;
}

export const COLUMNS = 80;
export const LINES = 24;

/** 32-bit code at home anywhere: prints the characters at 0xb8000, a blank for 0, then a newline, and resets. */
export function viewer(): Uint8Array {
  const count = Buffer.alloc(4);
  count.writeUInt32LE(COLUMNS * LINES);
  return Uint8Array.from(
    Buffer.from(
      [
        'be00800b00', //         mov  $0xb8000, %esi
        `b9${count.toString('hex')}`, // mov $count, %ecx
        'bafd030000', // next:   mov  $0x3fd, %edx     line status
        'ec', //         wait:   in   %dx, %al
        'a820', //               test $0x20, %al       transmitter empty
        '74fb', //               jz   wait
        'b2f8', //               mov  $0xf8, %dl
        '8a06', //               mov  (%esi), %al
        '84c0', //               test %al, %al
        '7502', //               jnz  print
        'b020', //               mov  $0x20, %al
        'ee', //         print:  out  %al, %dx
        '4646', //               inc  %esi; inc %esi
        '49', //                 dec  %ecx
        '75e6', //               jnz  next
        'b00aee', //             mov  $0x0a, %al; out %al, %dx
        '6a006a00', //           push $0; push $0
        '0f011c24', //           lidt (%esp)
        'cc', //                 int3: a triple fault
      ].join(''),
      'hex',
    ),
  );
}

/** The screen that a viewer printed, without blanks at the ends of its lines, and without empty lines. */
export function screenOf(output: string): string[] {
  const text = output.slice(output.lastIndexOf('\n', output.length - 2) + 1);
  return Array.from({ length: LINES }, (_, n) => text.slice(n * COLUMNS, (n + 1) * COLUMNS).trimEnd()).filter(
    (line) => line !== '',
  );
}
