import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boot, probeGuestMachine, targetOf, type BootResult, type Guest } from '@kexec-kit/backend-qemu';
import { decompressImage, linkPlanned, open, plan, type GivenOptions, type Planned } from '@kexec-kit/core';
import { nodeEngines, openSource, readSources } from '@kexec-kit/host-node';
import {
  unwrap,
  type FileValue,
  type Machine,
  type Plan,
  type SegmentsSubmission,
  type Source,
} from '@kexec-kit/loader-api';
import { loaders } from '@kexec-kit/preset-x86';
import { image } from '../../tools/images.mjs';
import { initramfs, MARKER } from '../../tools/initramfs.mjs';
import { noise, witnessOf, type Witness } from './linux.js';

/** Xen with Debian's 6.1 as dom0, and an initrd whose init tells what it sees. */
export interface Request {
  /** A loader's name, instead of the one that is chosen. */
  readonly type?: string;
  readonly guest: Guest;
  /** Xen's own command line, besides its console. */
  readonly xen?: string;
  readonly dom0?: string;
  /** The loader's options besides these. */
  readonly options?: GivenOptions;
  /** Makes another plan of the one that was made: to see what of it counts. */
  readonly alter?: (plan: Plan) => Plan;
}

export interface Booted {
  readonly planned: Planned;
  readonly machine: Machine;
  readonly submission: SegmentsSubmission;
  readonly result: BootResult;
}

const SERIAL = 'com1=115200,8n1 console=com1 noreboot';
export const DOM0 = 'console=hvc0 panic=-1 quiet';
/** In the initrd. */
const content = noise(70_001);

/** From the files to the end of the run, through the same functions as the command line. */
export async function bootXen(request: Request, until = MARKER, timeoutMs = 120_000): Promise<Booted> {
  const folder = mkdtempSync(join(tmpdir(), 'kexec-kit-xen-'));
  try {
    const initrd = join(folder, 'initrd.gz');
    writeFileSync(initrd, initramfs({ files: { 'payload/file.bin': content } }));
    const files: Files = {
      image: (await image('xen-4.17')).path,
      dom0: (await image('linux-6.1')).path,
      initrd,
    };
    return await bootFiles(request, files, { until, timeoutMs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Files = Readonly<Record<'image' | 'dom0' | 'initrd', string>>;

async function bootFiles(
  { type, guest, xen = '', options = {}, dom0 = DOM0, alter = (made) => made }: Request,
  files: Files,
  run: { readonly until: string; readonly timeoutMs: number },
): Promise<Booted> {
  const packed = unwrap(await openSource(files.image, { id: 'image', keepBytes: true }));
  const opened = unwrap(
    open(unwrap(await decompressImage(packed, { engines: nodeEngines })), loaders, { type }),
  );
  const [kernel, initrd] = [await source('dom0', files.dom0), await source('initrd', files.initrd)];
  const machine = unwrap(await probeGuestMachine(guest));
  const given: GivenOptions = {
    'command-line': `${SERIAL} ${xen}`.trim(),
    ...(opened.loader.name === 'xen'
      ? { dom0: kernel, 'dom0-args': dom0, 'dom0-initrd': initrd }
      : { module: [asModule(kernel, dom0), asModule(initrd, '')] }),
    ...options,
  };
  const made = unwrap(plan(opened, { machine, options: given }));
  const planned = { ...made, plan: alter(made.plan) };
  const submission = unwrap(
    linkPlanned(planned, { target: targetOf(guest), engines: nodeEngines, sources: [kernel, initrd] }),
  );
  const pathOf = ({ id }: Source) => files[id as keyof Files];
  const sources = unwrap(await readSources(submission.sources, { pathOf }));
  try {
    const result = unwrap(await boot(submission, sources.read, { ...guest, ...run }));
    return { planned, machine, submission, result };
  } finally {
    await sources.close();
  }
}

async function source(id: string, path: string): Promise<Source> {
  return unwrap(await openSource(path, { id, keepBytes: false }));
}

/** For the loaders that know nothing of Xen: their text begins with the file's name, a word that Xen drops. */
function asModule({ id, name, size }: Source, text: string): FileValue {
  return { source: id, name, size, arguments: text };
}

/** What dom0's init told. */
export function witnessIn({ result }: Booted): Witness {
  return witnessOf(result);
}

/** What it must have found in its initrd. */
export const digests = {
  '/payload/file.bin': createHash('sha256').update(content).digest('hex'),
};

/** The lowest address of the hypervisor itself. */
export function imageStart({ segments }: SegmentsSubmission): bigint | undefined {
  return segments.flatMap(({ pieces }) => pieces).find(({ id }) => id.startsWith('load.'))?.start;
}
