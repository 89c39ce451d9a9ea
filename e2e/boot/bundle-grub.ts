import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** No more of GRUB than it takes to load one file from a CD; by themselves all 300 modules go in. */
const options = [
  ...['--directory=/usr/lib/grub/i386-pc', '--fonts=', '--locales=', '--themes=', '--compress=no'],
  '--install-modules=multiboot multiboot2 normal iso9660 biosdisk',
];

/** A CD from which GRUB starts an image by one of its commands. */
export function grubRescueImage(folder: string, image: string, command: 'multiboot' | 'multiboot2'): string {
  const tree = mkdtempSync(join(folder, 'grub-'));
  mkdirSync(join(tree, 'boot/grub'), { recursive: true });
  linkSync(image, join(tree, 'boot/image.elf'));
  writeFileSync(join(tree, 'boot/grub/grub.cfg'), `${command} /boot/image.elf\nboot\n`);
  const iso = `${tree}.iso`;
  execFileSync('grub-mkrescue', [...options, '-o', iso, tree], { stdio: 'pipe', timeout: 60_000 });
  return iso;
}
