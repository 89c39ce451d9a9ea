/** What a .ksy says, as the rules and the emitters need it. */
export interface Model {
  /** The file's name, for errors and the header of what is generated. */
  readonly file: string;
  /** The first is the file's own structure. */
  readonly types: readonly [Structure, ...Structure[]];
  readonly enums: readonly Enumeration[];
}

export interface Structure {
  /** By its specification, e.g. `setup_header`. */
  readonly name: string;
  /** e.g. `SetupHeader`: interface, reader and compiled class. */
  readonly typeName: string;
  /** How generated code reaches the compiled class from the file's own, e.g. `.Item`. */
  readonly access: string;
  readonly path: string;
  readonly doc?: string;
  readonly spec?: string;
  readonly seq: readonly Attribute[];
  readonly instances: readonly Attribute[];
}

export interface Attribute {
  readonly id: string;
  readonly path: string;
  readonly doc?: string;
  readonly spec?: string;
  readonly type: ValueType;
  readonly repeat?: 'expr' | 'eos' | 'until';
  /** It has an `if`. */
  readonly optional: boolean;
  /** In bytes, of one element: a literal `size`, or what `contents` is long. */
  readonly size?: number;
  /** For instances: a literal position in the structure's own stream. */
  readonly pos?: number;
  /** A literal `repeat-expr`. */
  readonly count?: number;
  /** `valid` gives an upper bound. */
  readonly bounded: boolean;
  readonly enumeration?: { readonly typeName: string; readonly validated: boolean };
  readonly expressions: readonly Expression[];
}

export interface Expression {
  /** The key it stands under, e.g. `repeat-expr`. */
  readonly key: string;
  readonly text: string;
}

export type ValueType =
  | { readonly kind: 'integer'; readonly bytes: number }
  | { readonly kind: 'float'; readonly bytes: number }
  | { readonly kind: 'bits'; readonly count: number }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'text'; readonly terminated: boolean }
  | { readonly kind: 'structure'; readonly name: string }
  | { readonly kind: 'switch'; readonly cases: readonly ValueType[]; readonly total: boolean }
  /** A `value` instance: the TypeScript type that the .ksy gives or that follows from its expression. */
  | { readonly kind: 'value'; readonly typescript: string | undefined };

export interface Enumeration {
  readonly name: string;
  readonly typeName: string;
  readonly path: string;
  readonly doc?: string;
  readonly members: readonly { readonly id: string; readonly value: number; readonly doc?: string }[];
}
