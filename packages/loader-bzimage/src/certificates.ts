import { FormatError, parse } from '@kexec-kit/structures';
import { PeCertificates } from './generated/pe-certificates.js';

/**
 * Where the certificates of a signed kernel lie in the file; undefined when it is no PE image, or not a signed one.
 * A kernel whose PE header is damaged boots like any other through the 64-bit entry: that is not an error here.
 */
export function certificateTable(bytes: Uint8Array): { offset: number; size: number } | undefined {
  const table = readHeader(bytes)?.pe.certificate_table;
  return table === undefined || table.size === 0
    ? undefined
    : { offset: table.file_offset, size: table.size };
}

function readHeader(bytes: Uint8Array): PeCertificates | undefined {
  try {
    return parse(PeCertificates, bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
