import { range, type SegmentsSubmission, type Submission } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { checkSubmission } from '../src/check.js';
import { guestMachine, targetOf, type Guest } from '../src/index.js';
import { endlessAt, submissionFor } from './submission.js';

const guest: Guest = { memory: 64n << 20n, model: 'q35' };
const good = submissionFor(guest, [endlessAt(0x200000n)]);

function check(submission: Submission, by: Guest = guest) {
  return checkSubmission(submission, guestMachine(by), targetOf(by));
}

function refusal(changes: Partial<SegmentsSubmission>, by: Guest = guest) {
  const checked = check({ ...good, ...changes }, by);
  if (checked.ok) throw new Error('it was taken');
  return checked.diagnostics[0];
}

describe('a submission', () => {
  it('that was made for the guest is taken', () => {
    expect(check(good, guest)).toMatchObject({ ok: true, value: good });
  });

  it('is taken by another model with the same map', () => {
    expect(check(good, { ...guest, model: 'microvm' }).ok).toBe(true);
  });

  it('for more memory is refused with the difference', () => {
    const refused = refusal({}, { ...guest, memory: 32n << 20n });
    expect(refused.code).toBe('QEMU_OTHER_MACHINE');
    expect(refused.found).toContain('0x2000000-0x4000000: was ram, is now not told of');
  });

  it('with the fingerprint of another map than the one beside it is refused', () => {
    expect(refusal({ map: { ...good.map, fingerprint: '0'.repeat(64) } }).code).toBe('QEMU_OTHER_MACHINE');
  });

  it('for kexec_file_load is refused', () => {
    const { map, sources, facts, diagnostics, loader } = good;
    const file: Submission = {
      ...{ method: 'file', kernel: 'image', initrds: [], commandLine: '' },
      ...{ purpose: 'normal', architecture: 'x86_64' },
      ...{ map, sources, facts, diagnostics, loader },
    };
    expect(check(file, guest)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_UNSUPPORTED' }],
    });
  });

  it('that wants to be entered in protected mode is refused', () => {
    const refused = refusal({ target: { ...good.target, handoff: 'protected32' } });
    expect(refused).toMatchObject({ code: 'QEMU_UNSUPPORTED', expected: 'long64' });
  });

  it('for the other architecture is refused, both ways', () => {
    const i386: Guest = { ...guest, architecture: 'i386' };
    expect(refusal({}, i386)).toMatchObject({ code: 'QEMU_UNSUPPORTED', expected: 'protected32' });
    const other = submissionFor(i386, [endlessAt(0x200000n)]);
    expect(check(other, i386).ok).toBe(true);
    expect(check(other)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_UNSUPPORTED', expected: 'long64' }],
    });
  });

  it('with a segment above 4 GiB is refused by i386, and taken by x86_64', () => {
    const large: Guest = { ...guest, memory: 6n << 30n };
    const at = [endlessAt(5n << 30n)];
    expect(check(submissionFor(large, at), large).ok).toBe(true);
    const i386: Guest = { ...large, architecture: 'i386' };
    expect(check(submissionFor(i386, at), i386)).toMatchObject({
      ok: false,
      diagnostics: [{ code: 'QEMU_BAD_SUBMISSION', at: { field: 'segments[0]' } }],
    });
  });

  it.each<[string, Partial<SegmentsSubmission>, string]>([
    ['beyond RAM', { segments: [endlessAt(64n << 20n)] }, 'segments[0]'],
    ['in the hole below 1 MiB that is no RAM here', { segments: [endlessAt(1n << 32n)] }, 'segments[0]'],
    ['in page 0', { segments: [endlessAt(0n)] }, 'segments[0]'],
    ['not at a page', { segments: [endlessAt(0x200010n)] }, 'segments[0]'],
    ['below zero', { segments: [endlessAt(-0x1000n)] }, 'segments[0]'],
    ['of no size', { segments: [{ ...endlessAt(0x200000n), memorySize: 0n }] }, 'segments[0]'],
    ['over another', { segments: [endlessAt(0x200000n), endlessAt(0x200000n)] }, 'segments[1]'],
    [
      'with more content than memory',
      {
        segments: [
          { ...endlessAt(0x200000n), parts: [{ zeros: 0x800n }, { source: 's', offset: 0, length: 0x801 }] },
        ],
      },
      'segments[0]',
    ],
    [
      'with a part of negative length',
      { segments: [{ ...endlessAt(0x200000n), parts: [{ zeros: -1n }] }] },
      'segments[0]',
    ],
    [
      'too many',
      { segments: Array.from({ length: 17 }, (_, n) => endlessAt(0x200000n + BigInt(n) * 0x1000n)) },
      'segments',
    ],
  ])('with a segment %s is refused', (_, changes, field) => {
    expect(refusal({ entry: 0x200000n, ...changes })).toMatchObject({
      code: 'QEMU_BAD_SUBMISSION',
      at: { field },
    });
  });

  it.each<[string, Partial<SegmentsSubmission>, string]>([
    ['an entry outside of its segments', { entry: 0x201000n }, 'entry'],
    ['a mapping that is not whole pages', { mappings: [range(0n, 0x400n)] }, 'mappings[0]'],
    ['a mapping of everything', { mappings: [range(0n, 1n << 64n)] }, 'mappings[0]'],
    [
      'more mappings than anybody needs',
      { mappings: Array.from({ length: 65 }, () => range(0n, 0x1000n)) },
      'mappings',
    ],
  ])('with %s is refused', (_, changes, field) => {
    expect(refusal(changes)).toMatchObject({ code: 'QEMU_BAD_SUBMISSION', at: { field } });
  });
});
