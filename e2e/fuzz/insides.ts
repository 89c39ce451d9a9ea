/* eslint-disable kexec-kit/imports -- the fuzzer looks where no user does: rules of the kit, readers behind loaders, images of the loaders' own tests */
/** Everything that the fuzzer takes from inside of packages. */
export { integrityOf, type Covered } from '../../packages/core/src/saved/canonical.js';
export { adler32, crc32 } from '../../packages/decompress/src/crc.js';
export { xxh32Of } from '../../packages/decompress/src/xxh32.js';
export { encodeRuntimeMap } from '../../packages/linux-boot/src/efi.js';
export {
  Directory,
  PeCertificates,
  PeHeader,
} from '../../packages/loader-bzimage/src/generated/pe-certificates.js';
export { I386, MEMTEST, MEMTEST_32, bzImage, old } from '../../packages/loader-bzimage/test/bzimage.js';
export * as elfKernels from '../../packages/loader-elf/test/kernels.js';
export * as multiboot1 from '../../packages/loader-multiboot/test/kernels.js';
export * as multiboot2 from '../../packages/loader-multiboot2/test/kernels.js';
export { HIGH } from '../../packages/loader-multiboot2/test/kernels.js';
export * as pvhKernels from '../../packages/loader-pvh/test/kernels.js';
export { total } from '../../packages/loader-testkit/src/assert.js';
export {
  copy,
  demandExactNumbers,
  demandPlain,
  freeze,
  same,
} from '../../packages/loader-testkit/src/data.js';
export { demandDiagnostics, demandFacts } from '../../packages/loader-testkit/src/diagnostic-rules.js';
export { load } from '../../packages/loader-testkit/src/load-checks.js';
export { demandPayload } from '../../packages/loader-testkit/src/payload-checks.js';
export { deferredIsFinished } from '../../packages/loader-testkit/src/place-rules.js';
export {
  contentFits,
  idsAreUnique,
  referencesResolve,
  relocationsAreInRange,
} from '../../packages/loader-testkit/src/plan-rules.js';
export { probe } from '../../packages/loader-testkit/src/probe-checks.js';
export { optionsFor } from '../../packages/loader-testkit/src/sample.js';
export { xenFile } from '../../packages/loader-xen/test/images.js';
export { Elf32Shdr, Elf64Shdr } from '../../packages/multiboot-info/src/generated/elf-section.js';
export { HeaderTag } from '../../packages/multiboot-info/src/generated/multiboot2-header.js';
export { InfoTag } from '../../packages/multiboot-info/src/generated/multiboot2-info.js';
