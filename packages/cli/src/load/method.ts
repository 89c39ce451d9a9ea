import type { Values } from '../commands.js';
import { text } from '../values.js';

/** By which system call: `auto` is kexec_file_load where it can, else kexec_load. */
export type Method = 'auto' | 'segments' | 'file';

/** The one that `--method` names. */
export function methodOf(values: Values): Method {
  const given = text(values, 'method');
  return given === 'segments' || given === 'file' ? given : 'auto';
}
