import { isElf } from '@kexec-kit/elf';
import { fail, ok, type Result, type Source, type SourceBytes } from '@kexec-kit/loader-api';
import {
  AddressTag,
  type Body,
  type ElfBody,
  EntryAddressTag,
  type FlatFields,
  type Multiboot2Header,
  noEntryTag,
  notLoadable,
  readElfBody,
  readFlatBody,
  readMultiboot2Header,
  readSections,
  recogniseProfile,
  type Multiboot2Kernel,
  asks,
  TAG,
} from '@kexec-kit/multiboot-info';

/** Parses the Multiboot2 header, and the image as memory by what the header or the ELF headers say. */
export function load(image: SourceBytes): Result<Multiboot2Kernel> {
  const header = readMultiboot2Header(image);
  if (!header.ok) return header;
  const body = readBody(image, header.value);
  if (!body.ok) return body;
  const kernel: Multiboot2Kernel = {
    source: identity(image),
    header: header.value,
    body: body.value,
    profile: recogniseProfile(image.bytes),
    sections:
      'elf' in body.value && asks(header.value, TAG.elfSymbols) ? readSections(image, body.value) : undefined,
  };
  return ok(kernel, [...header.diagnostics, ...body.diagnostics]);
}

/** The address tag goes before an ELF header (Multiboot2 2.0, 3.1.5); the entry address tag before either's entry point. */
function readBody(image: SourceBytes, { offset, address, entry }: Multiboot2Header): Result<Body | ElfBody> {
  if (address !== undefined) return readByTag(image, { offset, address, entry });
  const at = (entry?.offset ?? 0) + EntryAddressTag.at.entry_addr.offset;
  const named = entry && { entry: { address: entry.entry_addr, at } };
  if (isElf(image.bytes)) return readElfBody(image, { wide: true, ...named });
  return fail(notLoadable(image.name, offset, 'an ELF file, or an address tag (2)'));
}

/** load_addr: the file is loaded from its first byte on. */
const FROM_START = 0xffffffff;

function readByTag(
  image: SourceBytes,
  { offset, address, entry }: Pick<Multiboot2Header, 'offset' | 'address' | 'entry'>,
): Result<Body> {
  if (address === undefined || entry === undefined)
    return fail(noEntryTag(image.name, address?.offset ?? offset));
  const fields = fieldsAt(address.offset, entry.offset);
  const load_addr = address.load_addr === FROM_START ? address.header_addr - offset : address.load_addr;
  return readFlatBody(image, offset, { ...address, load_addr, entry_addr: entry.entry_addr }, fields);
}

function fieldsAt(address: number, entry: number): FlatFields {
  const { header_addr, load_addr, load_end_addr, bss_end_addr } = AddressTag.at;
  return {
    header_addr: address + header_addr.offset,
    load_addr: address + load_addr.offset,
    load_end_addr: address + load_end_addr.offset,
    bss_end_addr: address + bss_end_addr.offset,
    entry_addr: entry + EntryAddressTag.at.entry_addr.offset,
  };
}

/** An image keeps the name of its file, never the bytes. */
function identity({ id, name, size, sha256, decompressed }: SourceBytes): Source {
  return { id, name, size, sha256, ...(decompressed === undefined ? {} : { decompressed }) };
}
