import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRom, type RomInput } from '@kexec-kit/backend-qemu';
import { range, type PlacedSegment } from '@kexec-kit/loader-api';

/** A guest of Bochs, which emulates what QEMU does not: the SHA extensions. It is slow, so keep what it does small. */
export interface BochsGuest extends Pick<RomInput, 'entry' | 'architecture'> {
  /** At most four, of bytes alone. */
  readonly segments: readonly PlacedSegment[];
  /** A model of `bochs --help cpu`. */
  readonly cpu: 'ryzen' | 'corei7_haswell_4770';
}

const TIMEOUT_MS = 60_000;
const MEBIBYTES = 64;

/** Runs segments from the state of hand-over until the CPU halts for good, and returns what the guest said on port 0xe9. */
export async function runInBochs(guest: BochsGuest): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-bochs-'));
  try {
    return wordsOf(await said(configuration(guest, folder), folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Writes the files that Bochs reads, and returns where the one is that names the others. */
function configuration({ segments, entry, architecture, cpu }: BochsGuest, folder: string): string {
  const rom = buildRom({
    entry,
    architecture,
    paging: 4,
    mapped: [range(0n, BigInt(MEBIBYTES) << 20n)],
    mapTables: false,
  });
  const romFile = join(folder, 'rom');
  writeFileSync(romFile, rom.bytes);
  const images = segments.map((segment, n) => {
    const file = join(folder, `segment-${String(n)}`);
    writeFileSync(file, contentOf(segment));
    return `optramimage${String(n + 1)}: file="${file}", address=0x${segment.start.toString(16)}`;
  });
  const path = join(folder, 'bochsrc');
  writeFileSync(
    path,
    [...SETTINGS, `cpu: model=${cpu}`, `romimage: file="${romFile}"`, ...images, ''].join('\n'),
  );
  writeFileSync(join(folder, 'commands'), 'c\nq\n');
  return path;
}

const SETTINGS = [
  `megs: ${String(MEBIBYTES)}`,
  'port_e9_hack: enabled=1',
  'config_interface: textconfig',
  'display_library: rfb, options="timeout=0"',
  'panic: action=fatal',
  'error: action=report',
  'info: action=report',
  'debug: action=ignore',
  'log: /dev/stderr',
  // The default asks ALSA, and a machine without sound ends Bochs.
  'sound: driver=dummy',
];

function contentOf({ parts }: PlacedSegment): Uint8Array {
  return Buffer.concat(parts.map((part) => ('bytes' in part ? part.bytes : new Uint8Array(0))));
}

/** The debugger's last words before it lets go are the instruction at reset. */
function wordsOf(output: string): string {
  return output.slice(output.indexOf('\n', output.indexOf('[0x0000fffffff0]')) + 1);
}

const HALTED = 'HLT instruction with IF=0';

function said(configuration: string, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = ['-q', '-f', configuration, '-rc', join(folder, 'commands')];
    const bochs = spawn('bochs-bin', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = setTimeout(() => bochs.kill('SIGKILL'), TIMEOUT_MS);
    let output = '';
    let log = '';
    bochs.stdout.setEncoding('latin1').on('data', (text: string) => (output += text));
    bochs.stderr.setEncoding('latin1').on('data', (text: string) => {
      log += text;
      if (log.includes(HALTED)) bochs.kill('SIGKILL');
    });
    bochs.on('error', reject);
    bochs.on('close', () => {
      clearTimeout(timer);
      if (log.includes(HALTED)) resolve(output);
      else reject(new Error(`Bochs ended, or was ended, before the guest halted: ${output}\n${log}`));
    });
  });
}
