import { toIndex } from '@kexec-kit/loader-api';
import { SEGMENTS_FILE } from './fw-cfg.js';
import type { Guest } from './guest.js';

/** The file descriptors that QEMU inherits besides the standard ones; the files in the order in which `run` takes them. */
export const descriptors = { debugcon: 3, monitor: 4, ram: 5, rom: 6, optionRom: 7, segments: 8 } as const;

/**
 * QEMU's arguments: software emulation, RAM and ROM from inherited files, serial on stdout, debugcon on its own, and a reset
 * (a triple fault) ends the run. With SeaBIOS also a screen for it, what it boots, and what is to be copied then.
 */
export function qemuArguments(guest: Guest): string[] {
  const size = toIndex(guest.memory);
  return [
    ...['-no-user-config', '-nodefaults', '-display', 'none', '-no-reboot'],
    ...['-machine', `${guest.model},memory-backend=ram`, '-accel', 'tcg', '-cpu', cpuOf(guest), '-smp', '1'],
    ...['-m', `size=${size / 1024}k`],
    ...['-object', `memory-backend-file,id=ram,size=${size},mem-path=/dev/fd/${descriptors.ram},share=on`],
    ...['-bios', `/dev/fd/${descriptors.rom}`],
    ...(guest.firmware === 'seabios' ? biosArguments : []),
    ...['-serial', 'stdio'],
    ...['-chardev', `socket,id=debugcon,fd=${descriptors.debugcon}`],
    ...['-device', 'isa-debugcon,iobase=0xe9,chardev=debugcon'],
    ...['-chardev', `socket,id=monitor,fd=${descriptors.monitor}`, '-mon', 'chardev=monitor,mode=control'],
    ...(guest.devices ?? []),
  ];
}

/** When the guest has come to its end, QEMU stays, so that it can be asked. */
export const STAY = '-no-shutdown';

const biosArguments: readonly string[] = [
  ...['-vga', 'std', '-boot', 'menu=off'],
  ...['-option-rom', `/dev/fd/${descriptors.optionRom}`],
  ...['-fw_cfg', `name=${SEGMENTS_FILE},file=/dev/fd/${descriptors.segments}`],
];

/**
 * Everything that QEMU emulates, but for SMAP, with which version 7.2 breaks the return to user mode under Xen.
 * Four levels mean a CPU without LA57: where it is there, Linux uses five.
 */
function cpuOf({ paging = 4 }: Guest): string {
  return paging === 5 ? 'max,smap=off' : 'max,smap=off,la57=off';
}
