import { DEFAULT_POLICY, linuxTarget } from '@kexec-kit/core';
import { link, linkCodes } from '@kexec-kit/link';
import {
  hex,
  PAGE_SIZE,
  type AnyLoader,
  type Machine,
  type Range,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import { loader as bzimage } from '@kexec-kit/loader-bzimage';
import { loader as multiboot2 } from '@kexec-kit/loader-multiboot2';
import { imageOf } from '@kexec-kit/loader-testkit';
import { contains } from '@kexec-kit/memory';
import { bzImage, HIGH, optionsFor } from './insides.js';
import { engines } from './engines.js';
import { rule } from './finding.js';
import type { Random } from './random.js';
import { demandSubmission } from './submission-rules.js';

/** What everybody relies on, whatever the machine or a file said. */
export function demandMachine({ told, usable, crashKernel }: Machine): void {
  demandAscending('told', told);
  demandAscending('usable', usable);
  demandAscending('crashKernel', crashKernel);
  const ram = told.filter(({ kind }) => kind === 'ram');
  for (const each of usable) {
    const what = `usable ${hex(each.start)}-${hex(each.end)}`;
    rule(each.start >= PAGE_SIZE, `${what} begins in page 0`);
    rule(each.start % PAGE_SIZE === 0n && each.end % PAGE_SIZE === 0n, `${what} is not whole pages`);
    rule(contains(ram, each), `${what} is no RAM that was told of`);
  }
}

function demandAscending(what: string, ranges: readonly Range[]): void {
  ranges.forEach(({ start, end }, i) => {
    rule(
      start >= 0n && start < end && end <= 1n << 64n,
      `${what}[${String(i)}] is ${hex(start)}-${hex(end)}`,
    );
    const before = ranges[i - 1];
    rule(
      before === undefined || before.end <= start,
      `${what}[${String(i)}] begins before the end of what precedes it`,
    );
  });
}

const IMAGES: readonly (readonly [AnyLoader, SourceBytes])[] = [
  [bzimage, imageOf({ name: 'a bzImage', bytes: bzImage() })],
  [multiboot2, imageOf({ name: 'a Multiboot 2 kernel', bytes: HIGH })],
];

/** Plans and links a good image on a machine that may be odd; whether that succeeds. */
export function startSomething(machine: Machine, choose: Random): boolean {
  const [loader, image] = choose.pick(IMAGES);
  const loaded = loader.load(image);
  if (!loaded.ok) return false;
  const policy = DEFAULT_POLICY;
  const planned = loader.plan(loaded.value, {
    machine,
    purpose: 'normal',
    policy,
    options: optionsFor(loader),
  });
  if (!planned.ok) {
    const strange = planned.diagnostics.find(({ code }) => !Object.hasOwn(loader.codes, code));
    rule(strange === undefined, `plan gives the code ${String(strange?.code)}, which is not declared`);
    return false;
  }
  const target = linuxTarget(machine.architecture);
  const linked = link({
    ...{ loader, plan: planned.value, machine, policy, engines, target, purpose: 'normal' },
    sources: new Map([[image.id, image]]),
  });
  if (linked.ok) demandSubmission(linked.value, planned.value, machine);
  const blamed = linked.diagnostics.find(
    ({ code }) => code.startsWith('LINK_BAD_PLAN') || !(code in { ...linkCodes, ...loader.codes }),
  );
  rule(blamed === undefined, `the linker blames the loader: ${String(blamed?.message)}`);
  return linked.ok;
}
