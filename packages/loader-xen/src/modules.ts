import type { Diagnostic, FileValue, OptionsOf } from '@kexec-kit/loader-api';
import { checkText } from '@kexec-kit/multiboot-info';
import { encodeText } from '@kexec-kit/structures';
import { dom0CommandLineTooLong, noDom0 } from './codes.js';
import { firstWord } from './command-lines.js';
import type { options } from './options.js';

type Given = OptionsOf<typeof options>;

/** Files in the order in which Xen takes them, and the text of each. */
export interface Modules {
  readonly files: readonly FileValue[];
  readonly texts: readonly string[];
}

/** xen/include/public/xen.h, MAX_GUEST_CMDLINE, without its NUL. */
const DOM0_COMMAND_LINE = 1023;

/** dom0's kernel, its initrd, then the modules as they were given: Xen takes the first for dom0. */
export function modulesOf({ dom0, dom0Arguments = '', dom0Initrd, module }: Given): Modules {
  const named: readonly (readonly [FileValue | undefined, string])[] = [
    [dom0, dom0Arguments],
    [dom0Initrd, ''],
    ...module.map((file) => [file, file.arguments] as const),
  ];
  const given = named.flatMap(([file, text]) => (file === undefined ? [] : [{ file, text }]));
  return {
    files: given.map(({ file }) => file),
    texts: given.map(({ file: { name }, text }) => withName(name, text)),
  };
}

function withName(name: string, text: string): string {
  return text === '' ? firstWord(name) : `${firstWord(name)} ${text}`;
}

/** What Xen could not start with. */
export function checkDom0({ dom0, dom0Arguments, dom0Initrd, module }: Given): Diagnostic | undefined {
  const orphans = [
    ...(dom0Arguments === undefined ? [] : ['--dom0-args']),
    ...(dom0Initrd === undefined ? [] : ['--dom0-initrd']),
  ];
  if (dom0 === undefined && (orphans.length > 0 || module.length === 0)) return noDom0(orphans);
  const text = dom0 === undefined ? (module[0]?.arguments ?? '') : (dom0Arguments ?? '');
  const { length } = encodeText(text);
  const nul = checkText("dom0's kernel", text);
  if (nul !== undefined) return nul;
  return length > DOM0_COMMAND_LINE ? dom0CommandLineTooLong(length, DOM0_COMMAND_LINE) : undefined;
}
