import { expect, expectTypeOf, it } from 'vitest';
import {
  addressOf,
  constant,
  defineLoader,
  fail,
  manifestOf,
  ok,
  unwrap,
  type FileValue,
  type LoaderManifest,
} from '@kexec-kit/loader-api';

const flat = defineLoader({
  api: 1,
  name: 'flat',
  version: '1.2.3',
  summary: 'Images without a header',
  supports: { purposes: ['normal'], handoffs: ['long64'], architectures: ['x86_64'] },
  options: {
    limit: { type: 'address', name: 'limit', placeholder: 'SIZE', summary: 'Stop there' },
    module: { type: 'file', name: 'module', placeholder: 'FILE', summary: 'Add a module', multiple: true },
    quiet: { type: 'flag', name: 'quiet', summary: 'Say nothing' },
    mode: { type: 'choice', name: 'mode', placeholder: 'MODE', summary: 'How', choices: ['fast', 'slow'] },
  },
  codes: {},
  signatures: [{ at: 0, hex: '7f' }],
  probe: (image) =>
    image[0] === 0x7f ? { match: true, detail: 'flat' } : { match: false, reason: 'no 0x7f' },
  load: (image) => ok({ length: image.bytes.length }),
  plan: (image, { options }) => {
    expectTypeOf(options.limit).toEqualTypeOf<bigint | undefined>();
    expectTypeOf(options.module).toEqualTypeOf<readonly FileValue[]>();
    expectTypeOf(options.quiet).toEqualTypeOf<boolean>();
    expectTypeOf(options.mode).toEqualTypeOf<'fast' | 'slow' | undefined>();
    expectTypeOf(image).toEqualTypeOf<{ length: number }>();
    return ok({ segments: [], handoff: { mode: 'long64', entry: constant(0n), registers: {} } });
  },
});

it('a manifest is all that is known of a loader without running it: JSON, complete, with defaults filled in', () => {
  const manifest = manifestOf(flat);
  expect(JSON.parse(JSON.stringify(manifest)) as LoaderManifest).toEqual(manifest);
  expect(manifest).toMatchObject({ api: 1, name: 'flat', version: '1.2.3', aliases: [], refines: [] });
  expect(Object.keys(manifest.options)).toEqual(['limit', 'module', 'quiet', 'mode']);
});

it('a failure has at least one diagnostic, a success may have some', () => {
  const bad = { code: 'FLAT_BAD', severity: 'error', message: 'bad' } as const;
  expect(fail(bad)).toEqual({ ok: false, diagnostics: [bad] });
  expect(unwrap(ok(1))).toBe(1);
  expect(() => unwrap(fail(bad))).toThrow('FLAT_BAD: bad');
  expect(ok(1)).toEqual({ ok: true, value: 1, diagnostics: [] });
});

it('expressions name a byte of a segment or a number', () => {
  expect(addressOf('kernel', 0x200n)).toEqual({
    terms: [{ sign: 1, segment: 'kernel', at: 'start', offset: 0x200n }],
    constant: 0n,
  });
  expect(constant(7n)).toEqual({ terms: [], constant: 7n });
});
