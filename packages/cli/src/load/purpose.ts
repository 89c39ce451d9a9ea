import type { Purpose } from '@kexec-kit/loader-api';
import type { Values } from '../commands.js';
import { flag } from '../values.js';

/** Which of the two kernels that can be loaded is meant. */
export function purposeOf(values: Values): Purpose {
  return flag(values, 'crash') ? 'crash' : 'normal';
}
