import { ok, type Payload, type Result } from '@kexec-kit/loader-api';
import { payload as payloadOfKernel } from '@kexec-kit/loader-bzimage';
import { sliceOf } from '@kexec-kit/uki';
import type { UkiImage } from './image.js';
import { shifted } from './load.js';

/** What is packed in the kernel that is in the image. */
export function payload({ source, profiles }: UkiImage, bytes: Uint8Array): Result<Payload> {
  const [{ kernel, linux }] = profiles;
  const found = shifted(payloadOfKernel(kernel, sliceOf(bytes)(linux)), source, linux);
  return found.ok ? ok({ ...found.value, offset: found.value.offset + linux.offset }) : found;
}
