import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from '@kexec-kit/bundle';
import { toIndex, type ReadSource } from '@kexec-kit/loader-api';

/** A guest as any user would start it: SeaBIOS, no ROM of ours, nothing that knows of bundles. */
export interface Machine {
  /** In MiB. */
  readonly memory: number;
  readonly model?: string;
  readonly cpu?: string;
}

/** What was said on serial, and on debugcon. */
export interface Said {
  readonly serial: string;
  readonly debugcon: string;
}

/** Runs QEMU until it has said `until` on serial, has reset or ended, or its time is up. */
export async function qemu(
  { memory, model = 'q35', cpu = 'max,smap=off' }: Machine,
  args: readonly string[],
  until: string,
  timeoutMs = 60_000,
): Promise<Said> {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-qemu-'));
  const log = join(folder, 'debugcon');
  try {
    const serial = await serialOf(
      [
        ...['-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot', '-serial', 'stdio'],
        ...['-machine', `${model},accel=tcg`, '-cpu', cpu, '-m', String(memory)],
        ...['-vga', 'std', '-debugcon', `file:${log}`, ...args],
      ],
      until,
      timeoutMs,
    );
    return { serial, debugcon: readFileSync(log, 'latin1') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function serialOf(args: readonly string[], until: string, timeoutMs: number): Promise<string> {
  const child = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill('SIGKILL');
  const timer = setTimeout(stop, timeoutMs);
  process.on('exit', stop);
  let [serial, errors] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString('latin1')));
  child.stdout.on('data', (chunk: Buffer) => {
    serial += chunk.toString('latin1');
    if (serial.includes(until)) stop();
  });
  return new Promise<string>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      process.off('exit', stop);
      if (code === null || code === 0) resolve(serial);
      else reject(new Error(`QEMU ended with status ${code}: ${errors}`));
    });
  });
}

/** Writes a bundle to a file; what is not given by it stays a hole. */
export async function writeBundle(path: string, { parts, size }: Bundle, read: ReadSource): Promise<string> {
  const file = await open(path, 'w');
  try {
    await file.truncate(toIndex(size));
    let at = 0;
    for (const part of parts) {
      if ('zeros' in part) at += toIndex(part.zeros);
      else at += (await file.write(await bytesOf(part, read), 0, undefined, at)).bytesWritten;
    }
    if (at !== toIndex(size)) throw new Error(`the parts of a bundle of ${size} bytes are ${at} bytes`);
    return path;
  } finally {
    await file.close();
  }
}

async function bytesOf(part: Exclude<Bundle['parts'][number], { zeros: bigint }>, read: ReadSource) {
  if ('bytes' in part) return part.bytes;
  if ('fresh' in part) throw new Error('a bundle has no fresh parts');
  const bytes = new Uint8Array(part.length);
  await read(part.source, part.offset, bytes);
  return bytes;
}
