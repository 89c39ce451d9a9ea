import type { AnyLoader, FilePlan, Policy, Result } from '@kexec-kit/loader-api';
import { fail, ok } from '@kexec-kit/loader-api';
import { describe, expect, it } from 'vitest';
import { open, parseSubmission, planFile, serializeSubmission, type PlanFileRequest } from '@kexec-kit/core';
import { nodeEngines as engines } from './engines.js';
import { flat, machine, sourceOf } from './loaders.js';

const image = sourceOf('FLATcode');
const initrd = sourceOf('an initrd', 'initrd.0');

function loading(planned: Result<FilePlan>): AnyLoader {
  return { ...flat, planFile: () => planned };
}

function submit(
  loader: AnyLoader = loading(ok({ commandLine: 'quiet', initrds: ['initrd.0'] })),
  changes: Partial<PlanFileRequest> = {},
) {
  const opened = open(image, [loader]);
  if (!opened.ok) throw new Error(opened.diagnostics[0].code);
  return planFile(opened.value, { machine, engines, sources: [initrd, sourceOf('x', 'other')], ...changes });
}

describe('a submission for kexec_file_load', () => {
  it('names the files that the kernel is to read, and no others', () => {
    const submission = submit();
    expect(submission).toMatchObject({
      ok: true,
      value: {
        ...{ method: 'file', purpose: 'normal', architecture: 'x86_64', loader: { name: 'flat' } },
        ...{ kernel: image.id, initrds: ['initrd.0'], commandLine: 'quiet' },
        map: { told: machine.told, usable: machine.usable },
      },
    });
    expect(submission.ok && submission.value.sources.map(({ id }) => id)).toEqual([image.id, 'initrd.0']);
    expect(
      JSON.stringify(submission, (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
    ).not.toContain('bytes');
  });

  it('is saved and read back like any other', () => {
    const submission = submit();
    if (!submission.ok) throw new Error('not planned');
    expect(parseSubmission(serializeSubmission(submission.value, engines), engines)).toMatchObject({
      ok: true,
      value: submission.value,
    });
  });
});

describe('kexec_file_load is refused before any system call', () => {
  const codes = (result: ReturnType<typeof submit>) => result.diagnostics.map(({ code }) => code);

  it('for a format that no kernel loads by itself', () => {
    expect(codes(submit(flat))).toEqual(['FILE_LOAD_UNSUPPORTED']);
  });

  it('on a running kernel that has no such call', () => {
    expect(codes(submit(undefined, { machine: { ...machine, architecture: 'i386' } }))).toEqual([
      expect.stringMatching(/FILE_LOAD_UNSUPPORTED|ARCHITECTURE_UNSUPPORTED/),
    ]);
  });

  it("with the loader's own words, where it refuses", () => {
    const refused = fail({ code: 'FLAT_NO', severity: 'error', message: 'no' });
    expect(codes(submit(loading(refused)))).toEqual(['FLAT_NO']);
  });

  it.each<[string, Partial<Policy>]>([
    ['where in memory it goes', { memory: { start: 0n, end: 1n } }],
    ['that EFI is kept from it', { efi: false }],
    ['that the screen is kept from it', { video: 'none' }],
    ['that it is not verified', { checks: false }],
    ['that the screen is reset', { resetVga: true }],
    ['that the interrupt controllers are reset', { resetPic: true }],
  ])('when it was asked %s', (words, policy) => {
    const result = submit(undefined, { policy });
    expect(result).toMatchObject({ ok: false, diagnostics: [{ code: 'FILE_LOAD_POLICY', found: words }] });
  });

  it('but not for what purgatory would have said, since the kernel has a silent one', () => {
    expect(submit(undefined, { policy: { console: { vga: true } } }).ok).toBe(true);
  });
});
