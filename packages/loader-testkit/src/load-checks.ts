import { hex, type AnyLoader, type Facts, type Result } from '@kexec-kit/loader-api';
import { demand, NonConforming, total } from './assert.js';
import type { Check, Kit } from './checks.js';
import { cut, damaged, positions } from './damage.js';
import { demandExactNumbers, demandPlain, freeze, same } from './data.js';
import { demandDiagnostics, demandFacts } from './diagnostic-rules.js';
import { foreignFiles } from './foreign.js';
import { probe } from './probe-checks.js';
import { imageOf, type Sample } from './sample.js';

/** `load` parses and validates: total, stateless, exact, and strict about what is missing. */
export function* loadChecks(kit: Kit): Generator<Check> {
  const { loader, accepts, rejects } = kit;
  for (const look of rejects) {
    yield {
      id: 'load.refuses',
      name: `${loader.name}: probe or load refuses ${look.name}`,
      run: () => {
        const taken = probe(loader, look.bytes, look.name).match && load(loader, look).ok;
        demand(!taken, `${look.name} is loaded, though it is a reject`);
      },
    };
  }
  for (const sample of accepts) yield* loadSample(kit, sample);
}

function* loadSample(kit: Kit, sample: Sample): Generator<Check> {
  const { loader } = kit;
  const check = (id: string, what: string, run: () => void): Check => {
    return { id, name: `${loader.name}: ${what}: ${sample.name}`, run };
  };
  yield check('load.accepts', 'load takes its own sample', () => {
    mustLoad(loader, sample);
  });
  yield check(
    'load.total',
    'load answers on 400 damaged copies, with declared codes and offsets inside',
    () => {
      for (const other of foreignFiles) load(loader, other);
      for (const copy of named(sample)) load(loader, copy);
    },
  );
  yield check('load.view', 'load finds its bytes within a larger buffer', () => {
    const buffer = new Uint8Array(sample.bytes.length + 48).fill(0xa5);
    buffer.set(sample.bytes, 24);
    const bytes = buffer.subarray(24, 24 + sample.bytes.length);
    const found = mustLoad(loader, { ...sample, bytes });
    demand(
      same(mustLoad(loader, sample), found),
      'load gives something else when the bytes have a byteOffset',
    );
  });
  yield check('load.exact', 'no 64-bit field becomes a number', () => {
    demandExactNumbers(mustLoad(loader, sample), 'the image');
    for (const copy of named(sample)) {
      const loaded = load(loader, copy);
      if (loaded.ok) demandExactNumbers(loaded.value, `the image of ${copy.name}`);
    }
  });
  yield check('load.truncation', 'load refuses the sample cut anywhere before its end', () => {
    refusesTruncation(loader, sample);
  });
  yield check('load.stateless', 'load gives the same after a look-alike was probed or loaded', () => {
    isStateless(kit, sample);
  });
  yield check('load.readonly', 'load leaves the bytes alone', () => {
    const given = sample.bytes.slice();
    load(loader, { ...sample, bytes: given });
    demand(same(given, sample.bytes), 'load writes into the image');
  });
  yield check('inspect.facts', 'facts are data about bytes that are there', () => {
    const facts = factsOf(loader, sample);
    demandPlain(facts, 'what inspect gives');
    demandFacts(facts, sample.bytes.length);
  });
}

function* named(sample: Sample): Generator<Sample> {
  for (const { what, bytes } of damaged(sample.bytes))
    yield { ...sample, name: `${sample.name} ${what}`, bytes };
}

/** Loads, and refuses a result that is none. */
export function load(loader: AnyLoader, sample: Pick<Sample, 'name' | 'bytes'>): Result<unknown> {
  const what = `load of ${sample.name}`;
  const result = total(what, () => loader.load(freeze(imageOf(sample)))) as Result<unknown>;
  demandDiagnostics(result, loader, sample.bytes.length, what);
  return result;
}

export function mustLoad(loader: AnyLoader, sample: Sample): unknown {
  const result = load(loader, sample);
  if (!result.ok) throw new NonConforming(`load refuses its sample: ${result.diagnostics[0].message}`);
  return result.value;
}

function factsOf(loader: AnyLoader, sample: Sample): Facts {
  const image = mustLoad(loader, sample);
  return total('inspect', () => loader.inspect?.(image) ?? []);
}

/** Every byte of the front is a cut of its own; behind it, so many. */
const EVERY_BYTE = 4096;
const SPREAD = 512;

function refusesTruncation(loader: AnyLoader, sample: Sample): void {
  const end = sample.declaredEnd ?? sample.bytes.length;
  demand(end <= sample.bytes.length, 'declaredEnd lies beyond the sample');
  const front = Array.from({ length: Math.min(end, EVERY_BYTE) }, (_, length) => length);
  const read = factsOf(loader, sample)
    .flatMap(({ fields }) => fields)
    .flatMap(({ offset, size = 1 }) => (offset === undefined ? [] : [offset, offset + size - 1]));
  const cuts = new Set([...front, ...positions(end, SPREAD), ...read, end - 1]);
  for (const length of cuts) {
    if (length < 0 || length >= end) continue;
    const result = load(loader, {
      name: `${sample.name} cut to ${String(length)} bytes`,
      bytes: cut(sample.bytes, length),
    });
    demand(
      !result.ok,
      `load takes the sample cut to ${hex(length)} bytes, which is before its end at ${hex(end)}`,
    );
  }
}

const LOOK_ALIKES = 32;

function isStateless(kit: Kit, sample: Sample): void {
  const { loader, accepts, rejects } = kit;
  const damagedCopies = [...positions(sample.bytes.length, LOOK_ALIKES)].map((offset) =>
    flipped(sample, offset),
  );
  const others = [
    ...rejects,
    ...foreignFiles,
    ...accepts.filter((each) => each !== sample),
    ...damagedCopies,
  ];
  probe(loader, sample.bytes, sample.name);
  const before = mustLoad(loader, sample);
  for (const other of others) {
    probe(loader, other.bytes, other.name);
    demand(
      same(before, mustLoad(loader, sample)),
      `load gives something else after a probe of ${other.name}`,
    );
    load(loader, other);
    demand(same(before, mustLoad(loader, sample)), `load gives something else after a load of ${other.name}`);
  }
}

function flipped({ name, bytes }: Sample, offset: number): Pick<Sample, 'name' | 'bytes'> {
  const changed = bytes.slice();
  changed[offset] = (changed[offset] ?? 0) ^ 0x01;
  return { name: `${name} with a bit flipped at ${String(offset)}`, bytes: changed };
}
