import { isMultiboot } from './facts.js';
import { commandLineOf } from './linux.js';
import type { Rule } from './rule.js';

const INFO = 'Multiboot information';
/** Bits of `flags` that we always set: memory, modules, memory map. */
const ALWAYS = 0x49;
const FRAMEBUFFER = 0x1000;

export const multibootRules: readonly Rule[] = [
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
    items: /^flags( bit 12)?$/,
    theirs: 'tells of a framebuffer only if /dev/fb0 is there',
    ours: "tells of the running kernel's screen if the image asks",
    reason: 'a kernel without it has no screen',
    explains: ({ item, theirs, ours }, { ourView, theirView, made: { machine } }) => {
      const [a, b] = [theirView, ourView].map((view) => view?.items.get('flags bit 12'));
      if (machine.bootParams === undefined || a !== '0x0' || b !== '0x1') return false;
      return item !== 'flags' || (Number(ours) & ~ALWAYS) === ((Number(theirs) & ~ALWAYS) | FRAMEBUFFER);
    },
  },
  {
    name: 'always-told',
    of: `${INFO}, Multiboot 1`,
    items: /^(flags( bit (0|3|6))?|mem_(lower|upper)|mmap.*|mods_count)$/,
    theirs: 'tells of memory and its map only if asked, of modules only if there are any',
    ours: 'always tells of all three',
    reason: 'Multiboot 0.6.96, 3.3: a set flag with no modules says that there are none',
    explains: ({ item, theirs, ours }, { made: { image }, theirView }) => {
      if (image.format !== 'multiboot') return false;
      const isSet = (bit: number) => theirView?.items.get(`flags bit ${bit}`) === '0x1';
      if (item.startsWith('mmap')) return !isSet(6);
      if (item.startsWith('mem_')) return !isSet(0);
      if (item === 'flags') return (Number(ours) & ~ALWAYS) === (Number(theirs) & ~ALWAYS);
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
  {
    name: 'multiboot-above-4-gib',
    of: `${INFO}, Multiboot 2`,
    items: /.*/,
    theirs: 'puts information and modules above 4 GiB, and half of their addresses into 32 bits',
    ours: 'puts everything that a 32-bit kernel reads below 4 GiB',
    reason: 'such a kernel can reach none of it',
    defect: 'the search for a place has no upper bound',
    explains: (difference, evidence) => {
      const {
        theirView,
        made: { image },
      } = evidence;
      if (
        image.format !== 'multiboot2' ||
        !isMultiboot(evidence) ||
        /^(at|outcome|predicted) ?/.test(difference.item)
      )
        return false;
      return [...(theirView?.places ?? [])].some(
        ([name, { start }]) => /^(module|multiboot)/.test(name) && start >> 32n > 0n,
      );
    },
  },
];
