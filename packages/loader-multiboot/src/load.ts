import { isElf } from '@kexec-kit/elf';
import { fail, ok, type Result, type Source, type SourceBytes } from '@kexec-kit/loader-api';
import {
  ADDRESSES_AT,
  type Body,
  type FlatFields,
  type Multiboot1Header,
  MultibootAddresses,
  MultibootHeader,
  notLoadable,
  readElfBody,
  readFlatBody,
  readMultibootHeader,
  type MultibootKernel,
} from '@kexec-kit/multiboot-info';

/** Parses the Multiboot header, and the image as memory by what the header or the ELF headers say. */
export function load(image: SourceBytes): Result<MultibootKernel> {
  const header = readMultibootHeader(image);
  if (!header.ok) return header;
  const body = readBody(image, header.value);
  if (!body.ok) return body;
  return ok({ source: identity(image), header: header.value, body: body.value }, body.diagnostics);
}

/** Addresses in the header go before those of an ELF file (Multiboot 0.6.96, 3.1.2, bit 16). */
function readBody(image: SourceBytes, { offset, addresses }: Multiboot1Header): Result<Body> {
  if (addresses !== undefined) return readFlatBody(image, offset, addresses, fieldsAt(offset + ADDRESSES_AT));
  if (isElf(image.bytes)) return readElfBody(image, { wide: false });
  const at = offset + MultibootHeader.at.flags.offset;
  return fail(notLoadable(image.name, at, 'an ELF32 file, or bit 16 of the flags'));
}

function fieldsAt(start: number): FlatFields {
  const { header_addr, load_addr, load_end_addr, bss_end_addr, entry_addr } = MultibootAddresses.at;
  return {
    header_addr: start + header_addr.offset,
    load_addr: start + load_addr.offset,
    load_end_addr: start + load_end_addr.offset,
    bss_end_addr: start + bss_end_addr.offset,
    entry_addr: start + entry_addr.offset,
  };
}

/** An image keeps the name of its file, never the bytes. */
function identity({ id, name, size, sha256, decompressed }: SourceBytes): Source {
  return { id, name, size, sha256, ...(decompressed === undefined ? {} : { decompressed }) };
}
