import type { Machine } from '@kexec-kit/loader-api';

/**
 * `struct screen_info` (include/uapi/linux/screen_info.h) of text mode 3 as `resetVga` leaves it: cursor at 0, 0;
 * orig_video_mode 3 at 0x06, orig_video_cols 80 at 0x07, orig_video_lines 25 at 0x0e, orig_video_isVGA 1 at 0x0f,
 * orig_video_points 16 at 0x10.
 */
const TEXT_MODE_3 = '000000000000035000000000000019011000'.padEnd(128, '0');

/** The machine as the next kernel finds it when purgatory has reset the VGA: whatever the screen showed, now it shows text. */
export function withTextScreen(machine: Machine): Machine {
  return { ...machine, firmware: { ...machine.firmware, screen: { screenInfo: TEXT_MODE_3 } } };
}
