import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { image } from '../../tools/images.mjs';

/** A picture of the screen, as QEMU shows it. */
export interface Screen {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel. */
  readonly pixels: Uint8Array;
}

/** A machine with UEFI and a screen. */
export interface UefiMachine {
  /** Arguments for QEMU. The firmware starts the kernel as the EFI program that it is. */
  readonly qemu: readonly string[];
  /** What was on the screen at each {@link takeScreen}, in order. */
  readonly screens: readonly Screen[];
}

/** The command that has a picture taken, and waits until it is. */
export const takeScreen = 'stty -F /dev/ttyS1 -echo; exec 3<>/dev/ttyS1; echo picture >&3; read -r _ <&3';

/** Gives `use` a machine of its own: its variables are as they come from the factory. */
export async function withUefi<Value>(use: (machine: UefiMachine) => Promise<Value>): Promise<Value> {
  const folder = await mkdtemp(join(tmpdir(), 'kexec-kit-uefi-'));
  const [code, variables] = [(await image('ovmf-code')).path, join(folder, 'variables')];
  await copyFile((await image('ovmf-vars')).path, variables);
  const screens: Screen[] = [];
  const monitor = await listen(join(folder, 'monitor'));
  const asking = await listen(join(folder, 'asking'));
  void (async () => {
    const [tell, ask] = await Promise.all([monitor.connected, asking.connected]);
    const takePicture = await photographer(tell, join(folder, 'picture'));
    for await (const line of createInterface({ input: ask })) {
      if (!line.trim().endsWith('picture')) continue;
      screens.push(await takePicture());
      ask.write('taken\n');
    }
  })();
  try {
    return await use({
      qemu: [
        ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${code}`],
        ...['-drive', `if=pflash,format=raw,unit=1,file=${variables}`],
        ...['-device', 'VGA'],
        ...['-chardev', `socket,id=monitor,path=${monitor.path}`, '-mon', 'chardev=monitor,mode=control'],
        // The guest's second serial line, ttyS1.
        ...['-chardev', `socket,id=asking,path=${asking.path}`, '-serial', 'chardev:asking'],
      ],
      screens,
    });
  } finally {
    for (const server of [monitor, asking]) server.close();
    await rm(folder, { recursive: true });
  }
}

/** Where QEMU connects to. */
async function listen(path: string) {
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return { path, connected, close: () => server.close() };
}

/** By QEMU's machine protocol (QMP): each command is answered with one line that has `return` or `error`. */
async function photographer(monitor: Socket, path: string): Promise<() => Promise<Screen>> {
  const lines = createInterface({ input: monitor })[Symbol.asyncIterator]();
  const execute = async (command: object) => {
    monitor.write(`${JSON.stringify(command)}\n`);
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error('QEMU ended');
      const answer = JSON.parse(line.value) as { return?: unknown; error?: { desc: string } };
      if (answer.error !== undefined) throw new Error(answer.error.desc);
      if (answer.return !== undefined) return;
    }
  };
  await execute({ execute: 'qmp_capabilities' });
  return async () => {
    await execute({ execute: 'screendump', arguments: { filename: path } });
    return readPpm(await readFile(path));
  };
}

/** Portable pixmap (PPM), binary: `P6`, width, height and the greatest value, then the pixels. */
function readPpm(bytes: Buffer): Screen {
  const header = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 64));
  if (header === null) throw new Error('QEMU wrote no PPM');
  const [width, height] = [Number(header[1]), Number(header[2])];
  return { width, height, pixels: bytes.subarray(header[0].length) };
}
