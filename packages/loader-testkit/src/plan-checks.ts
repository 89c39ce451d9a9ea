import type { Machine, Plan, Policy, Purpose, Result } from '@kexec-kit/loader-api';
import { demand, NonConforming, total } from './assert.js';
import type { Check, Kit } from './checks.js';
import { damaged } from './damage.js';
import { copy, demandExactNumbers, demandPlain, freeze, same, walk } from './data.js';
import { demandDiagnostics } from './diagnostic-rules.js';
import { load, mustLoad } from './load-checks.js';
import {
  deferredIsFinished,
  findsPlace,
  fixedPlacementsAreDisjoint,
  pageZeroIsLeftAlone,
} from './place-rules.js';
import {
  contentFits,
  handoffIsPossible,
  idsAreUnique,
  narrowAddressesStayLow,
  referencesResolve,
  relocationsAreInRange,
} from './plan-rules.js';
import { writtenIsBehindContent } from './written-rules.js';
import { optionsFor, sourceSizes, type Sample } from './sample.js';

/** A machine, and what it is planned for. */
interface Case {
  readonly name: string;
  readonly machine: Machine;
  readonly purpose: Purpose;
}

type Rule = (plan: Plan, at: Case) => void;

const POLICY: Policy = { efi: true, video: 'auto', console: { serial: { port: 0x3f8 } } };

/** `plan` says what goes where: plain data, the same each time, and possible on every machine. */
export function* planChecks(kit: Kit): Generator<Check> {
  for (const sample of kit.accepts) {
    yield* ruleChecks(kit, sample);
    yield* behaviourChecks(kit, sample);
  }
}

/** Rules that every single plan keeps. */
function* ruleChecks(kit: Kit, sample: Sample): Generator<Check> {
  const { loader } = kit;
  const hasFinish = loader.finish !== undefined;
  const rules: readonly (readonly [string, string, Rule])[] = [
    [
      'plan.plain',
      'a plan is plain data',
      (plan) => {
        demandPlain(plan, 'the plan');
      },
    ],
    ['plan.exact', 'addresses and sizes are bigint', demandTypes],
    ['plan.ids', 'ids are unique', idsAreUnique],
    ['plan.references', 'what is named is there', referencesResolve],
    ['plan.relocations', 'relocations are in range', relocationsAreInRange],
    [
      'plan.content',
      'content fits its memory and its sources',
      (plan) => {
        contentFits(plan, sourceSizes(sample));
      },
    ],
    [
      'plan.handoff',
      'the entry is possible',
      (plan) => {
        handoffIsPossible(plan, loader.supports.handoffs);
      },
    ],
    ['plan.narrow', 'addresses fit where they are written', narrowAddressesStayLow],
    ['plan.written', 'what purgatory writes lies behind content', writtenIsBehindContent],
    ['plan.disjoint', 'fixed placements do not overlap', fixedPlacementsAreDisjoint],
    ['plan.page-zero', 'page 0 is left alone', pageZeroIsLeftAlone],
    [
      'plan.deferred',
      'what is deferred is finished',
      (plan) => {
        deferredIsFinished(plan, hasFinish);
      },
    ],
    [
      'plan.fits',
      'everything finds a place in RAM',
      (plan, { machine, purpose }) => {
        findsPlace(plan, machine, purpose);
      },
    ],
  ];
  for (const [id, what, rule] of rules) {
    yield check(kit, sample, id, what, () => {
      for (const at of casesFor(kit, sample))
        onCase(at, () => {
          rule(mustPlan(kit, sample, at), at);
        });
    });
  }
}

/** What it takes more than one call to see. */
function* behaviourChecks(kit: Kit, sample: Sample): Generator<Check> {
  yield check(kit, sample, 'plan.succeeds', 'there is a plan for every machine', () => {
    for (const at of casesFor(kit, sample)) onCase(at, () => mustPlan(kit, sample, at));
  });
  yield check(kit, sample, 'plan.deterministic', 'the same plan twice, whatever was planned between', () => {
    isDeterministic(kit, sample);
  });
  yield check(kit, sample, 'plan.readonly', 'the machine, the options and the image are left alone', () => {
    for (const at of casesFor(kit, sample))
      onCase(at, () => {
        isReadOnly(kit, sample, at);
      });
  });
  yield check(kit, sample, 'plan.total', 'plan answers on every machine and on what survives damage', () => {
    isTotal(kit, sample);
  });
}

function check(kit: Kit, sample: Sample, id: string, what: string, run: () => void): Check {
  return { id, name: `${kit.loader.name}: ${what}: ${sample.name}`, run };
}

/** Where a sample must find a place: for a crash kernel, only where there is a crash region. */
function casesFor({ loader, machines }: Kit, { fits, purposes = loader.supports.purposes }: Sample): Case[] {
  const { architectures } = loader.supports;
  return Object.entries(machines).flatMap(([name, machine]) => {
    if (!architectures.includes(machine.architecture)) return [];
    if (fits !== undefined && !fits.includes(name)) return [];
    return purposes
      .filter((purpose) => purpose === 'normal' || machine.crashKernel.length > 0)
      .map((purpose): Case => ({ name, machine, purpose }));
  });
}

function onCase({ name, purpose }: Case, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof NonConforming)) throw error;
    throw new NonConforming(`${error.message} (on the machine ${name}, purpose ${purpose})`);
  }
}

function planImage(kit: Kit, sample: Sample, image: unknown, { machine, purpose }: Case): Result<Plan> {
  const options = freeze(copy(optionsFor(kit.loader, sample.options)));
  const input = { machine, purpose, policy: POLICY, options };
  const result = total('plan', () => kit.loader.plan(image, input));
  demandDiagnostics(result, kit.loader, sample.bytes.length, 'plan');
  return result;
}

function mustPlan(kit: Kit, sample: Sample, at: Case): Plan {
  const result = planImage(kit, sample, mustLoad(kit.loader, sample), at);
  if (!result.ok) throw new NonConforming(`plan refuses: ${result.diagnostics[0].message}`);
  return result.value;
}

/** The last part of a path that is a 64-bit quantity wherever it stands in a plan. */
const WIDE = /(^|\.)(memorySize|align|start|end|constant|zeros)$/;

function demandTypes(plan: Plan): void {
  demandExactNumbers(plan, 'the plan');
  walk({ ...plan, facts: undefined }, (value, path) => {
    const isWide = WIDE.test(path) || /placements\[\d+\]\.(at|offset)$|terms\[\d+\]\.offset$/.test(path);
    demand(!isWide || typeof value === 'bigint', `the plan: ${path} is ${typeof value}, and not a bigint`);
  });
}

function isDeterministic(kit: Kit, sample: Sample): void {
  const cases = casesFor(kit, sample);
  const image = mustLoad(kit.loader, sample);
  const plans = cases.map((at) => planImage(kit, sample, image, at));
  for (const other of [...kit.rejects, ...kit.accepts]) load(kit.loader, other);
  cases.forEach((at, index) => {
    const again = planImage(kit, sample, image, at);
    demand(
      same(plans[index], again),
      `plan gives something else the second time (on the machine ${at.name})`,
    );
  });
}

function isReadOnly(kit: Kit, sample: Sample, at: Case): void {
  const image = mustLoad(kit.loader, sample);
  const given = {
    machine: copy(at.machine),
    policy: copy(POLICY),
    options: copy(optionsFor(kit.loader, sample.options)),
  };
  const before = copy(given);
  const bytes = sample.bytes.slice();
  total('plan', () => kit.loader.plan(image, { ...given, purpose: at.purpose }));
  demand(same(given, before), 'plan writes into the machine, the policy or the options');
  demand(same(sample.bytes, bytes), 'plan writes into the bytes of the image');
}

function isTotal(kit: Kit, sample: Sample): void {
  const cases = Object.entries(kit.machines).map(([name, machine]): Case => ({
    name,
    machine,
    purpose: 'normal',
  }));
  const image = mustLoad(kit.loader, sample);
  for (const at of cases)
    for (const purpose of ['normal', 'crash'] as const) planImage(kit, sample, image, { ...at, purpose });
  const [first] = cases;
  if (first === undefined) return;
  for (const { what, bytes } of damaged(sample.bytes)) {
    const copied = { ...sample, name: `${sample.name} ${what}`, bytes };
    const loaded = load(kit.loader, copied);
    if (loaded.ok) planImage(kit, copied, loaded.value, first);
  }
}
