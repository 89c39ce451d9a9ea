/** An object that generated code is filling. */
export interface Node {
  readonly _parent?: Node | undefined;
  /** Where it stands below the structure that is parsed; set when its reading begins. */
  _path?: string;
  /** The field that is being read. */
  _at?: string;
}

/** What is being read just now: shared by a stream and its substreams, so that every error knows its place. */
export interface Trace {
  readonly structure: string;
  /** The image's first byte, as an offset into the underlying buffer. */
  readonly origin: number;
  node?: Node;
  /** Where the current field begins, in bytes from the start of the image. */
  start: number;
}

/** A node's path is its parent's, and the field of the parent in which it lies. */
export function pathOfChild(parent: Node | undefined): string {
  return parent === undefined ? '' : pathOfField(parent);
}

/** The path of the field that a node is reading: `entries[2].type`. */
export function pathOfField(node: Node | undefined): string {
  return [node?._path, node?._at].filter((part) => part !== undefined && part !== '').join('.');
}
