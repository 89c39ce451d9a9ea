import {
  addressOf,
  type Diagnostic,
  type Expr,
  type Facts,
  fail,
  type Handoff,
  hex,
  ok,
  type Plan,
  type PlanInput,
  type Result,
} from '@kexec-kit/loader-api';
import { argumentsOf, type Arguments } from './arguments.js';
import { crashArguments, runningKernel } from './codes.js';
import type { ElfKernel } from './image.js';
import type { options } from './options.js';
import { mayMove, placeImage, segmentId } from './placement.js';
import { checkStyle, type Style, styleOf } from './styles.js';

type Input = PlanInput<typeof options>;

/** Plans an ELF kernel: its loads, what it is handed, and the registers it is entered with. */
export function plan(image: ElfKernel, input: Input): Result<Plan> {
  const style = styleOf(image, input.options);
  const refused = refuse(image, style, input) ?? checkStyle(style, input.options);
  if (refused !== undefined) return fail(refused);
  const placed = placeImage(image, style);
  if (!placed.ok) return placed;
  const handed = argumentsOf(style, image, input);
  if (!handed.ok) return handed;
  const { segments, registers, lastWords } = handed.value;
  return ok(
    {
      // The image has the narrowest choice, so that it chooses first.
      segments: [...placed.value.segments, ...segments],
      groups: placed.value.groups,
      handoff: handoff(image, registers),
      ...(lastWords && { lastWords }),
      facts: [...facts(image, style), ...handed.value.facts],
    },
    handed.diagnostics,
  );
}

function refuse({ mode }: ElfKernel, style: Style, { machine, purpose }: Input): Diagnostic | undefined {
  if (purpose === 'crash' && style !== 'linux') return crashArguments(style);
  if (mode === 'long64' && machine.architecture !== 'x86_64') return runningKernel(machine.architecture);
  return undefined;
}

function handoff({ mode, loads }: ElfKernel, registers: Arguments['registers']): Handoff {
  const { load, offset } = loads.entry;
  const entry = addressOf(segmentId(load), offset);
  const named = Object.entries<Expr>(registers);
  return mode === 'long64'
    ? { mode, entry, registers: Object.fromEntries(named.map(([name, value]) => [`r${name}`, value])) }
    : { mode, entry, registers: Object.fromEntries(named.map(([name, value]) => [`e${name}`, value])) };
}

function facts(image: ElfKernel, style: Style): Facts {
  const { entry, span } = image.loads;
  return [
    {
      title: 'ELF image',
      fields: [
        { name: 'linked at', value: `${hex(span.start)}-${hex(span.end)}` },
        { name: 'may be moved', value: mayMove(image, style) ? 'yes' : 'no' },
        {
          name: 'entry',
          value: `${hex(entry.load.start + entry.offset)}, by e_entry as a ${entry.as} address`,
        },
        { name: 'arguments', value: style },
      ],
    },
  ];
}
