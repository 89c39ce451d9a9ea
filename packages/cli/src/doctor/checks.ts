import { crashChecks } from './crash.js';
import { firmwareChecks } from './firmware.js';
import { hostChecks } from './host.js';
import { imageChecks } from './image.js';
import { kernelChecks, loadedChecks } from './kernel.js';
import { memoryChecks } from './memory.js';
import { permissionChecks } from './permission.js';
import { trustChecks } from './trust.js';
import type { Check } from './verdict.js';

/** Everything that is looked at, in the order in which it is said. */
export const checks: readonly Check[] = [
  ...permissionChecks,
  ...kernelChecks,
  ...trustChecks,
  ...hostChecks,
  ...memoryChecks,
  ...crashChecks,
  ...firmwareChecks,
  ...loadedChecks,
  ...imageChecks,
];
