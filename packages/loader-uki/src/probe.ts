import { type Probe, hex } from '@kexec-kit/loader-api';
import { readUki, sliceOf } from '@kexec-kit/uki';

/** The name of the section that makes it one, in the section table. An EFI kernel begins with MZ too, and is none. */
export const SIGNATURES = [{ within: 0x1000, align: 4, hex: '2e6c696e75780000' }] as const;

const MACHINES: Readonly<Record<number, string>> = { 0x8664: 'x86-64', 0x14c: 'i386' };

/** PE Format, "Machine Types": what a user may have by mistake. */
const OTHERS: Readonly<Record<number, string>> = { 0xaa64: 'AArch64', 0x1c4: 'ARM', 0x5064: 'RISC-V' };

export function probe(image: Uint8Array): Probe {
  const uki = readUki({ name: 'the image', size: image.length, head: image, read: sliceOf(image) });
  if (!uki.ok) return { match: false, reason: reason(uki.diagnostics[0].message) };
  const { machine, profiles } = uki.value;
  const name = MACHINES[machine];
  if (name === undefined)
    return { match: false, reason: `a unified kernel image for ${OTHERS[machine] ?? hex(machine)}` };
  const [{ os, release }] = profiles;
  const words = [os.name, release].filter((word) => word !== '').join(', ');
  return { match: true, detail: `unified kernel image for ${name}${words === '' ? '' : `: ${words}`}` };
}

/** A clause, of a sentence. */
function reason(message: string): string {
  return message.replace(/\.$/, '');
}
