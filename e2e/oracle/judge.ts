import { alignUp } from '@kexec-kit/memory';
import { hex, PAGE_SIZE, type Machine, type Result } from '@kexec-kit/loader-api';
import { forcePlaces } from './force.js';
import type { Case } from './case.js';
import type { Loaded, Scene } from './memory.js';
import { linkCase, planCase, saidBy, sceneOf } from './ours.js';
import { policyOf, type SizeOf } from './policies.js';
import { estimate } from './estimate.js';
import { expect, predict, type Places } from './predict.js';
import type { Theirs } from './theirs.js';
import { viewOf } from './views/index.js';
import type { View } from './views/view.js';

/** One thing that is not the same, in words of both sides. */
export interface Difference {
  /** e.g. `boot_params.root_dev`, `at kernel.0`, `outcome`. */
  readonly item: string;
  readonly theirs: string | undefined;
  readonly ours: string | undefined;
}

/** All that is known of a case when it is judged. */
export interface Evidence {
  readonly made: Case;
  /** As we read it; absent when there is no RAM that we would use. */
  readonly machine?: Machine;
  readonly theirs: Theirs;
  /** What a kernel finds; absent when nothing is loaded. */
  readonly theirView?: View;
  readonly ourView?: View;
  /** Why we load nothing. */
  readonly ourRefusal?: string;
  /** We have a plan: where things go can be compared. */
  readonly isPlanned?: true;
  /** Where kexec(8) should put everything by its policy. */
  readonly predicted?: Places;
  /** Where the same policy should put everything in what we take for free memory. */
  readonly expected?: Places;
  /** Where our linker puts everything by the same policy. */
  readonly forced?: Places;
}

/** What is compared, in groups: the figures that are printed. */
export interface Comparison {
  readonly evidence: Evidence;
  readonly differences: readonly Difference[];
  /** Group to how many items are equal, of how many. */
  readonly counts: ReadonlyMap<string, { readonly equal: number; readonly all: number }>;
}

type Files = ReadonlyMap<string, Uint8Array>;

/** What a test does to our side: to see that it is noticed. */
export interface Tampering {
  readonly scene?: (scene: Scene) => Scene;
  /** With where our linker puts everything when it is forced. */
  readonly places?: (places: Places) => Places;
}

/** What both sides start from. */
export interface Question {
  readonly made: Case;
  readonly machine: Result<Machine>;
  readonly theirs: Theirs;
  readonly folder: string;
  readonly files: Files;
  readonly tampering?: Tampering | undefined;
}

/** Runs our side of a case, and compares. */
export function compare(question: Question): Comparison {
  const evidence = gather(question);
  const pairs = pairsOf(evidence);
  const differences = pairs.filter(({ theirs: a, ours: b }) => a !== b);
  const counts = new Map<string, { equal: number; all: number }>();
  for (const pair of pairs) {
    const count = counts.get(groupOf(pair.item)) ?? { equal: 0, all: 0 };
    count.all += 1;
    if (pair.theirs === pair.ours) count.equal += 1;
    counts.set(groupOf(pair.item), count);
  }
  return { evidence, differences, counts };
}

function gather({ made, machine, theirs, folder, files, tampering = {} }: Question): Evidence {
  const theirView = theirs.ok ? viewOf(made, theirs.scene, theirs.purgatory) : undefined;
  const known: Evidence = { made, theirs, ...(theirView && { theirView }) };
  if (!machine.ok) return { ...known, ourRefusal: saidBy(machine) };
  const planned = planCase(made, machine.value, folder, files);
  if (!planned.ok) return { ...known, machine: machine.value, ourRefusal: saidBy(planned) };
  const linked = linkCase(planned.planned, planned.files);
  const scene = linked.ok ? sceneOf(linked.value, planned.files) : undefined;
  const ourView = scene && viewOf(made, tampering.scene?.(scene) ?? scene);
  const sizes = theirView === undefined ? estimate(made, planned.planned.plan) : sizesIn(theirView);
  const steps = policyOf(made, sizes);
  const [predicted, expected] = [predict(made, steps), expect(made, machine.value, steps)];
  const places = forcePlaces(planned.planned, steps);
  const forced = places && (tampering.places?.(places) ?? places);
  return {
    ...known,
    machine: machine.value,
    isPlanned: true,
    ...(ourView && { ourView }),
    ...(linked.ok ? {} : { ourRefusal: saidBy(linked) }),
    ...(predicted && { predicted }),
    ...(expected && { expected }),
    ...(forced && { forced }),
  };
}

function sizesIn(view: View): SizeOf {
  return (place) => view.places.get(place)?.memorySize;
}

/** Everything that is compared, equal or not. */
function pairsOf(evidence: Evidence): Difference[] {
  const { theirs, theirView, ourView, ourRefusal } = evidence;
  const outcome: Difference = {
    item: 'outcome',
    theirs: theirs.ok ? 'loaded' : 'refused',
    ours: ourRefusal === undefined ? 'loaded' : 'refused',
  };
  if (theirView === undefined) return [outcome];
  const places = evidence.isPlanned === undefined ? [] : placePairs(evidence, theirView);
  return [outcome, ...places, ...(ourView === undefined ? [] : itemPairs(theirView, ourView))];
}

function itemPairs(theirs: View, ours: View): Difference[] {
  const items = new Set([...theirs.items.keys(), ...ours.items.keys()]);
  return [...items].map((item) => ({ item, theirs: theirs.items.get(item), ours: ours.items.get(item) }));
}

function placePairs({ theirs, forced, predicted, ourView }: Evidence, view: View): Difference[] {
  const starts = new Map([...view.places].map(([name, { start }]) => [name, start]));
  if (theirs.ok && theirs.purgatory !== undefined) starts.set('purgatory', theirs.purgatory.start);
  return [...starts].flatMap(([name, start]) => [
    { item: `at ${name}`, theirs: hex(start), ours: addressIn(forced, name) },
    { item: `predicted ${name}`, theirs: hex(start), ours: addressIn(predicted, name) },
    ...sizePair(name, view, ourView),
  ]);
}

/** Sizes of what both have as a piece of its own. */
function sizePair(name: string, theirs: View, ours: View | undefined): Difference[] {
  const [a, b] = [theirs.places.get(name), ours?.places.get(name)];
  if (a === undefined || b === undefined || !SIZED.test(name) || holdsMore(b)) return [];
  const pages = (size: bigint) => hex(alignUp(size, PAGE_SIZE));
  return [{ item: `size of ${name}`, theirs: pages(a.memorySize), ours: pages(b.memorySize) }];
}

/** One piece of ours may hold what are several of theirs: modules. */
function holdsMore(piece: Loaded & { readonly id?: string }): boolean {
  return piece.id === 'modules';
}

const SIZED = /^(kernel|load|initrd|module|efi-runtime-map|setup-data)/;

function addressIn(places: Places | undefined, name: string): string {
  const start = places?.get(name);
  return start === undefined ? 'nowhere' : hex(start);
}

function groupOf(item: string): string {
  return GROUPS.find(({ of }) => of.test(item))?.name ?? item;
}

const GROUPS: readonly { readonly name: string; readonly of: RegExp }[] = [
  { name: 'loaded, or refused', of: /^outcome$/ },
  { name: 'places, by one policy', of: /^at / },
  { name: 'places, as predicted', of: /^predicted / },
  { name: 'sizes in memory', of: /^size of / },
  { name: 'memory map', of: /^(e820|mmap)/ },
  { name: 'boot_params', of: /^boot_params/ },
  { name: 'crash dump', of: /^(core|elfcorehdr|first 640|acpi_rsdp)/ },
  { name: 'setup_data, EFI', of: /^(setup_data|EFI)/ },
  { name: 'Multiboot information', of: /^(flags|mem_|mods_|module|tag|load_base|boot_loader|cmdline)/ },
  { name: 'command line', of: /^command line$/ },
  { name: 'boot notes', of: /^(b_|boot loader|version)/ },
  { name: 'content', of: /content$|^initrd$/ },
  { name: 'entry and registers', of: /^(mode|entry|register)/ },
];
