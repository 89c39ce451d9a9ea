import { commandLineOf } from './linux.js';
import { defineRules } from './rule.js';

const INFO = 'Multiboot information';

export const multibootRules = defineRules([
  {
    name: 'who-boots',
    of: 'boot loader name',
    items: /^(boot_loader_name|boot loader|version)$/,
    theirs: 'kexec and its version',
    ours: 'kexec-kit and its version',
    reason: 'it is not the same program',
    explains: ({ theirs = '', ours = '' }) =>
      /^(kexec( 2\.0\.25)?|2\.0\.25)$/.test(theirs) && /^(kexec-kit( [\d.]+)?|[\d.]+)$/.test(ours),
  },
  {
    name: 'reuse-for-multiboot2',
    of: 'command line, Multiboot 2',
    items: /^cmdline$/,
    theirs: 'forgets --reuse-cmdline',
    ours: "begins with the running kernel's",
    reason: 'it was asked for',
    defect: 'the value is overwritten two lines further on',
    explains: ({ theirs, ours }, evidence) => {
      const { made } = evidence;
      const text = made.options.commandLine;
      const image = (ours ?? '').split(' ', 1)[0] ?? '';
      const whole = commandLineOf(evidence);
      return (
        made.image.format === 'multiboot2' &&
        made.options.reuse &&
        theirs === (text === '' ? image : `${image} ${text}`) &&
        ours === (whole === '' ? image : `${image} ${whole}`)
      );
    },
  },
  {
    name: 'load-base',
    of: `${INFO}, tag 21`,
    items: /^load_base_addr$/,
    theirs: "says where its purgatory's search ended",
    ours: "says where the image's first byte is",
    reason: 'Multiboot2 2.0, 3.6.23',
    defect: 'the address of purgatory is written in place of the image’s',
    explains: ({ theirs, ours }, { theirs: run }) =>
      ours === 'load.0' &&
      run.ok &&
      run.purgatory !== undefined &&
      theirs === `0x${run.purgatory.start.toString(16)}`,
  },
  {
    name: 'screen-and-efi-tags',
    of: `${INFO}, tags 8 and 12`,
    items: /^(tags|tag (8|11|12))$/,
    theirs: 'tells of a framebuffer only if /dev/fb0 is there, and never of EFI',
    ours: "tells of the running kernel's screen if the image asks, and of the EFI system table if the kind of kernel bears it",
    reason: 'a kernel without them has no screen, and on UEFI no ACPI',
    explains: ({ item, theirs, ours }) => {
      if (item !== 'tags') return theirs === undefined && ours !== undefined;
      const without = (ours ?? '').split(' ').filter((type) => !['8', '11', '12'].includes(type));
      return without.join(' ') === theirs;
    },
  },
  {
    name: 'framebuffer-flag',
    of: `${INFO}, Multiboot 1`,
    items: /^flags bit 12$/,
    theirs: 'tells of a framebuffer only if /dev/fb0 is there',
    ours: "tells of the running kernel's screen if the image asks",
    reason: 'a kernel without it has no screen',
    explains: ({ theirs, ours }, { made: { machine } }) =>
      machine.bootParams !== undefined && theirs === '0x0' && ours === '0x1',
  },
  {
    name: 'always-told',
    of: `${INFO}, Multiboot 1`,
    items: /^(flags bit (0|3|6)|mem_(lower|upper)|mmap.*|mods_count)$/,
    theirs: 'tells of memory and its map only if asked, of modules only if there are any',
    ours: 'always tells of all three',
    reason: 'Multiboot 0.6.96, 3.3: a set flag with no modules says that there are none',
    explains: ({ item, theirs, ours }, { made: { image }, theirView }) => {
      if (image.format !== 'multiboot') return false;
      const isSet = (bit: number) => theirView?.items.get(`flags bit ${bit}`) === '0x1';
      const isNothing = (theirs ?? '0x0') === '0x0';
      if (item.startsWith('mmap')) return !isSet(6) && isNothing;
      if (item.startsWith('mem_')) return !isSet(0) && isNothing;
      return theirs === '0x0' && ours === '0x1';
    },
  },
  {
    name: 'modules-lost',
    of: `${INFO}, Multiboot 2`,
    items: /^(modules|module\[\d+\].*|tags|tag \d+)$/,
    theirs: 'loses the last modules when their texts are short of a multiple of 8',
    ours: 'makes the block as large as it is',
    reason: 'a module that was asked for is there',
    defect: 'the size of the block leaves out the padding behind each module’s text',
    explains: ({ item, theirs, ours }, { made: { image, options } }) => {
      if (image.format !== 'multiboot2') return false;
      if (item === 'modules') return Number(theirs) < Number(ours) && Number(ours) === options.modules.length;
      return item.startsWith('module[') && theirs === undefined && ours !== undefined;
    },
  },
]);
