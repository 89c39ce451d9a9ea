import type { AnyLoader, Payload, Result } from '@kexec-kit/loader-api';
import { demand, total } from './assert.js';
import type { Check, Kit } from './checks.js';
import { damaged } from './damage.js';
import { demandPlain, same } from './data.js';
import { demandDiagnostics } from './diagnostic-rules.js';
import { load, mustLoad } from './load-checks.js';
import type { Sample } from './sample.js';

/** `payload` says where something packed lies: within the image, whatever the image claims. */
export function* payloadChecks({ loader, accepts }: Kit): Generator<Check> {
  if (loader.payload === undefined) return;
  for (const sample of accepts) {
    yield {
      id: 'payload.place',
      name: `${loader.name}: payload is data about bytes that are there: ${sample.name}`,
      run: () => {
        const found = find(loader, sample, mustLoad(loader, sample));
        const again = find(loader, sample, mustLoad(loader, sample));
        demand(same(found, again), 'payload gives something else the second time');
        for (const { what, bytes } of damaged(sample.bytes)) {
          const copy = { ...sample, name: `${sample.name} ${what}`, bytes };
          const loaded = load(loader, copy);
          if (loaded.ok) find(loader, copy, loaded.value);
        }
      },
    };
  }
}

function find(loader: AnyLoader, { name, bytes }: Sample, image: unknown): Result<Payload> | undefined {
  const what = `payload of ${name}`;
  const given = bytes.slice();
  const found = total(what, () => loader.payload?.(image, given));
  if (found === undefined) return undefined;
  demand(same(given, bytes), `${what} writes into the image`);
  demandDiagnostics(found, loader, bytes.length, what);
  if (found.ok) demandPayload(found.value, bytes.length);
  return found;
}

export function demandPayload(payload: Payload, size: number): void {
  demandPlain(payload, 'what payload gives');
  const { what, offset, length, unpackedSize = 0 } = payload;
  demand(what !== '' && !what.includes('\n'), 'a payload that says not in one line what it is');
  demand(
    Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length > 0,
    `a payload of ${String(length)} bytes at ${String(offset)} is none`,
  );
  demand(
    offset + length <= size,
    `the payload lies at ${String(offset)}+${String(length)}, beyond the image's ${String(size)} bytes`,
  );
  demand(Number.isSafeInteger(unpackedSize) && unpackedSize >= 0, 'unpackedSize is no size');
}
