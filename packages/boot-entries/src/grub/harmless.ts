const done = [
  'authenticate background_color background_image badram boot clear cls cmosset color_highlight color_normal',
  'cryptomount cutmem decrement drivemap echo export gettext halt hdparm increment insmod keymap loadfont',
  'lockdown lsmod normal nop outb parttool password password_pbkdf2 play pop_env read reboot rmmod save_env sendkey',
  'serial set_background_image sleep terminal_input terminal_output terminfo true unlock videoinfo vbeinfo wrmsr',
];
/** These start something else than a kernel, which is then not listed. */
const elsewhere =
  'appleloader chainloader exit freedos fwsetup ntldr plan9 truecrypt xnu_kernel xnu_kernel64';

/**
 * GRUB's commands that change nothing in what an entry hands its kernel, and what they return. No key is held down
 * (`keystatus`), and nothing is counterfeited (`hwmatch` is for screens only).
 */
export const succeed: ReadonlyMap<string, boolean> = new Map([
  ...words(done).map((name) => [name, true] as const),
  ...words([elsewhere]).map((name) => [name, true] as const),
  ...['false', 'keystatus', 'hwmatch'].map((name) => [name, false] as const),
]);

function words(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' ')).filter((word) => word !== '');
}
