import {
  addressOf,
  constant,
  fail,
  ok,
  range,
  type AnyLoader,
  type FilePlan,
  type Machine,
  type Plan,
  type Region,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import type { KitInput } from '@kexec-kit/loader-testkit';
import { broken, good, HEADER, image, load, plan, samples, type Good } from './good-loader.js';

/** A loader broken on purpose, and how the kit is used with it. */
export interface Saboteur {
  readonly what: string;
  readonly loader: AnyLoader;
  readonly input?: Partial<KitInput>;
}

/** To do what the types forbid is what saboteurs are for. */
const any = (value: unknown) => value as never;

/** The good loader, its plan changed. */
const planned = (what: string, change: (plan: Plan) => unknown, more: Partial<AnyLoader> = {}): Saboteur => ({
  what,
  loader: broken({
    ...more,
    plan: (image: Good, input) => {
      const result = plan(image, input as never);
      return result.ok ? ok(change(result.value) as Plan) : result;
    },
  }),
});

/** The good loader, what it leaves to the kernel changed. */
const filed = (what: string, change: (plan: FilePlan) => FilePlan): Saboteur => ({
  what,
  loader: broken({
    planFile: (image: Good, input) => {
      const result = any(good.planFile?.(image, input as never)) as Result<FilePlan>;
      return result.ok ? ok(change(result.value)) : result;
    },
  }),
});

const segment = (plan: Plan, id: string, change: Partial<Segment>): Plan => ({
  ...plan,
  segments: plan.segments.map((each) => (each.id === id ? { ...each, ...change } : each)),
});

const fixed = (id: string, at: bigint): Segment => ({
  id,
  parts: [{ zeros: 16n }],
  memorySize: 0x1000n,
  placements: [{ at }],
});

let remembered: unknown;
let calls = 0;

/** For every rule of the kit, loaders that break it. A rule without one proves nothing. */
export const saboteurs: Readonly<Record<string, readonly Saboteur[]>> = {
  'shape.samples': [{ what: 'no sample at all', loader: good, input: { accepts: [] } }],
  'shape.identity': [
    { what: 'another contract', loader: broken({ api: any(2) }) },
    { what: 'a name with blanks', loader: broken({ name: 'Good Loader' }) },
    { what: 'a summary of two lines', loader: broken({ summary: 'One.\nTwo.' }) },
  ],
  'shape.supports': [
    { what: 'supports nothing', loader: broken({ supports: { ...good.supports, purposes: [] } }) },
  ],
  'shape.options': [
    {
      what: 'an option without a summary',
      loader: broken({ options: { x: { type: 'flag', name: 'x', summary: '' } } }),
    },
    {
      what: 'a value without a placeholder',
      loader: broken({ options: { x: { type: 'string', name: 'x', summary: 'X' } } }),
    },
    {
      what: 'two options of one name',
      loader: broken({
        options: {
          x: { type: 'flag', name: 'x', summary: 'X' },
          y: { type: 'flag', name: 'x', summary: 'Y' },
        },
      }),
    },
    {
      what: 'an alias that presets what is no option',
      loader: broken({ aliases: [{ name: 'old', summary: 'Old name', presets: { gone: true } }] }),
    },
  ],
  'shape.codes': [
    {
      what: 'a code without a cure',
      loader: broken({ codes: { ...good.codes, GOOD_EXTRA: { cause: 'C.', cure: '' } } }),
    },
    {
      what: 'a code in lower case',
      loader: broken({ codes: { ...good.codes, truncated: { cause: 'C.', cure: 'D.' } } }),
    },
  ],
  'shape.signatures': [
    { what: 'no signature', loader: broken({ signatures: [] }) },
    { what: 'a signature that is no hexadecimal', loader: broken({ signatures: [{ at: 0, hex: 'GOOD' }] }) },
    {
      what: 'a signature aligned to nothing',
      loader: broken({ signatures: [{ within: 64, align: 0, hex: '47' }] }),
    },
  ],
  'shape.manifest': [
    {
      what: 'a loader.json of yesterday',
      loader: good,
      input: { manifest: any({ ...good, aliases: good.aliases, refines: [], version: '0.9.0' }) },
    },
    {
      what: 'options with a function',
      loader: broken({ options: { x: { ...good.options.quiet, parse: () => 1 } } }),
    },
  ],
  'probe.refuses': [
    { what: 'takes anything', loader: broken({ probe: () => ({ match: true, detail: 'mine' }) }) },
  ],
  'probe.accepts': [
    { what: 'takes nothing', loader: broken({ probe: () => ({ match: false, reason: 'not mine' }) }) },
  ],
  'probe.signature': [
    { what: 'the signature of another format', loader: broken({ signatures: [{ at: 0, hex: '7f454c46' }] }) },
  ],
  'probe.total': [
    {
      what: 'throws on a short image',
      loader: broken({
        probe: (bytes) => (new DataView(bytes.buffer, bytes.byteOffset).getUint32(4), good.probe(bytes)),
      }),
    },
    {
      what: 'throws on one flipped bit',
      loader: broken({
        probe: (bytes) => {
          if (bytes[8] === 1) throw new Error('entry 1');
          return good.probe(bytes);
        },
      }),
    },
    {
      what: 'gives no reason',
      loader: broken({ probe: (b) => (good.probe(b).match ? good.probe(b) : { match: false, reason: '' }) }),
    },
  ],
  'probe.stateless': [
    {
      what: 'counts its calls',
      loader: broken({ probe: (b) => ({ ...good.probe(b), detail: String(++calls) }) as never }),
    },
  ],
  'probe.readonly': [
    {
      what: 'clears the magic',
      loader: broken({
        probe: (b) => {
          const answer = good.probe(b);
          b[0] = 0;
          return answer;
        },
      }),
    },
  ],
  'load.refuses': [
    {
      what: 'takes an entry beyond the code',
      loader: broken({ load: ({ bytes }) => ok({ ...load(bytes), entry: 0, length: 1, memory: 1n }) }),
    },
  ],
  'load.accepts': [
    {
      what: 'refuses everything',
      loader: broken({ load: () => fail({ code: 'GOOD_FIELD', severity: 'error', message: 'no' }) }),
    },
    {
      what: 'succeeds with an error',
      loader: broken({
        load: ({ bytes }) =>
          any({ ...load(bytes), diagnostics: [{ code: 'GOOD_FIELD', severity: 'error', message: 'x' }] }),
      }),
    },
    {
      what: 'warns with a code that is not declared',
      loader: broken({
        load: ({ bytes }) =>
          any({ ...load(bytes), diagnostics: [{ code: 'GOOD_OTHER', severity: 'warning', message: 'x' }] }),
      }),
    },
  ],
  'load.total': [
    {
      what: 'throws when it is cut',
      loader: broken({
        load: ({ bytes }) => (
          new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint8(HEADER),
          load(bytes)
        ),
      }),
    },
    {
      what: 'points beyond the image',
      loader: broken({
        load: (i) =>
          load(i.bytes).ok
            ? load(i.bytes)
            : fail({ code: 'GOOD_FIELD', severity: 'error', message: 'x', at: { offset: 1 << 20 } }),
      }),
    },
    {
      what: 'fails with a mere warning',
      loader: broken({
        load: (i) =>
          load(i.bytes).ok ? load(i.bytes) : fail({ code: 'GOOD_FIELD', severity: 'warning', message: 'x' }),
      }),
    },
    {
      what: 'fails without a word',
      loader: broken({
        load: (i) => (load(i.bytes).ok ? load(i.bytes) : any({ ok: false, diagnostics: [] })),
      }),
    },
  ],
  'load.view': [
    {
      what: 'forgets the byteOffset',
      loader: broken({ load: ({ bytes }) => load(new Uint8Array(bytes.buffer, 0, bytes.length)) }),
    },
  ],
  'load.exact': [
    {
      what: 'a 64-bit size as a number',
      loader: broken({
        load: ({ bytes }) => {
          const loaded = load(bytes);
          return loaded.ok ? ok({ ...loaded.value, size: Number(loaded.value.memory) }) : loaded;
        },
      }),
    },
  ],
  'load.truncation': [
    {
      what: 'does not look at the end',
      loader: broken({
        load: ({ bytes }) => {
          const whole = new Uint8Array(HEADER + 72);
          whole.set(bytes.subarray(0, whole.length));
          return load(whole);
        },
      }),
    },
    {
      what: 'takes one byte too few',
      loader: broken({
        load: ({ bytes }) => load(bytes.length === HEADER + 63 ? Uint8Array.of(...bytes, 0) : bytes),
      }),
    },
  ],
  'load.stateless': [
    {
      what: 'remembers the header that probe saw',
      loader: broken({
        probe: (bytes) => ((remembered = bytes[8]), good.probe(bytes)),
        load: ({ bytes }) => {
          const loaded = load(bytes);
          return loaded.ok ? ok({ ...loaded.value, entry: remembered ?? loaded.value.entry }) : loaded;
        },
      }),
    },
    {
      what: 'counts what it loads',
      loader: broken({
        load: ({ bytes }) =>
          load(bytes).ok
            ? any(ok({ ...(load(bytes) as { value: Good }).value, count: ++calls }))
            : load(bytes),
      }),
    },
  ],
  'load.readonly': [
    {
      what: 'patches the image',
      loader: broken({
        load: (i) => {
          const r = load(i.bytes);
          i.bytes[HEADER] = 0xcc;
          return r;
        },
      }),
    },
  ],
  'payload.place': [
    {
      what: 'a payload to the end of a larger image',
      loader: broken({ payload: () => ok({ what: 'the code', offset: HEADER, length: 1 << 20 }) }),
    },
    { what: 'throws', loader: broken({ payload: () => (undefined as never as () => never)() }) },
    {
      what: 'a code that is not declared',
      loader: broken({ payload: () => fail({ code: 'GOOD_NEWS', severity: 'error', message: 'none' }) }),
    },
    {
      what: 'patches the image',
      loader: broken({
        payload: (_image, bytes) => {
          bytes[HEADER] = 0xcc;
          return ok({ what: 'the code', offset: HEADER, length: 1 });
        },
      }),
    },
  ],
  'file-plan.given': [
    filed('an initrd that nobody gave', () => ({ commandLine: '', initrds: ['initrd.7'] })),
    filed('the image as its own initrd', () => ({ commandLine: '', initrds: ['image'] })),
    filed('the initrd twice', ({ commandLine, initrds }) => ({
      commandLine,
      initrds: [...initrds, ...initrds],
    })),
    filed('two lines', () => ({ commandLine: 'quiet\nsplash', initrds: [] })),
    filed('its own NUL', () => ({ commandLine: 'quiet\0', initrds: [] })),
    filed('a function as a command line', () => ({ commandLine: any(() => ''), initrds: [] })),
    filed('counts its plans', () => ({ commandLine: `run=${++calls}`, initrds: [] })),
    { what: 'gives nothing', loader: broken({ planFile: () => any(undefined) }) },
    {
      what: 'refuses by a code that is not declared',
      loader: broken({ planFile: () => fail({ code: 'GOOD_NEWS', severity: 'error', message: 'none' }) }),
    },
    {
      what: 'sorts the machine',
      loader: broken({
        planFile: (image: Good, input) => {
          (input.machine.told as Region[]).reverse();
          return any(good.planFile?.(image, input as never));
        },
      }),
    },
  ],
  'file-plan.total': [
    {
      what: 'throws where a damaged size is no whole page',
      loader: broken({
        planFile: (image: Good, input) => {
          if (image.memory % 0x1000n !== 0n) throw new Error('whole pages were expected');
          return any(good.planFile?.(image, input as never));
        },
      }),
    },
  ],
  'inspect.facts': [
    {
      what: 'a fact beyond the image',
      loader: broken({
        inspect: () => [{ title: 't', fields: [{ name: 'n', value: 'v', offset: 1 << 20 }] }],
      }),
    },
    {
      what: 'throws',
      loader: broken({
        inspect: () => {
          throw new Error('inspect');
        },
      }),
    },
    {
      what: 'a value that is no text',
      loader: broken({ inspect: () => [{ title: 't', fields: [{ name: 'n', value: any(1) }] }] }),
    },
  ],
  'plan.succeeds': [
    {
      what: 'refuses machines with EFI',
      loader: broken({
        plan: (i: Good, input) =>
          input.machine.firmware.efi
            ? fail({ code: 'GOOD_UNSUPPORTED', severity: 'error', message: 'x' })
            : plan(i, input as never),
      }),
    },
  ],
  'plan.plain': [
    planned('a closure in the plan', (p) => ({ ...p, later: () => 1 })),
    planned('a Map in the plan', (p) => ({ ...p, table: new Map() })),
    planned('a getter in the plan', (p) => ({
      ...p,
      get now() {
        return 1;
      },
    })),
    planned('a plan that holds itself', (p) => {
      const cycle: Record<string, unknown> = { ...p };
      cycle['self'] = cycle;
      return cycle;
    }),
  ],
  'plan.exact': [
    planned('a size as a number', (p) => segment(p, 'code', { memorySize: any(0x4000) })),
    planned('an address as a number', (p) => segment(p, 'block', { placements: [{ at: any(0x10_0000) }] })),
    planned('a number beyond 2^53', (p) => ({
      ...p,
      facts: [{ title: 't', fields: [{ name: 'n', value: 'v', offset: 2 ** 60 }] }],
    })),
  ],
  'plan.ids': [
    planned('two segments of one id', (p) => ({ ...p, segments: [...p.segments, p.segments[0]] })),
    planned('two groups of one id', (p) => ({ ...p, groups: [...p.groups!, ...p.groups!] })),
  ],
  'plan.written': [
    planned('last words in no segment', (p) => ({ ...p, lastWords: { segment: 'gone', offset: 0n } })),
    planned('last words in content', (p) => ({ ...p, lastWords: { segment: 'block', offset: 0n } })),
    planned('last words past the end', (p) => ({ ...p, lastWords: { segment: 'block', offset: 1n << 20n } })),
    planned('last words at an odd place', (p) => ({ ...p, lastWords: { segment: 'block', offset: 4n } })),
    planned('a copy to nowhere', (p) => ({ ...p, copies: [{ from: range(0n, 8n), to: 'gone' }] })),
    planned('a copy onto content', (p) => ({ ...p, copies: [{ from: range(0n, 8n), to: 'block' }] })),
    planned('a copy of nothing', (p) => ({ ...p, copies: [{ from: range(0n, 0n), to: 'block' }] })),
    planned('a copy that is too large', (p) => ({
      ...segment(p, 'block', { parts: [], relocations: [] }),
      copies: [{ from: range(0n, 1n << 30n), to: 'block' }],
    })),
  ],
  'plan.references': [
    planned('a register with the address of nothing', (p) => ({
      ...p,
      handoff: { ...p.handoff, registers: { rsi: addressOf('gone') } },
    })),
    planned('placed above nothing', (p) =>
      segment(p, 'table', {
        placements: [{ within: range(0x3000n, 1n << 40n), align: 0x1000n, from: 'top', above: 'gone' }],
      }),
    ),
    planned('placed in no group', (p) => ({ ...p, groups: [] })),
    planned('placed nowhere', (p) => segment(p, 'block', { placements: [] })),
    planned('a relocation to nothing', (p) =>
      segment(p, 'block', { relocations: [{ offset: 0, value: addressOf('gone'), encoding: 'u64' }] }),
    ),
  ],
  'plan.relocations': [
    planned('across the end of the bytes', (p) =>
      segment(p, 'block', { relocations: [{ offset: 12, value: constant(1n), encoding: 'u64' }] }),
    ),
    planned('into a file', (p) =>
      segment(p, 'code', { relocations: [{ offset: 0, value: constant(1n), encoding: 'u64' }] }),
    ),
    planned('before the start', (p) =>
      segment(p, 'block', { relocations: [{ offset: -1, value: constant(1n), encoding: 'u16' }] }),
    ),
    planned('a checksum over more than there is', (p) =>
      segment(p, 'block', {
        relocations: [{ offset: 0, checksum: 'sum8', over: { offset: 0, length: 99 } }],
      }),
    ),
  ],
  'plan.content': [
    planned('more content than memory', (p) => segment(p, 'code', { memorySize: 16n })),
    planned('a slice beyond the file', (p) =>
      segment(p, 'code', { parts: [{ source: 'image', offset: HEADER, length: 1000 }] }),
    ),
    planned('a source that nobody gave', (p) =>
      segment(p, 'code', { parts: [{ source: 'gone', offset: 0, length: 1 }] }),
    ),
    planned('no memory', (p) => segment(p, 'code', { parts: [], memorySize: 0n })),
  ],
  'plan.handoff': [
    planned('an entry behind its segment', (p) => ({
      ...p,
      handoff: { ...p.handoff, entry: addressOf('code', 1n << 30n) },
    })),
    planned('an entry at a number', (p) => ({ ...p, handoff: { ...p.handoff, entry: constant(0x1234n) } })),
    planned('a mode that is not supported', (p) => ({
      ...p,
      handoff: { mode: 'protected32', entry: p.handoff.entry, registers: {} },
    })),
    planned('a register of another mode', (p) => ({
      ...p,
      handoff: { ...p.handoff, registers: { esi: constant(0n) } },
    })),
  ],
  'plan.narrow': [
    planned('a 64-bit address in 32 bits', (p) =>
      segment(p, 'block', { relocations: [{ offset: 0, value: addressOf('code'), encoding: 'u32' }] }),
    ),
  ],
  'plan.disjoint': [
    planned('two segments in one place', (p) => ({
      ...p,
      segments: [...p.segments, fixed('a', 0x20_0000n), fixed('b', 0x20_0800n)],
    })),
    planned('where the target writes', (p) => ({
      ...p,
      segments: [...p.segments, fixed('a', 0x20_0000n)],
      clobbers: [range(0x20_0000n, 0x20_0001n)],
    })),
    planned('overlap within a group', (p) =>
      segment(p, 'table', { placements: [{ group: 'image', offset: 8n }] }),
    ),
  ],
  'plan.page-zero': [
    planned('content at 0x500', (p) => segment(p, 'block', { placements: [{ at: 0x500n }] })),
    planned('aligned to 3', (p) =>
      segment(p, 'block', { placements: [{ within: range(0x3000n, 1n << 40n), align: 3n, from: 'top' }] }),
    ),
  ],
  'plan.deferred': [planned('deferred, and nobody finishes', (p) => p, { finish: any(undefined) })],
  'plan.fits': [
    planned('at an address that is no RAM everywhere', (p) =>
      segment(p, 'block', { placements: [{ at: 0xf_0000n }] }),
    ),
    planned('larger than any machine', (p) => segment(p, 'code', { memorySize: 1n << 50n })),
  ],
  'plan.deterministic': [
    planned('counts its plans', (p) => segment(p, 'block', { why: String(++calls) })),
    {
      what: 'plans what was loaded last',
      loader: broken({
        load: ({ bytes }) => {
          const r = load(bytes);
          if (r.ok) remembered = r.value;
          return r;
        },
        plan: (_, input) => plan(remembered as Good, input as never),
      }),
      input: { accepts: [...samples, { name: 'last', bytes: image(1, 0x8000n), declaredEnd: HEADER + 64 }] },
    },
  ],
  'plan.readonly': [
    {
      what: 'sorts the map of the machine',
      loader: broken({
        plan: (i: Good, input) => {
          (input.machine.told as Region[]).reverse();
          return plan(i, input as never);
        },
      }),
    },
    {
      what: 'writes into the machine',
      loader: broken({
        plan: (i: Good, input) => {
          (input.machine as { -readonly [K in keyof Machine]: Machine[K] }).cpus = 99;
          return plan(i, input as never);
        },
      }),
    },
  ],
  'plan.total': [
    {
      what: 'throws for a crash kernel',
      loader: broken({
        supports: { ...good.supports, purposes: ['normal'] },
        plan: (i: Good, input) => {
          if (input.purpose === 'crash') throw new Error('crash');
          return plan(i, input as never);
        },
      }),
    },
    {
      what: 'throws on what survived damage',
      loader: broken({
        plan: (i: Good, input) => {
          if (i.entry === 1) throw new Error('entry 1');
          return plan(i, input as never);
        },
      }),
    },
  ],
};
