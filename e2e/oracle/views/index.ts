import type { Case } from '../case.js';
import { moduleBytes } from '../images/index.js';
import { pieceAt, type Loaded, type Scene } from '../memory.js';
import { lookAtBootNotes, stackArgument } from './elf-notes.js';
import { lookAtLinux } from './linux.js';
import { isApart, lookAtMultiboot, lookAtMultiboot2, nameLoadBase } from './multiboot.js';
import { Looking, type View } from './view.js';

/**
 * What the kernel of a case finds in a scene, read by its registers and its pointers alone: the same eyes for kexec(8) and us.
 *
 * @param purgatory - That of kexec(8), which lends kernels its stack.
 */
export function viewOf({ image, options }: Case, scene: Scene, purgatory?: Loaded): View {
  const own = purgatory === undefined ? [] : [purgatory];
  const looking = new Looking(scene);
  const { registers } = scene.state;
  const everything = [...scene.pieces, ...own];
  const register = (name: string) => registers[`r${name}`] ?? registers[`e${name}`] ?? 0n;
  const isStack = (address: bigint) => {
    const piece = pieceAt(everything, address - 1n);
    return piece !== undefined && (own.includes(piece) || isApart(piece));
  };
  if (image.format === 'bzimage64' || image.format === 'bzimage32') {
    lookAtLinux(looking, register('si'));
    looking.nameRest('kernel', isApart);
  } else if (image.format === 'elf') {
    if (image.args === 'linux') lookAtLinux(looking, register('si'));
    else if (image.args === 'elf')
      lookAtBootNotes(
        looking,
        image.elf.bits === 64 ? register('di') : stackArgument(everything, register('sp')),
      );
    looking.nameRest('load', isApart);
  } else {
    if (image.format === 'multiboot') lookAtMultiboot(looking, register('bx'));
    else lookAtMultiboot2(looking, register('bx'));
    options.modules.forEach((module, i) => {
      looking.nameLost(`module.${i}`, moduleBytes(module, i));
    });
    looking.nameRest('load', isApart);
    nameLoadBase(looking);
  }
  looking.putState(isStack);
  return looking.view();
}
