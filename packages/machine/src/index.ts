/**
 * The running machine as plain data: read from /proc and /sys, saved as a snapshot, redacted for a bug report.
 *
 * @packageDocumentation
 */
export { readArchitecture } from './architecture.js';
export { parseBootParams, type BootParams } from './boot-params.js';
export { codes as machineCodes } from './codes.js';
export { parseCrashNotes, parseVmcoreinfo } from './crash.js';
export { layoutOf, type KernelLayout } from './kcore.js';
export { parseCpuList } from './cpus.js';
export { parseEddDisk, type EddDisk, type EddDiskFiles } from './edd.js';
export { parseEfi, parseSystab, type EfiFiles, type RuntimeMapFiles } from './efi.js';
export { parseIomem, type Iomem } from './iomem.js';
export { readLoadFacts, type LoadFacts, type ReadLoadFactsOptions } from './load-facts.js';
export { parseMemmap, type MemmapEntry } from './memmap.js';
export { readMachine, type ReadMachineOptions } from './read.js';
export { redact } from './redact.js';
export { readSetupData, type ReadSetupDataOptions } from './setup-data.js';
export { parseMachine, serializeMachine, SNAPSHOT_FORMAT, SNAPSHOT_VERSION } from './snapshot.js';
export { readSurroundings, type Confidential, type Surroundings, type XenDomain } from './surroundings.js';
