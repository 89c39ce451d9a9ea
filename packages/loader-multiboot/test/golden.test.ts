import { type Machine, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { MultibootInfo, MultibootMmap } from '@kexec-kit/multiboot-info';
import { ascii, parse } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import { goldenPlan } from '../../../tools/golden-plan.mjs';
import { loader } from '../src/index.js';
import { DYN, ELF, FLAT, modules, source, VIDEO } from './kernels.js';

const KERNELS = { elf: ELF, 'elf-movable': DYN, 'elf-video': VIDEO, flat: FLAT };
const { small, uefi, manyRanges, holes } = standardMachines;

/** What a boot engineer can review without running anything. Written by `vitest run -u`. */
describe.each(Object.entries<Machine>({ small, uefi, holes, manyRanges }))(
  'on the machine %s',
  (place, machine) => {
    test.each(Object.entries(KERNELS))('%s', async (name, bytes) => {
      const planned = loader.plan(unwrap(loader.load(source(bytes))), {
        machine,
        purpose: 'normal',
        policy: { efi: true, video: 'auto', console: {} },
        options: { commandLine: 'quiet', reuseCommandLine: true, module: modules(2) },
      });
      const value = unwrap(planned);
      const text = await goldenPlan({ ...planned, value }, (_, block) => shown(block));
      await expect(text).toMatchFileSnapshot(`golden/${name}-on-${place}.json`);
    });
  },
);

/** The block's parts lie in a row: structure, map, modules, texts. */
function shown(block: Uint8Array): unknown {
  const info = parse(MultibootInfo, block);
  const at = Array.from({ length: info.mmap_length / 24 }, (_, i) => 120 + i * 24);
  const map = at.map((offset) => parse(MultibootMmap, block.subarray(offset)));
  const rest = block.subarray(120 + info.mmap_length);
  return {
    ...info,
    map: map.map(line),
    texts: ascii(rest).split('\\x00').filter(Boolean),
  };
}

function line({ base_addr, length, type }: MultibootMmap): string {
  return `0x${base_addr.toString(16)}+0x${length.toString(16)} type ${type}`;
}
