import { fail, ok, type Result, type Source, type SourceBytes } from '@kexec-kit/loader-api';
import { isXen, readElfBody, readMultiboot2Header, readMultibootHeader } from '@kexec-kit/multiboot-info';
import { noHeader, notXen } from './codes.js';
import type { XenImage } from './image.js';
import { protocolsOf } from './probe.js';

/** Parses the Multiboot headers, as far as they are there, and the image as memory by its ELF headers. */
export function load(image: SourceBytes): Result<XenImage> {
  const { has, reasons } = protocolsOf(image.bytes);
  if (has.length === 0) return fail(noHeader(image.name, reasons));
  const body = readElfBody(image, { wide: false });
  if (!body.ok) return body;
  // Not before: a file that is cut off has lost what it would say.
  if (!isXen(image.bytes)) return fail(notXen(image.name));
  const multiboot = has.includes('1') ? readMultibootHeader(image) : ok(undefined);
  if (!multiboot.ok) return multiboot;
  const multiboot2 = has.includes('2') ? readMultiboot2Header(image) : ok(undefined);
  if (!multiboot2.ok) return multiboot2;
  return ok(
    { source: identity(image), body: body.value, multiboot: multiboot.value, multiboot2: multiboot2.value },
    [...body.diagnostics, ...multiboot.diagnostics, ...multiboot2.diagnostics],
  );
}

/** An image keeps the name of its file, never the bytes. */
function identity({ id, name, size, sha256, decompressed }: SourceBytes): Source {
  return { id, name, size, sha256, ...(decompressed === undefined ? {} : { decompressed }) };
}
