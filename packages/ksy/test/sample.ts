import { encodeText, writer } from '@kexec-kit/structures';

/** Where each field of {@link sample} begins, in the order in which it is read; a cut in it is told with this place. */
export const places: readonly (readonly [offset: number, field: string])[] = [
  [0x00, 'magic'],
  [0x04, 'entry_point'],
  [0x0c, 'small'],
  [0x0e, 'big_endian'],
  [0x12, 'signed'],
  [0x1a, 'kind'],
  [0x1b, 'any_kind'],
  [0x1c, 'flag'],
  [0x1d, 'count'],
  [0x21, 'entries[0].at'],
  [0x23, 'entries[0].what'],
  [0x24, 'entries[1].at'],
  [0x26, 'entries[1].what'],
  [0x27, 'extra'],
  [0x29, 'title'],
  [0x31, 'words[0]'],
  [0x34, 'words[1]'],
  [0x35, 'payload_size'],
  [0x3d, 'payload'],
  [0x42, 'shape.side'],
  [0x43, 'shape.of_parent'],
];
const REST = 0x44;

/** An `every_feature` without the elements that the end of the file bounds. */
export function sample(): ReturnType<typeof writer> {
  return writer(REST)
    .bytes(0x00, encodeText('KKK\0'))
    .u64(0x04, 0xffffffff81000123n)
    .u16(0x0c, 7)
    .bytes(0x0e, Uint8Array.of(0x12, 0x34, 0x56, 0x78))
    .u64(0x12, 0xffffffffffffffffn)
    .u8(0x1a, 1)
    .u8(0x1b, 2)
    .u8(0x1c, 0b1_011_0110)
    .u32(0x1d, 2)
    .u16(0x21, 0x1111)
    .u8(0x23, 1)
    .u16(0x24, 0x2222)
    .u8(0x26, 2)
    .u16(0x27, 0xbeef)
    .bytes(0x29, encodeText('kexec'))
    .bytes(0x31, encodeText('ab\0\0'))
    .u64(0x35, 5n)
    .bytes(0x3d, encodeText('€xy'))
    .u8(0x42, 9)
    .u8(0x43, 8);
}
