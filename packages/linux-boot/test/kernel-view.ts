import type { Address, Expr, Part, Relocation, Segment } from '@kexec-kit/loader-api';
import { parse, writer } from '@kexec-kit/structures';
import { BootParams, type HandoverInput, linuxHandover, readSetupHeader, SetupData } from '../src/index.js';

/** What a kernel finds in memory when segments stand one after the other, each at a multiple of 64 KiB, from `base` on. */
export interface KernelView {
  readonly params: BootParams;
  readonly hdr: ReturnType<typeof readSetupHeader>;
  /** `fresh` parts are 0xf5. */
  readonly read: (address: Address, length: number) => Uint8Array;
  readonly at: (id: string) => Address;
  /** The setup_data list, walked as a kernel does. */
  readonly nodes: readonly { readonly type: number; readonly data: Uint8Array }[];
}

export function kernelView(input: HandoverInput, base: Address): KernelView {
  const result = linuxHandover(input);
  if (!result.ok) throw new Error(result.diagnostics[0].code);
  const { segments } = result.value;
  const addresses = new Map<string, Address>();
  let next = base;
  for (const { id, memorySize } of segments) {
    addresses.set(id, next);
    next += ((memorySize >> 16n) + 1n) << 16n;
  }
  const sizes = new Map(segments.map(({ id, memorySize }) => [id, memorySize]));
  const contents = segments.map((segment) => ({
    start: addresses.get(segment.id)!,
    bytes: relocated(segment, addresses, sizes),
  }));
  const read = (address: Address, length: number) => {
    const home = contents.find(
      ({ start, bytes }) => address >= start && address < start + BigInt(bytes.length),
    )!;
    return home.bytes.subarray(Number(address - home.start), Number(address - home.start) + length);
  };
  const page = read(addresses.get('boot-params')!, 4096);
  const hdr = readSetupHeader(page);
  return {
    params: parse(BootParams, page),
    hdr,
    read,
    at: (id) => addresses.get(id)!,
    nodes: walk(hdr.setup_data!, read),
  };
}

function walk(first: Address, read: KernelView['read']): { type: number; data: Uint8Array }[] {
  const nodes = [];
  for (let address = first; address !== 0n;) {
    const len = new DataView(Uint8Array.from(read(address + 12n, 4)).buffer).getUint32(0, true);
    const node = parse(SetupData, read(address, 16 + len));
    nodes.push({ type: node.type, data: node.data });
    address = node.next;
  }
  return nodes;
}

function relocated(
  segment: Segment,
  addresses: ReadonlyMap<string, Address>,
  sizes: ReadonlyMap<string, bigint>,
): Uint8Array {
  if (!Array.isArray(segment.parts)) throw new Error('deferred');
  const content = Buffer.concat((segment.parts as Part[]).map(bytesOf));
  const memory = writer(content.length).bytes(0, content);
  for (const relocation of segment.relocations ?? []) apply(memory, relocation, addresses, sizes);
  return memory.value;
}

function apply(
  memory: ReturnType<typeof writer>,
  relocation: Relocation,
  addresses: ReadonlyMap<string, Address>,
  sizes: ReadonlyMap<string, bigint>,
): void {
  if (!('value' in relocation)) throw new Error('no checksum is expected');
  const value = evaluate(relocation.value, addresses, sizes);
  if (relocation.encoding === 'u64') memory.u64(relocation.offset, value);
  else memory.u32(relocation.offset, value);
}

export function evaluate(
  { terms, constant, part }: Expr,
  addresses: ReadonlyMap<string, Address>,
  sizes: ReadonlyMap<string, bigint> = new Map(),
): bigint {
  const value = terms.reduce((sum, { sign, segment, at, offset }) => {
    const end = at === 'end' ? sizes.get(segment)! : 0n;
    return sum + BigInt(sign) * (addresses.get(segment)! + end + offset);
  }, constant);
  if (part === undefined) return value;
  return part === 'low32' ? value & 0xffffffffn : value >> 32n;
}

function bytesOf(part: Part): Uint8Array {
  if ('bytes' in part) return part.bytes;
  if ('fresh' in part) return new Uint8Array(part.fresh).fill(0xf5);
  return new Uint8Array('zeros' in part ? Number(part.zeros) : part.length);
}
