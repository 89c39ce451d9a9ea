import type { LoaderManifest } from '@kexec-kit/loader-api';
import { demand } from './assert.js';
import type { Check, Kit } from './checks.js';
import {
  codesAreExplained,
  identityIsRight,
  manifestIsCurrent,
  optionsAreTaught,
  signaturesAreWellFormed,
  supportsIsComplete,
} from './shape-rules.js';

/** What can be said of a loader without running it. */
export function* shapeChecks({ loader, accepts }: Kit, manifest?: LoaderManifest): Generator<Check> {
  const check = (id: string, name: string, run: () => void): Check => ({
    id,
    name: `${loader.name}: ${name}`,
    run,
  });
  yield check('shape.samples', 'there are samples, each with its own name', () => {
    const names = accepts.map((sample) => sample.name);
    demand(names.length > 0, 'a kit without samples proves nothing');
    demand(new Set(names).size === names.length, 'two samples have one name');
  });
  yield check('shape.identity', 'api, name, version and summary are right', () => {
    identityIsRight(loader);
  });
  yield check('shape.supports', 'says what it supports', () => {
    supportsIsComplete(loader);
  });
  yield check('shape.options', 'every option can be taught from data', () => {
    optionsAreTaught(loader);
  });
  yield check('shape.codes', 'every code has a cause and a cure', () => {
    codesAreExplained(loader);
  });
  yield check('shape.signatures', 'signatures are well-formed', () => {
    signaturesAreWellFormed(loader);
  });
  yield check('shape.manifest', 'the manifest is data and current', () => {
    manifestIsCurrent(loader, manifest);
  });
}
