import { type Machine, unwrap } from '@kexec-kit/loader-api';
import { standardMachines } from '@kexec-kit/loader-testkit';
import { infoTagWords, MemoryMapTag, readInfoTags } from '@kexec-kit/multiboot-info';
import { ascii, parse, toHex } from '@kexec-kit/structures';
import { describe, expect, test } from 'vitest';
import { goldenPlan } from '../../../tools/golden-plan.mjs';
import { loader } from '../src/index.js';
import { ELF, FLAT, HIGH, kernel, modules, source, WISHES } from './kernels.js';

const KERNELS = { elf: ELF, 'elf-high': HIGH, 'elf-asks': kernel(WISHES), flat: FLAT };
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
        options: { commandLine: 'quiet', reuseCommandLine: true, module: modules(2), profile: undefined },
      });
      const text = await goldenPlan({ ...planned, value: unwrap(planned) }, (_, block) =>
        readInfoTags(block).map(shown),
      );
      await expect(text).toMatchFileSnapshot(`golden/${name}-on-${place}.json`);
    });
  },
);

function shown({ type, bytes }: { readonly type: number; readonly bytes: Uint8Array }): unknown {
  const name = `${infoTagWords(type)}, ${bytes.length} bytes`;
  if (type <= 2) return { [name]: ascii(bytes.subarray(8)) };
  if (type === 3) return { [name]: ascii(bytes.subarray(16)) };
  if (type !== 6) return { [name]: toHex(bytes.subarray(8)) };
  const { entries } = parse(MemoryMapTag, bytes);
  return {
    [name]: entries.map(
      ({ base_addr, length, type: kind }) =>
        `0x${base_addr.toString(16)}+0x${length.toString(16)} type ${kind}`,
    ),
  };
}
