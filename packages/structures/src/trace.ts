/** One step on the way to what is being read: a field, or an element of it. */
interface Step {
  readonly name: string | number;
  /** In bytes from the start of the image. */
  start: number;
}

/** What is being read just now: shared by a stream and its substreams, so that every error knows its place. */
export interface Trace {
  readonly structure: string;
  /** The image's first byte, as an offset into the underlying buffer. */
  readonly origin: number;
  readonly steps: Step[];
}

/** e.g. `entries[2].type` */
export function pathOf(trace: Trace): string {
  return trace.steps.reduce((path, { name }) => {
    if (typeof name === 'number') return `${path}[${String(name)}]`;
    return path === '' ? name : `${path}.${name}`;
  }, '');
}
