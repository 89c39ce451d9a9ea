import {
  API_VERSION,
  manifestOf,
  type AnyLoader,
  type LoaderManifest,
  type Option,
  type OptionSpec,
} from '@kexec-kit/loader-api';
import { demand } from './assert.js';
import { demandPlain, same } from './data.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const ALIAS = /^[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*$/;
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
const LONGEST_SUMMARY = 100;

export function identityIsRight({ api, name, version, summary, aliases = [] }: AnyLoader): void {
  demand((api as number) === API_VERSION, `api is ${String(api)}; this kit checks ${String(API_VERSION)}`);
  demand(NAME.test(name), `the name ${JSON.stringify(name)} is not lower-case words with hyphens`);
  demand(/^\d+\.\d+\.\d+/.test(version), `the version ${JSON.stringify(version)} is not three numbers`);
  demand(isLine(summary), 'the summary is not one line of at most 100 characters');
  for (const alias of aliases) {
    demand(
      ALIAS.test(alias.name) && alias.name !== name,
      `the alias ${JSON.stringify(alias.name)} is no other name`,
    );
    demand(isLine(alias.summary), `the alias ${alias.name} has no one-line summary`);
  }
}

export function supportsIsComplete({ supports }: AnyLoader): void {
  for (const key of ['purposes', 'handoffs', 'architectures'] as const) {
    demand(supports[key].length > 0, `supports.${key} is empty`);
  }
}

export function optionsAreTaught({ options, aliases = [] }: AnyLoader): void {
  const spec = options as OptionSpec;
  const names = Object.values(spec).flatMap((option) => [option.name, ...(option.aliases ?? [])]);
  for (const option of Object.values(spec)) demandOption(option);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  demand(twice === undefined, `two options are called --${String(twice)}`);
  for (const { name, presets } of aliases) {
    const unknown = Object.keys(presets).find((key) => !Object.hasOwn(spec, key));
    demand(unknown === undefined, `the alias ${name} presets ${String(unknown)}, which is no option`);
  }
}

function demandOption(option: Option): void {
  const called = `--${option.name}`;
  demand(NAME.test(option.name), `${called} is not lower-case words with hyphens`);
  demand(isLine(option.summary), `${called} has no one-line summary`);
  demand(
    option.type === 'flag' || (option.placeholder ?? '') !== '',
    `${called} takes a value, but has no placeholder`,
  );
  demand(
    (option.type === 'choice') === (option.choices ?? []).length > 0,
    `${called}: choices belong to a choice`,
  );
}

export function codesAreExplained({ codes }: AnyLoader): void {
  for (const [code, { cause, cure }] of Object.entries(codes)) {
    demand(CODE.test(code), `the code ${code} is not FORMAT_CONDITION`);
    demand(cause !== '' && cure !== '', `the code ${code} lacks a cause or a cure`);
  }
}

export function signaturesAreWellFormed({ signatures }: AnyLoader): void {
  demand(signatures.length > 0, 'there are no signatures: an image without any is never offered');
  for (const each of signatures) {
    demand(
      /^([0-9a-f]{2})+$/.test(each.hex),
      `the signature ${JSON.stringify(each.hex)} is not lower-case hexadecimal`,
    );
    const numbers = 'at' in each ? [each.at] : [each.within, each.align];
    demand(
      numbers.every((value) => Number.isSafeInteger(value) && value >= 0),
      `the signature ${each.hex} is nowhere`,
    );
    demand('at' in each || each.align > 0, `the signature ${each.hex} is aligned to nothing`);
  }
}

/** A manifest that was printed is read as it was, and is the one that ships. */
export function manifestIsCurrent(loader: AnyLoader, shipped: LoaderManifest | undefined): void {
  const manifest = manifestOf(loader);
  demandPlain(manifest, 'the manifest');
  const printed: unknown = JSON.parse(JSON.stringify(manifest));
  demand(same(printed, manifest), 'the manifest does not survive being printed as JSON');
  demand(
    shipped === undefined || same(shipped, printed),
    'loader.json is not what the code says: generate it again',
  );
}

/** Whether one of the signatures is in the bytes. */
export function matchesSignature({ signatures }: AnyLoader, bytes: Uint8Array): boolean {
  return signatures.some((each) => {
    const wanted = each.hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
    const here = (offset: number) => wanted.every((byte, index) => bytes[offset + index] === byte);
    if ('at' in each) return here(each.at);
    const end = Math.min(each.within, bytes.length - wanted.length + 1);
    for (let offset = 0; offset < end; offset += each.align) if (here(offset)) return true;
    return false;
  });
}

function isLine(text: string): boolean {
  return text !== '' && text.length <= LONGEST_SUMMARY && !text.includes('\n');
}
