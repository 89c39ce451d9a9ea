import type { Machine, Purpose } from '@kexec-kit/loader-api';
import { kernelText } from '@kexec-kit/multiboot-info';
import { NO_REAL_MODE } from './bios.js';

/**
 * Xen drops the first word of its own command line and of dom0's, unless its boot loader calls itself GRUB (setup.c): a word
 * without blanks, the last name of a path, stands there to be dropped.
 *
 * @example
 * ```ts
 * firstWord('/boot/xen 4.17.gz'); // 'xen_4.17.gz'
 * ```
 */
export function firstWord(path: string): string {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return name.replace(/\s/g, '_') || 'image';
}

/** What Xen's command line is made of. */
export interface XenTextRequest {
  readonly image: string;
  readonly text: string | undefined;
  readonly reuse: boolean;
  readonly machine: Machine;
  readonly purpose: Purpose;
  /** Whether it may call the BIOS. */
  readonly realMode: boolean;
}

/** Behind ` -- ` follows what is dom0's, so that what is added stands in front. */
export function xenText({ realMode, ...request }: XenTextRequest): string {
  const image = firstWord(request.image);
  const text = kernelText({ ...request, image });
  const isThere = text.split(' -- ', 1).join('').split(/\s+/).includes(NO_REAL_MODE);
  return realMode || isThere ? text : `${image} ${NO_REAL_MODE}${text.slice(image.length)}`;
}
