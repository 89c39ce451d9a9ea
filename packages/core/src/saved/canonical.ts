import { hex } from '@kexec-kit/loader-api';
import type { Engines } from '@kexec-kit/loader-api';
import { encodeText, toHex } from '@kexec-kit/structures';
import { toBase64 } from './base64.js';

/** What of a saved submission its `integrity` covers. */
export interface Covered {
  readonly format: string;
  readonly version: number;
  readonly submission: unknown;
}

/** A value as JSON holds it: addresses as `0x…`, bytes as base64, what is undefined left out. */
export function toJson(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, entry: unknown) => {
      if (typeof entry === 'bigint') return hex(entry);
      return entry instanceof Uint8Array ? toBase64(entry) : entry;
    }),
  );
}

/**
 * `sha256:` and the digest of the canonical JSON of what is covered: no white space, keys in the order of their UTF-16
 * code units, as RFC 8785 has it. Laying the file out anew does not change it; any other edit does.
 */
export function integrityOf({ format, version, submission }: Covered, engines: Engines): string {
  const hasher = engines.sha256();
  hasher.update(encodeText(canonicalJson({ format, version, submission })));
  return `sha256:${toHex(hasher.digest())}`;
}

function canonicalJson(json: unknown): string {
  return JSON.stringify(json, (_key, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? sorted(entry) : entry,
  );
}

/** An object with its keys in order; all keys here are names, so none is an array index that would jump ahead. */
function sorted(entry: object): object {
  return Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
}
