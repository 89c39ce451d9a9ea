import { linuxTarget, looksLike, parseSubmission, serializeSubmission } from '@kexec-kit/core';
import { link, linkCodes, type LinkResult } from '@kexec-kit/link';
import type {
  AnyLoader,
  AnyOptions,
  Codes,
  Machine,
  Plan,
  Policy,
  Purpose,
  Result,
  Source,
} from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';
import { loader as elf } from '@kexec-kit/loader-elf';
import { loader as multiboot } from '@kexec-kit/loader-multiboot';
import { loader as multiboot2 } from '@kexec-kit/loader-multiboot2';
import { loader as pvh } from '@kexec-kit/loader-pvh';
import { imageOf, standardMachines } from '@kexec-kit/loader-testkit';
import { loader as uki } from '@kexec-kit/loader-uki';
import { loader as xen } from '@kexec-kit/loader-xen';
import {
  total,
  copy,
  demandExactNumbers,
  demandPlain,
  freeze,
  demandDiagnostics,
  demandFacts,
  load,
  demandPayload,
  deferredIsFinished,
  contentFits,
  idsAreUnique,
  referencesResolve,
  relocationsAreInRange,
  probe,
  same,
} from '../insides.js';
import { engines } from '../engines.js';
import { rule } from '../finding.js';
import { mutate } from '../mutate.js';
import { chooseOptions, sourcesOf } from '../options.js';
import type { Random } from '../random.js';
import { repairMultiboot } from '../repair.js';
import {
  bzImageSeeds,
  elfSeeds,
  multiboot2Seeds,
  multibootSeeds,
  pvhSeeds,
  ukiSeeds,
  xenSeeds,
} from '../seeds/images.js';
import { demandSubmission } from '../submission-rules.js';
import type { Answer, Target } from '../target.js';

const everyLoader: readonly AnyLoader[] = [bzimage, uki, elf, pvh, multiboot, multiboot2, xen];

/** The one with 300 ranges costs as much as ten others. */
const { manyRanges, ...fewRanges } = standardMachines;
const some = Object.values<Machine>(fewRanges);
const machines: readonly Machine[] = freeze(
  copy(
    [...some, ...some, ...some, manyRanges].flatMap((machine): Machine[] => [
      machine,
      { ...machine, architecture: 'i386' },
    ]),
  ),
);

/** What a case is asked for besides the image: by chance, of the image's own bytes. */
interface Wish {
  readonly machine: Machine;
  readonly purpose: Purpose;
  readonly policy: Policy;
  readonly options: AnyOptions;
  readonly callerAbi: 'x86_64' | 'i386';
  readonly saves: boolean;
  readonly thorough: boolean;
}

function chooseWish(loader: AnyLoader, choose: Random): Omit<Wish, 'thorough'> {
  const machine = choose.pick(machines);
  const purposes = loader.supports.purposes.filter(
    (each) => each === 'normal' || machine.crashKernel.length > 0,
  );
  return {
    machine,
    purpose: choose.pick(purposes),
    policy: freeze({
      efi: !choose.oneIn(4),
      video: choose.pick(['auto', 'none']),
      console: choose.oneIn(2) ? {} : { vga: true, verbose: true, serial: { port: 0x3f8, baud: 115200 } },
      resetVga: choose.oneIn(8),
      resetPic: choose.oneIn(8),
      checks: !choose.oneIn(4),
      ...(choose.oneIn(8) && { memory: { start: 0n, end: BigInt(choose.bits()) << 4n } }),
    }),
    options: freeze(chooseOptions(loader, choose)),
    callerAbi: choose.oneIn(8) ? 'i386' : machine.architecture,
    saves: choose.oneIn(8),
  };
}

/** A loader from its probe to a linked submission. */
export function loaderTarget(
  loader: AnyLoader,
  own: Pick<Target, 'seeds'> & { readonly repair?: typeof repairMultiboot },
): Target {
  return {
    name: loader.name,
    stages: ['probe', 'load', ...(loader.payload === undefined ? [] : ['payload']), 'plan', 'link'],
    seeds: own.seeds,
    make(random, seeds) {
      const bytes = mutate(random, seeds);
      own.repair?.(bytes, random);
      return bytes;
    },
    run: (bytes, choose, { thorough }) =>
      runLoader(loader, bytes, { ...chooseWish(loader, choose), thorough }),
  };
}

function runLoader(loader: AnyLoader, bytes: Uint8Array, wish: Wish): Answer {
  const reached: string[] = [];
  const pass = <T>(stage: string, ok: boolean, value: T): T => {
    if (ok) reached.push(stage);
    return value;
  };
  looksLike(bytes);
  const probes = everyLoader.map((each) => probe(each, bytes, 'the image'));
  const own = probes[everyLoader.indexOf(loader)];
  pass('probe', own?.match === true, own);
  const loaded = load(loader, { name: 'the image', bytes });
  const value: Record<string, unknown> = { probes, loaded };
  if (!loaded.ok) return { reached, value };
  pass('load', true, loaded);
  if (wish.thorough) demandExactNumbers(loaded.value, 'the image');
  value['facts'] = inspect(loader, loaded.value, bytes);
  if (loader.payload !== undefined) {
    const payload = payloadOf(loader, loaded.value, bytes);
    value['payload'] = pass('payload', payload.ok, payload);
  }
  const planned = planImage(loader, loaded.value, bytes, wish);
  value['planned'] = pass('plan', planned.ok, planned);
  if (!planned.ok) return { reached, value };
  const linked = linkPlan(loader, { image: loaded.value, bytes, plan: planned.value, wish });
  value['linked'] = pass('link', linked.ok, linked);
  return { reached, value };
}

function inspect(loader: AnyLoader, image: unknown, bytes: Uint8Array): unknown {
  const facts = total('inspect', () => loader.inspect?.(image) ?? []);
  demandFacts(facts, bytes.length);
  return facts;
}

function payloadOf(loader: AnyLoader, image: unknown, bytes: Uint8Array): Result<unknown> {
  const found = total('payload', () => loader.payload!(image, bytes));
  demandDiagnostics(found, loader, bytes.length, 'payload');
  if (found.ok) demandPayload(found.value, bytes.length);
  return found;
}

function planImage(loader: AnyLoader, image: unknown, bytes: Uint8Array, wish: Wish): Result<Plan> {
  const { machine, purpose, policy, options } = wish;
  const planned = total('plan', () => loader.plan(image, { machine, purpose, policy, options }));
  demandDiagnostics(planned, loader, bytes.length, 'plan');
  if (planned.ok) demandPlan(planned.value, loader, new Map([['image', bytes.length], ...sizesOf(options)]));
  if (planned.ok && wish.thorough) demandData(planned.value);
  return planned;
}

const sizesOf = (options: AnyOptions) => sourcesOf(options).map(({ id, size }) => [id, size] as const);

/** What holds for every plan, also for that of an image which no machine has room for. */
function demandPlan(plan: Plan, loader: AnyLoader, sizes: ReadonlyMap<string, number>): void {
  idsAreUnique(plan);
  referencesResolve(plan);
  relocationsAreInRange(plan);
  contentFits(plan, sizes);
  deferredIsFinished(plan, loader.finish !== undefined);
}

function demandData(plan: Plan): void {
  demandPlain(plan, 'the plan');
  demandExactNumbers(plan, 'the plan');
}

interface ToLink {
  readonly image: unknown;
  readonly bytes: Uint8Array;
  readonly plan: Plan;
  readonly wish: Wish;
}

function linkPlan(loader: AnyLoader, { image, bytes, plan, wish }: ToLink): LinkResult {
  const { machine, purpose, policy, options, callerAbi } = wish;
  const sources: Source[] = [imageOf({ name: 'the image', bytes }), ...sourcesOf(options)];
  const finish = loader.finish?.bind(loader);
  const linked = link({
    ...{ loader: { name: loader.name, version: loader.version }, plan, machine, purpose, policy, engines },
    target: linuxTarget(machine.architecture, callerAbi),
    sources: new Map(sources.map((source) => [source.id, source])),
    ...(finish && { finish: (layout) => finish(image, plan, layout) }),
  });
  const codes: Codes = { ...linkCodes, ...loader.codes };
  demandDiagnostics(linked, { ...loader, codes }, bytes.length, 'link');
  const blamed = linked.diagnostics.find(
    ({ code }) => code.startsWith('LINK_BAD_PLAN') || code === 'LINK_SOURCE_NOT_AT_HAND',
  );
  rule(blamed === undefined, `the linker blames the loader: ${String(blamed?.message)}`);
  if (linked.ok) demandSubmission(linked.value, plan, machine);
  if (linked.ok && wish.saves && wish.thorough) comesBack(linked.value);
  return linked;
}

/** What is saved is read as what it was. */
function comesBack(submission: Parameters<typeof serializeSubmission>[0]): void {
  const back = parseSubmission(serializeSubmission(submission, engines), engines);
  rule(
    back.ok,
    `a linked submission is refused when it is read again: ${back.ok ? '' : back.diagnostics[0].message}`,
  );
  rule(same(back.value, submission), 'a linked submission is another one when it is read again');
}

export const loaderTargets: readonly Target[] = [
  loaderTarget(bzimage, { seeds: bzImageSeeds }),
  loaderTarget(uki, { seeds: ukiSeeds }),
  loaderTarget(elf, { seeds: elfSeeds }),
  loaderTarget(pvh, { seeds: pvhSeeds }),
  loaderTarget(multiboot, { seeds: multibootSeeds, repair: repairMultiboot }),
  loaderTarget(multiboot2, { seeds: multiboot2Seeds, repair: repairMultiboot }),
  loaderTarget(xen, { seeds: xenSeeds, repair: repairMultiboot }),
];
