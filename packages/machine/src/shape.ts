import {
  hex,
  PAGE_SIZE,
  type CpuNotes,
  type CrashFacts,
  type EddInfo,
  type EfiSystem,
  type Firmware,
  type Machine,
  type Range,
} from '@kexec-kit/loader-api';
import {
  address,
  endAddress,
  hexBytes,
  integer,
  Invalid,
  list,
  object,
  oneOf,
  string,
  type Decoder,
} from './decode.js';
import { MAX_REGIONS } from './kinds.js';
import { MAX_COMMAND_LINE } from './text.js';

const kind = oneOf(
  'ram',
  'reserved',
  'acpi',
  'nvs',
  'unusable',
  'persistent',
  'persistent-legacy',
  'soft-reserved',
);
const range = notEmpty(object({ start: address, end: endAddress }, {}));
const region = notEmpty(object({ start: address, end: endAddress, kind }, {}));
const page: Decoder<Range> = (value, field) => {
  const { start, end } = range(value, field);
  if (start >= PAGE_SIZE && start % PAGE_SIZE === 0n && end % PAGE_SIZE === 0n) return { start, end };
  throw new Invalid(field, `${hex(start)}-${hex(end)}`, 'whole pages at or above 0x1000');
};

const descriptor = object(
  {
    type: integer(0, 0xffff_ffff),
    physicalStart: address,
    virtualStart: address,
    numberOfPages: address,
    attribute: address,
  },
  {},
);

const efi: Decoder<EfiSystem> = object(
  {
    bits: oneOf(32, 64),
    systemTable: address,
    descriptorVersion: integer(0, 0xffff_ffff),
    vendor: address,
    runtime: address,
    configurationTable: address,
    runtimeMap: list(descriptor, MAX_REGIONS),
  },
  { smbios: address },
);

const edd: Decoder<EddInfo> = object(
  { entries: list(hexBytes(82), 6), mbrSignatures: list(integer(0, 0xffff_ffff), 16) },
  {},
);

const firmware: Decoder<Firmware> = object(
  {},
  {
    acpiRsdp: address,
    efi,
    screen: object({ screenInfo: hexBytes(64) }, {}),
    hardwareSubarch: integer(0, 0xffff_ffff),
    edd,
  },
);

const MAX_CPUS = 65_536;

const crash: Decoder<CrashFacts> = object(
  {
    systemRam: ascending(list(range, MAX_REGIONS)),
    cpuNotes: byCpu(
      list(object({ cpu: integer(0, MAX_CPUS - 1), start: address, end: endAddress }, {}), MAX_CPUS),
    ),
  },
  {
    vmcoreinfo: range,
    kernel: notEmpty(object({ start: address, end: endAddress, virtualStart: address }, {})),
    pageOffset: address,
  },
);

/** The fields of a snapshot, but for what they say of each other. */
export const decodeMachine: Decoder<Machine> = object(
  {
    architecture: oneOf('x86_64', 'i386'),
    told: ascending(list(region, MAX_REGIONS)),
    usable: ascending(list(page, MAX_REGIONS)),
    crashKernel: ascending(list(range, MAX_REGIONS)),
    commandLine: string(MAX_COMMAND_LINE),
    cpus: integer(1, MAX_CPUS),
    firmware,
  },
  { crash },
);

function notEmpty<T extends Range>(decode: Decoder<T>): Decoder<T> {
  return (value, field) => {
    const decoded = decode(value, field);
    if (decoded.start < decoded.end) return decoded;
    throw new Invalid(field, `${hex(decoded.start)}-${hex(decoded.end)}`, 'a start below the end');
  };
}

function byCpu(decode: Decoder<CpuNotes[]>): Decoder<CpuNotes[]> {
  return (value, field) => {
    const decoded = decode(value, field);
    const at = decoded.findIndex((each, index) => index > 0 && each.cpu <= (decoded[index - 1]?.cpu ?? -1));
    const [wrong] = decoded.slice(at === -1 ? decoded.length : at);
    if (wrong === undefined) return decoded;
    throw new Invalid(`${field}[${String(at)}].cpu`, String(wrong.cpu), 'ascending numbers');
  };
}

function ascending<T extends Range>(decode: Decoder<T[]>): Decoder<T[]> {
  return (value, field) => {
    const decoded = decode(value, field);
    const at = decoded.findIndex((each, index) => index > 0 && each.start < (decoded[index - 1] as T).end);
    if (at === -1) return decoded;
    throw new Invalid(`${field}[${String(at)}]`, hex((decoded[at] as T).start), 'ascending, without overlap');
  };
}
