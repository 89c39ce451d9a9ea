/** Why decoding stopped: thrown by decoders, caught once at the edge and turned into a diagnostic. */
export class DecodeFailure extends Error {
  readonly kind: 'truncated' | 'corrupt' | 'unsupported' | 'trailing';
  /** In bytes from the start of the compressed data. */
  readonly offset: number;

  constructor(kind: DecodeFailure['kind'], offset: number, message: string = kind) {
    super(message);
    this.name = 'DecodeFailure';
    this.kind = kind;
    this.offset = offset;
  }
}
