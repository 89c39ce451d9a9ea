import { lastWordsPage } from '@kexec-kit/linux-boot';
import {
  addressOf,
  constant,
  type Diagnostic,
  type Facts,
  fail,
  hex,
  ok,
  PAGE_SIZE,
  type Plan,
  range,
  type Result,
  type Segment,
} from '@kexec-kit/loader-api';
import { entryAddress, FOUR_GIB } from './body.js';
import { purposeNotSupported } from './codes.js';
import { noConsole } from './codes2.js';
import { MULTIBOOT2_BOOTLOADER_MAGIC } from './constants.js';
import { SECTIONS } from './elf-sections.js';
import { framebufferOf } from './framebuffer.js';
import { asks, informationTags, type Known, refusedRequest, remarks, TAG } from './information.js';
import type { Multiboot2Kernel, MultibootInput, MultibootTexts } from './kernels.js';
import { checkModules, checkText, placeModules } from './modules.js';
import { buildMultiboot2Info } from './multiboot2-info.js';
import { besides, LOWEST, type Movement, placeBody } from './place.js';
import { BOOT_LOADER_NAME } from './version.js';

/** The information block's segment. */
export const MULTIBOOT2_INFO = 'multiboot2-info';
/** Of the block, in bytes (Multiboot2 2.0, 3.6.1). */
const INFO_ALIGN = 8n;

/**
 * Plans a Multiboot2 kernel: image, modules, the information block, and the registers it is entered with.
 *
 * @param texts - What the kernel and its modules are told in words: loaders know what a kernel makes of them.
 */
export function planMultiboot2(
  image: Multiboot2Kernel,
  input: MultibootInput,
  texts: MultibootTexts,
): Result<Plan> {
  const { body, header, source } = image;
  const { machine, policy, options } = input;
  const profile = options.profile ?? image.profile;
  const screen = asks(header, TAG.framebuffer) ? framebufferOf(machine, policy) : undefined;
  const refused = refuse(input, texts) ?? refusedRequest(image, profile) ?? checkConsole(image, screen);
  if (refused !== undefined) return fail(refused);
  const { segments, groups } = placeBody(body, source.id, movement(image));
  const { modules, segments: own } = placeModules(body, options.module, texts.modules);
  const page = lastWordsPage(machine, policy, { end: FOUR_GIB, beside: [...segments, ...own] });
  const known = {
    machine,
    policy,
    profile,
    commandLine: texts.commandLine,
    bootLoaderName: BOOT_LOADER_NAME,
    modules,
    screen,
    hole: page?.hole,
  };
  const more = [...own, ...sectionsSegment(image), ...(page ? [page.segment] : [])];
  return ok(
    {
      // The image has the narrowest choice, so that it chooses first.
      segments: [...segments, infoSegment(image, known), ...more],
      groups,
      handoff: {
        mode: 'protected32',
        entry: addressOf(body.entry.chunk.id, body.entry.offset),
        registers: { eax: constant(MULTIBOOT2_BOOTLOADER_MAGIC), ebx: addressOf(MULTIBOOT2_INFO) },
      },
      ...(page && { lastWords: page.lastWords }),
      facts: facts(image, known),
    },
    remarks(image, known),
  );
}

function refuse({ purpose, options }: MultibootInput, texts: MultibootTexts): Diagnostic | undefined {
  if (purpose !== 'normal') return purposeNotSupported(purpose);
  return checkText('the kernel', texts.commandLine) ?? checkModules(options.module);
}

/** console_flags, bit 0: a console that the kernel supports must be there (Multiboot2 2.0, 3.1.9). */
const CONSOLE_REQUIRED = 1;

function checkConsole({ source, header }: Multiboot2Kernel, screen: Known['screen']): Diagnostic | undefined {
  const { console } = header;
  if (console === undefined || console.optional || screen !== undefined) return undefined;
  return (console.console_flags & CONSOLE_REQUIRED) === 0
    ? undefined
    : noConsole(source.name, console.offset);
}

const PREFERENCES = ['none', 'low', 'high'] as const;

/** By the relocatable image tag; without one an ET_DYN says by its own format that it may be moved. */
function movement({ header: { relocatable }, body }: Multiboot2Kernel): Movement | undefined {
  if (relocatable === undefined)
    return body.movable
      ? { within: range(LOWEST, FOUR_GIB), align: body.align, preference: 'none' }
      : undefined;
  const { min_addr, max_addr, align, preference } = relocatable;
  const [lowest, end] = [BigInt(min_addr), BigInt(max_addr) + 1n];
  return {
    // Below 1 MiB only whoever cannot be anywhere else.
    within: range(lowest < LOWEST && end > LOWEST ? LOWEST : lowest, end),
    align: align === 0 ? PAGE_SIZE : BigInt(align),
    preference: PREFERENCES[preference] ?? 'none',
  };
}

function infoSegment(image: Multiboot2Kernel, known: Known): Segment {
  const { bytes, relocations } = buildMultiboot2Info(informationTags(image, known));
  return {
    id: MULTIBOOT2_INFO,
    parts: [{ bytes }],
    memorySize: BigInt(bytes.length),
    placements: besides(image.body, INFO_ALIGN),
    relocations,
    why: 'the Multiboot2 information: the kernel finds its address in ebx',
  };
}

function sectionsSegment({ sections, body }: Multiboot2Kernel): Segment[] {
  if (sections === undefined || sections.size === 0n) return [];
  const { parts, size } = sections;
  const why = 'sections that the image does not load: the kernel asks for its symbols';
  return [{ id: SECTIONS, parts, memorySize: size, placements: besides(body, PAGE_SIZE), why }];
}

function facts({ body, header }: Multiboot2Kernel, { profile, commandLine, modules }: Known): Facts {
  const { start, end } = body.span;
  const { relocatable } = header;
  const moves = relocatable
    ? `within ${hex(relocatable.min_addr)}-${hex(relocatable.max_addr)}, preference ${PREFERENCES[relocatable.preference] ?? 'none'}`
    : body.movable
      ? 'yes'
      : 'no';
  return [
    {
      title: 'Multiboot2 image',
      fields: [
        { name: 'linked at', value: `${hex(start)}-${hex(end)}` },
        { name: 'may be moved', value: moves },
        { name: 'entry', value: hex(entryAddress(body)) },
        { name: 'profile', value: profile },
        { name: 'command line', value: commandLine },
        { name: 'modules', value: String(modules.length) },
      ],
    },
  ];
}
