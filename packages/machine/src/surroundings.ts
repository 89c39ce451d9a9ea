import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * What stands around the running kernel and decides whether another one comes up in its place: hypervisor, firmware,
 * graphics. What is absent is not known.
 */
export interface Surroundings {
  /** Below Xen. */
  readonly xen?: XenDomain;
  /** The machine is a virtual one whose memory is encrypted against its host. */
  readonly confidential?: Confidential;
  /** The firmware is EFI: /sys/firmware/efi is there. */
  readonly efi?: boolean;
  /** The drivers of the graphics cards in /sys/class/drm, e.g. `i915`, sorted; empty where no card has one. */
  readonly graphics?: readonly string[];
  /** The names in /proc/fb, e.g. `EFI VGA`; empty where there is no framebuffer. */
  readonly framebuffers?: readonly string[];
}

export interface XenDomain {
  /** /sys/hypervisor/guest_type. */
  readonly type?: 'PV' | 'PVH' | 'HVM';
  /** The domain that controls the others: dom0. */
  readonly control: boolean;
}

/** By whom the memory of a guest is encrypted: Intel TDX, or AMD SEV in one of its forms. */
export type Confidential = 'tdx' | 'sev-snp' | 'sev-es' | 'sev';

/**
 * Reads what stands around the running kernel. Never fails: what cannot be read is left out.
 *
 * @param options.root - Where /proc and /sys are. Default `/`.
 * @example
 * ```ts
 * const { confidential } = await readSurroundings();
 * if (confidential === 'tdx') console.error('the host cannot see into this machine, and kexec needs a recent kernel');
 * ```
 */
export async function readSurroundings({
  root = '/',
}: { readonly root?: string } = {}): Promise<Surroundings> {
  const text = (path: string) => head(join(root, path));
  const names = (path: string) => readdir(join(root, path)).catch(() => undefined);
  const xen = await readXen(text);
  const confidential = confidentialBy(
    (await text('/proc/cpuinfo')) ?? '',
    await names('/sys/devices/system/cpu/sev'),
  );
  const efi = (await names('/sys/firmware'))?.includes('efi');
  const graphics = await readGraphics(text, names);
  const framebuffers = parseFramebuffers(await text('/proc/fb'));
  return {
    ...(xen && { xen }),
    ...(confidential && { confidential }),
    ...(efi !== undefined && { efi }),
    ...(graphics && { graphics }),
    ...(framebuffers && { framebuffers }),
  };
}

type Text = (path: string) => Promise<string | undefined>;
type Names = (path: string) => Promise<readonly string[] | undefined>;

/** Of /proc/cpuinfo, which has a page for every CPU, the first is enough. */
const HEAD = 16_384;

async function head(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.toString('utf8', 0, bytesRead).trim();
  } catch {
    return undefined; // a file that cannot be read says nothing
  } finally {
    await file.close();
  }
}

async function readXen(text: Text): Promise<XenDomain | undefined> {
  if ((await text('/sys/hypervisor/type')) !== 'xen') return undefined;
  const type = /^(?:PV|PVH|HVM)$/.exec(
    (await text('/sys/hypervisor/guest_type')) ?? '',
  )?.[0] as XenDomain['type'];
  const capabilities = (await text('/proc/xen/capabilities')) ?? '';
  const flag = await text('/sys/hypervisor/start_flags/initdomain');
  return { ...(type && { type }), control: capabilities.includes('control_d') || flag === '1' };
}

/** The flags of SEV are those of the processor; a guest sees them where it runs under it. */
function confidentialBy(cpuinfo: string, sev: readonly string[] | undefined): Confidential | undefined {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(cpuinfo)?.[1]?.trim().split(' '));
  if (flags.has('tdx_guest')) return 'tdx';
  if (sev?.includes('vmpl') === true) return 'sev-snp';
  if (!flags.has('hypervisor')) return undefined;
  const forms = [
    ['sev_snp', 'sev-snp'],
    ['sev_es', 'sev-es'],
    ['sev', 'sev'],
  ] as const;
  return forms.find(([flag]) => flags.has(flag))?.[1];
}

async function readGraphics(text: Text, names: Names): Promise<readonly string[] | undefined> {
  const classes = await names('/sys/class');
  if (classes === undefined) return undefined;
  const cards = (await names('/sys/class/drm'))?.filter((name) => /^card\d+$/.test(name)) ?? [];
  const drivers = await Promise.all(
    cards.map(
      async (card) => /^DRIVER=(.+)$/m.exec((await text(`/sys/class/drm/${card}/device/uevent`)) ?? '')?.[1],
    ),
  );
  return [...new Set(drivers.flatMap((driver) => driver ?? []))].sort();
}

function parseFramebuffers(text: string | undefined): readonly string[] | undefined {
  return text?.split('\n').flatMap((line) => /^\d+ (.+)$/.exec(line)?.[1] ?? []);
}
