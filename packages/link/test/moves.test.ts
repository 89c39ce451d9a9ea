import { range, type Group } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { anywhere, linked, planOf, q35, segment } from './inputs.js';

const linkedAt = 0x1000000n;
const elsewhere = {
  ...anywhere,
  within: range(0x100000n, 1n << 32n),
  align: 0x200000n,
  from: 'top' as const,
};
const group: Group = { id: 'image', placements: [{ at: linkedAt }, elsewhere] };
const member = (id: string, offset: bigint) =>
  segment(id, { memorySize: 0x100000n, placements: [{ group: 'image', offset }] });
const plan = { ...planOf([member('text', 0n), member('data', 0x180000n)]), groups: [group] };

describe('an image that has an address of its own', () => {
  it('is said to be moved, from the old range to the new one and why', () => {
    const above = range(linkedAt + 0x1000n, q35.usable.at(-1)?.end ?? 0n);
    const { diagnostics } = linked(plan, {
      policy: { efi: true, video: 'auto', console: {}, memory: above },
    });
    expect(diagnostics).toMatchObject([
      {
        code: 'LINK_MOVED',
        severity: 'info',
        message:
          'text, data moved from 0x1000000-0x1280000 to 0x7c00000-0x7e80000: 0x1000000-0x1001000 (outside the memory that the policy allows)',
      },
    ]);
  });

  it('is not spoken of where it stays', () => {
    expect(linked(plan).diagnostics).toEqual([]);
  });

  it('is not spoken of when it has no other place to go to', () => {
    expect(linked(planOf([segment('fixed', { placements: [{ at: linkedAt }] })])).diagnostics).toEqual([]);
  });
});
