import { linuxCodes } from '@kexec-kit/backend-linux';
import { qemuCodes } from '@kexec-kit/backend-qemu';
import { bootEntriesCodes } from '@kexec-kit/boot-entries';
import { bundleCodes } from '@kexec-kit/bundle';
import { coreCodes } from '@kexec-kit/core';
import { decompressCodes } from '@kexec-kit/decompress';
import { hostCodes } from '@kexec-kit/host-node';
import { linkCodes } from '@kexec-kit/link';
import type { CodeInfo } from '@kexec-kit/loader-api';
import { machineCodes } from '@kexec-kit/machine';
import { lastWordsCodes } from '@kexec-kit/purgatory';
import { cliCodes, doctorCodes } from './codes.js';
import type { Discovery } from './discover.js';

const tables = [
  coreCodes,
  linkCodes,
  decompressCodes,
  machineCodes,
  hostCodes,
  qemuCodes,
  bundleCodes,
  lastWordsCodes,
  linuxCodes,
  bootEntriesCodes,
  cliCodes,
  doctorCodes,
];

/** Every diagnostic code of this program and of the installed loaders, sorted. */
export function allCodes(discovery: Discovery): ReadonlyMap<string, CodeInfo> {
  const all = [...tables, ...discovery.loaders.map(({ manifest }) => manifest.codes)];
  const entries = all.flatMap((table) => Object.entries(table));
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
