import type { AnyLoader, Probe } from '@kexec-kit/loader-api';
import { demand, total } from './assert.js';
import type { Check, Kit } from './checks.js';
import { demandPlain, same } from './data.js';
import { damaged } from './damage.js';
import { foreignFiles } from './foreign.js';
import type { Sample } from './sample.js';
import { matchesSignature } from './shape-rules.js';

/** `probe` looks: total, stateless, and never wrong about its own samples. */
export function* probeChecks(kit: Kit): Generator<Check> {
  const { loader, accepts } = kit;
  for (const { name, bytes } of foreignFiles) {
    yield {
      id: 'probe.refuses',
      name: `${loader.name}: probe refuses ${name}`,
      run: () => {
        demand(!probe(loader, bytes, name).match, `probe takes ${name} for its own`);
      },
    };
  }
  for (const sample of accepts) yield* probeSample(kit, sample);
}

function* probeSample({ loader, rejects }: Kit, { name, bytes }: Sample): Generator<Check> {
  const check = (id: string, what: string, run: () => void): Check => {
    return { id, name: `${loader.name}: ${what}: ${name}`, run };
  };
  yield check('probe.accepts', 'probe takes its own sample', () => {
    demand(probe(loader, bytes, name).match, 'probe refuses a sample that the loader takes');
  });
  yield check('probe.signature', 'a sample has one of the signatures', () => {
    demand(
      matchesSignature(loader, bytes),
      'no signature is in the sample: it would never be offered to this loader',
    );
  });
  yield check('probe.total', 'probe answers on 400 damaged copies', () => {
    for (const copy of damaged(bytes)) probe(loader, copy.bytes, `${name} ${copy.what}`);
  });
  yield check('probe.stateless', 'probe answers the same after anything else', () => {
    const before = probe(loader, bytes, name);
    for (const other of [...rejects, ...foreignFiles]) {
      probe(loader, other.bytes, other.name);
      demand(
        same(before, probe(loader, bytes, name)),
        `probe answers otherwise after it has seen ${other.name}`,
      );
    }
  });
  yield check('probe.readonly', 'probe leaves the bytes alone', () => {
    const given = bytes.slice();
    probe(loader, given, name);
    demand(same(given, bytes), 'probe writes into the image');
  });
}

/** Asks, and refuses an answer that is none. */
export function probe(loader: AnyLoader, bytes: Uint8Array, what: string): Probe {
  const answer = total(`probe of ${what}`, () => loader.probe(bytes));
  demandPlain(answer, 'the answer of probe');
  const words: unknown = answer.match ? answer.detail : answer.reason;
  demand(
    typeof words === 'string' && words !== '',
    `probe of ${what} gives no ${answer.match ? 'detail' : 'reason'}`,
  );
  return answer;
}
