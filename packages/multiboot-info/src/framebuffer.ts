import type { Machine, Policy } from '@kexec-kit/loader-api';
import { fromHex, parse } from '@kexec-kit/structures';
import { ScreenInfo } from './generated/screen-info.js';

/** The screen by the names of both specifications (Multiboot 0.6.96, 3.3; Multiboot2 2.0, 3.6.12). */
export interface Framebuffer {
  readonly framebuffer_addr: bigint;
  /** Bytes of a line. */
  readonly framebuffer_pitch: number;
  readonly framebuffer_width: number;
  readonly framebuffer_height: number;
  readonly framebuffer_bpp: number;
  /** 1 RGB, 2 text. */
  readonly framebuffer_type: number;
  /** RGB: position and mask size of red, of green, of blue, a byte each; none for text. */
  readonly color_info: Uint8Array;
}

/** `orig_video_isVGA` (include/uapi/linux/screen_info.h). */
const TEXT = 1;
const GRAPHICS = [0x23, 0x70];
/** `capabilities`: ext_lfb_base counts. */
const WIDE_ADDRESS = 2;
const TEXT_MEMORY = 0xb8000n;

/** What is on the screen of the running kernel, if it is known and may be handed on. */
export function framebufferOf(machine: Machine, policy: Policy): Framebuffer | undefined {
  const { screen } = machine.firmware;
  if (screen === undefined || policy.video === 'none') return undefined;
  const info = parse(ScreenInfo, fromHex(screen.screenInfo));
  if (info.orig_video_is_vga === TEXT) return text(info);
  return GRAPHICS.includes(info.orig_video_is_vga) && info.lfb_base !== 0 ? graphics(info) : undefined;
}

function text({ orig_video_cols, orig_video_lines }: ScreenInfo): Framebuffer {
  return {
    framebuffer_addr: TEXT_MEMORY,
    framebuffer_pitch: 2 * orig_video_cols,
    framebuffer_width: orig_video_cols,
    framebuffer_height: orig_video_lines,
    framebuffer_bpp: 16,
    framebuffer_type: 2,
    color_info: new Uint8Array(),
  };
}

function graphics(info: ScreenInfo): Framebuffer {
  const high = (info.capabilities & WIDE_ADDRESS) === 0 ? 0n : BigInt(info.ext_lfb_base);
  const { red_pos, red_size, green_pos, green_size, blue_pos, blue_size } = info;
  return {
    framebuffer_addr: (high << 32n) | BigInt(info.lfb_base),
    framebuffer_pitch: info.lfb_linelength,
    framebuffer_width: info.lfb_width,
    framebuffer_height: info.lfb_height,
    framebuffer_bpp: info.lfb_depth,
    framebuffer_type: 1,
    color_info: Uint8Array.of(red_pos, red_size, green_pos, green_size, blue_pos, blue_size),
  };
}
