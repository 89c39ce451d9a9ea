import imported from 'kaitai-struct/KaitaiStream.js';

/** What of Kaitai's JavaScript runtime CheckedStream builds on. Everything else is used by generated code only. */
export interface KaitaiStream {
  pos: number;
  readonly size: number;
  readonly byteOffset: number;
  readonly dataView: DataView;
  alignToByte(): void;
  mapUint8Array(length: number): Uint8Array;
}

export interface KaitaiStreamConstructor {
  new (bytes: Uint8Array): KaitaiStream;
  createStringFromArray(bytes: Uint8Array): string;
}

/** A UMD module: its only export is the class, which Node and every bundler give as the default import. */
export const KaitaiStream = imported as unknown as KaitaiStreamConstructor;
