import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type {
  AnyLoader,
  Engines,
  Machine,
  Purpose,
  SegmentsSubmission,
  Submission,
} from '@kexec-kit/loader-api';
import { coreCodes, linkPlanned, open, parseSubmission, plan, serializeSubmission } from '@kexec-kit/core';
import { integrityOf, toJson } from '../src/saved/canonical.js';
import { fromBase64, toBase64 } from '../src/saved/base64.js';
import { browserEngines, nodeEngines } from './engines.js';
import { flat, machine, sourceOf, target } from './loaders.js';

const image = sourceOf(`FLAT${'code'.repeat(500)}`);
const initrd = sourceOf(
  Uint8Array.from({ length: 5000 }, (_, at) => at * 3),
  'initrd.0',
);

interface Asked {
  readonly loader: AnyLoader;
  readonly purpose: Purpose;
  readonly on: Machine;
}

function submissionWith(
  engines: Engines,
  { loader, purpose, on }: Asked = { loader: flat, purpose: 'normal', on: machine },
): SegmentsSubmission {
  const opened = open(image, [loader]);
  if (!opened.ok) throw new Error(opened.diagnostics[0].message);
  const planned = plan(opened.value, { machine: on, purpose, options: { initrd: [initrd] } });
  if (!planned.ok) throw new Error(planned.diagnostics[0].message);
  const linked = linkPlanned(planned.value, { target, engines, sources: [initrd] });
  if (!linked.ok) throw new Error(linked.diagnostics[0].message);
  return linked.value;
}

const submission = submissionWith(nodeEngines);
const text = serializeSubmission(submission, nodeEngines);

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}
interface Saved {
  format: string;
  version: number;
  integrity: string;
  submission: JsonObject;
}
const parsed = (): Saved => JSON.parse(text) as Saved;

function codeOf(saved: unknown): string | undefined {
  const result = parseSubmission(typeof saved === 'string' ? saved : JSON.stringify(saved), nodeEngines);
  return result.ok ? undefined : result.diagnostics[0].code;
}

/** An edit by somebody who also computes the checksum again: what is left is what the reader checks. */
function resealed(change: (submission: JsonObject) => void): Saved {
  const saved = parsed();
  change(saved.submission);
  return { ...saved, integrity: integrityOf(saved, nodeEngines) };
}

/** The value at a path, to be written to. */
function at(json: Json, ...path: (string | number)[]): JsonObject {
  return path.reduce<Json>((value, key) => (value as JsonObject)[key] ?? null, json) as Record<string, Json>;
}

describe('a submission', () => {
  it('is equal from the Node and from the pure-JavaScript engines', () => {
    expect(submissionWith(browserEngines)).toEqual(submission);
    expect(serializeSubmission(submissionWith(browserEngines), browserEngines)).toBe(text);
  });

  it('comes back equal from its saved form', () => {
    expect(parseSubmission(text, nodeEngines)).toEqual({ ok: true, value: submission, diagnostics: [] });
  });

  it('comes back when the file was only laid out anew, keys in another order', () => {
    const { submission: content, ...envelope } = parsed();
    const reversed = Object.fromEntries(Object.entries(content).reverse());
    expect(codeOf(JSON.stringify({ submission: reversed, ...envelope }, undefined, '\t'))).toBeUndefined();
  });

  it('for kexec_file_load is saved likewise', () => {
    const { loader, purpose, architecture, map, sources, facts, diagnostics } = submission;
    const base = { loader, purpose, architecture, map, sources, facts, diagnostics };
    const file: Submission = {
      ...base,
      method: 'file',
      kernel: 'image',
      initrds: ['initrd.0'],
      commandLine: 'a=b "c d"',
    };
    const saved = serializeSubmission(file, nodeEngines);
    expect(parseSubmission(saved, nodeEngines)).toMatchObject({ ok: true, value: file });
    const lost = serializeSubmission({ ...file, initrds: ['initrd.0', 'elsewhere'] }, nodeEngines);
    expect(codeOf(lost)).toBe('SUBMISSION_INCONSISTENT');
  });

  it('keeps 64-bit values exact', () => {
    const end = 0xffffffff81000123n;
    const wide = { ...submission, target: { ...target, addressEnd: end } };
    expect(serializeSubmission(wide, nodeEngines)).toContain('"addressEnd": "0xffffffff81000123"');
    expect(parseSubmission(serializeSubmission(wide, nodeEngines), nodeEngines)).toMatchObject({
      value: { target: { addressEnd: end } },
    });
  });
});

describe('for a crash kernel', () => {
  const crashKernel = [{ start: 0x2000000n, end: 0x3000000n }];
  const crash = {
    systemRam: machine.usable,
    cpuNotes: [{ cpu: 0, start: 0x1800000n, end: 0x1800170n }],
    vmcoreinfo: { start: 0x1900000n, end: 0x1901024n },
    kernel: { start: 0x1000000n, end: 0x1400000n, virtualStart: 0xffffffff81000000n },
    pageOffset: 0xffff888000000000n,
  };
  const loader = { ...flat, supports: { ...flat.supports, purposes: ['normal', 'crash'] as const } };
  const crashing = submissionWith(nodeEngines, {
    loader,
    purpose: 'crash',
    on: { ...machine, crashKernel, crash },
  });
  const saved = () => JSON.parse(serializeSubmission(crashing, nodeEngines)) as Saved;
  const edited = (change: (map: JsonObject) => void) => {
    const changed = saved();
    change(at(changed.submission, 'map'));
    return codeAndMessage({ ...changed, integrity: integrityOf(changed, nodeEngines) });
  };

  it('comes back equal, with all that a dump depends on', () => {
    expect(crashing.map).toMatchObject({ crashKernel, crash });
    expect(parseSubmission(serializeSubmission(crashing, nodeEngines), nodeEngines)).toEqual({
      ok: true,
      value: crashing,
      diagnostics: [],
    });
  });

  it.each<[string, (map: JsonObject) => void, string]>([
    ['another region', (map) => (at(map, 'crashKernel', 0)['end'] = '0x3f00000'), 'map.fingerprint'],
    [
      'another place of the notes',
      (map) => (at(map, 'crash', 'cpuNotes', 0)['start'] = '0x2000'),
      'map.fingerprint',
    ],
    [
      'another page offset',
      (map) => (at(map, 'crash')['pageOffset'] = '0xffff888000001000'),
      'map.fingerprint',
    ],
    ['no region', (map) => delete map['crashKernel'], 'submission'],
  ])('is not believed with %s', (_, change, field) => {
    expect(edited(change)).toEqual(['SUBMISSION_INCONSISTENT', expect.stringContaining(field)]);
  });

  it('lies in the crash region', () => {
    const moved = { ...crashing, segments: submission.segments, entry: submission.entry, checked: [] };
    expect(codeAndMessage(JSON.parse(serializeSubmission(moved, nodeEngines)))).toEqual([
      'SUBMISSION_INCONSISTENT',
      expect.stringContaining('it does not lie in the crash region'),
    ]);
  });

  it('records what no other kernel does', () => {
    const { fingerprint, told, usable } = submission.map;
    expect(submission.map).toEqual({ fingerprint, told, usable });
    const map = { ...submission.map, crashKernel: [] };
    expect(codeOf(JSON.parse(serializeSubmission({ ...submission, map }, nodeEngines)))).toBe(
      'SUBMISSION_INCONSISTENT',
    );
  });
});

function codeAndMessage(saved: unknown): [string, string] | undefined {
  const result = parseSubmission(JSON.stringify(saved), nodeEngines);
  return result.ok ? undefined : [result.diagnostics[0].code, result.diagnostics[0].message];
}

describe('a saved plan edited by hand', () => {
  it('is SUBMISSION_EDITED when every value still makes sense', () => {
    const saved = parsed();
    at(saved.submission, 'loader')['version'] = '1.0.1';
    const result = parseSubmission(JSON.stringify(saved), nodeEngines);
    expect(result.diagnostics).toMatchObject([
      { code: 'SUBMISSION_EDITED', message: 'the saved plan was changed after it was made' },
    ]);
  });

  it.each<[string, (submission: JsonObject) => void, string]>([
    ['segments not aligned', (s) => (at(s, 'segments', 0)['start'] = '0x100001'), 'segments.0'],
    ['content in page 0', (s) => (at(s, 'segments', 0)['start'] = '0x0'), 'segments.0'],
    ['segments outside of RAM', (s) => (at(s, 'segments', 2)['start'] = '0x8000000'), 'segments.2'],
    ['segments that overlap', (s) => (at(s, 'segments')['1'] = at(s, 'segments', 0)), 'segments.1'],
    ['an entry in no segment', (s) => (s['entry'] = '0x3000000'), 'entry'],
    ['a slice beyond its file', (s) => (at(s, 'sources', 0)['size'] = 10), 'parts'],
    ['a slice of no file', (s) => (at(s, 'sources', 0)['id'] = 'other'), 'parts'],
    ['two files of one name', (s) => (at(s, 'sources', 1)['id'] = 'image'), 'sources.1'],
    ['last words outside of all segments', (s) => (s['lastWords'] = '0x2000000'), 'lastWords'],
    [
      'a copy to where no segment is',
      (s) => (s['copies'] = [{ from: '0x0', to: '0x2000000', length: '0x1000' }]),
      'copies.0.to',
    ],
    ['a check outside of all segments', (s) => (at(s, 'checked', 0)['start'] = '0x2000000'), 'checked.0'],
    ['another memory map', (s) => (at(s, 'map', 'usable', 1)['end'] = '0x3000000'), 'map.fingerprint'],
    ['a map that runs backwards', (s) => (at(s, 'map', 'told', 0)['end'] = '0x0'), 'map.told.0'],
    ['a limit below its segments', (s) => (at(s, 'target')['addressEnd'] = '0x1000'), 'segments.0'],
    ['too many segments', (s) => (at(s, 'target')['maxSegments'] = 1), 'segments'],
  ])('is SUBMISSION_INCONSISTENT with %s, even with its checksum made anew', (_, change, where) => {
    const result = parseSubmission(JSON.stringify(resealed(change)), nodeEngines);
    expect(result.diagnostics).toMatchObject([{ code: 'SUBMISSION_INCONSISTENT' }]);
    expect(result.diagnostics.at(0)?.at?.field).toContain(where);
  });

  it('is told in a line, however long its names are', () => {
    const saved = resealed((submission) => {
      const region = at(submission, 'checked', 0);
      region['name'] = 'x'.repeat(70_000);
      region['start'] = '0x2000000';
    });
    const result = parseSubmission(JSON.stringify(saved), nodeEngines);
    expect(result.diagnostics).toMatchObject([{ code: 'SUBMISSION_INCONSISTENT' }]);
    expect(result.diagnostics.at(0)?.message.length).toBeLessThan(200);
  });

  it('is told in a line, however long its keys are', () => {
    const saved = resealed((submission) => (at(submission, 'map')['x'.repeat(70_000)] = 1));
    const [diagnostic] = parseSubmission(JSON.stringify(saved), nodeEngines).diagnostics;
    expect(diagnostic.code).toBe('SUBMISSION_SCHEMA');
    expect(JSON.stringify(diagnostic).length).toBeLessThan(1000);
  });

  it.each<[string, (submission: JsonObject) => void, string]>([
    ['an unknown key', (s) => (at(s, 'segments', 0)['colour'] = 'red'), 'submission.segments.0.colour'],
    [
      'a key of every object',
      (s) => Reflect.set(at(s, 'map'), 'constructor', 'x'),
      'submission.map.constructor',
    ],
    ['an address in decimal', (s) => (s['entry'] = '4096'), 'submission.entry'],
    ['an address in upper case', (s) => (s['entry'] = '0xABC'), 'submission.entry'],
    ['an address beyond 2^64', (s) => (s['entry'] = '0x10000000000000001'), 'submission.entry'],
    ['a digest too short', (s) => (at(s, 'sources', 0)['sha256'] = 'abc'), 'submission.sources.0.sha256'],
    ['a size that is no integer', (s) => (at(s, 'sources', 0)['size'] = 1.5), 'submission.sources.0.size'],
    [
      'a size beyond what is exact',
      (s) => (at(s, 'sources', 0)['size'] = 2 ** 53),
      'submission.sources.0.size',
    ],
    ['a key that is missing', (s) => delete s['entry'], 'submission.entry'],
    ['an unknown method', (s) => (s['method'] = 'magic'), 'submission.method'],
  ])('is SUBMISSION_SCHEMA with %s', (_, change, field) => {
    expect(parseSubmission(JSON.stringify(resealed(change)), nodeEngines).diagnostics).toMatchObject([
      { code: 'SUBMISSION_SCHEMA', at: { field } },
    ]);
  });

  it.each([
    ['', 'SUBMISSION_NOT_JSON'],
    [text.slice(0, 1000), 'SUBMISSION_NOT_JSON'],
    ['null', 'SUBMISSION_FORMAT'],
    ['[1, 2]', 'SUBMISSION_FORMAT'],
    ['{"format": "else"}', 'SUBMISSION_FORMAT'],
    [text.replace('"version": 1', '"version": 2'), 'SUBMISSION_VERSION'],
  ])('is refused as a whole: %#', (saved, code) => {
    expect(codeOf(saved)).toBe(code);
  });
});

describe('any mutation of a saved plan', () => {
  /** Every place in a JSON value. */
  function places(json: Json, path: readonly string[] = []): (readonly string[])[] {
    if (typeof json !== 'object' || json === null) return [path];
    return [path, ...Object.entries(json).flatMap(([key, value]) => places(value, [...path, key]))];
  }
  const all = places(parsed() as unknown as Json).filter(({ length }) => length > 0);
  const value = fc.oneof(
    fc.constantFrom<Json>(
      null,
      true,
      -1,
      0,
      1e300,
      '',
      '0x0',
      '0xffffffffffffffff',
      '0x1000',
      '__proto__',
      [],
      {},
    ),
    fc.jsonValue({ maxDepth: 2 }).map((json) => json as Json),
  );

  it.each([false, true])(
    'is an equal submission or one coded refusal, never an exception (resealed: %s)',
    (reseal) => {
      fc.assert(
        fc.property(fc.constantFrom(...all), fc.option(value, { nil: undefined }), (path, replacement) => {
          const saved = parsed();
          const parent = at(saved as unknown as Json, ...path.slice(0, -1));
          const key = path.at(-1) ?? '';
          if (replacement === undefined) Reflect.deleteProperty(parent, key);
          else parent[key] = replacement;
          if (reseal) saved.integrity = integrityOf(saved, nodeEngines);
          const result = parseSubmission(JSON.stringify(saved), nodeEngines);
          if (!result.ok) expect(result.diagnostics.map(({ code }) => code in coreCodes)).toEqual([true]);
          else if (reseal) expect(toJson(result.value)).toEqual(saved.submission);
          else expect(result.value).toEqual(submission);
        }),
        { numRuns: 1500 },
      );
    },
  );

  it('of its text is, too', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('0', '9', 'f', '"', '{', ' ', '\n', '\u0000'),
        (index, letter) => {
          const result = parseSubmission(text.slice(0, index) + letter + text.slice(index + 1), nodeEngines);
          if (result.ok) expect(result.value).toEqual(submission);
          else expect(result.diagnostics[0].code in coreCodes).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('base64', () => {
  it('is what Node writes, and comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(fromBase64(toBase64(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['A', 'AA', 'AA=', 'AB==', 'AAB=', 'A===', '====', 'AA==AAAA', 'A A='])('refuses %j', (wrong) => {
    expect(fromBase64(wrong)).toBeUndefined();
  });
});
