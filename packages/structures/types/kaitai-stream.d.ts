/** The runtime's own typings need Node's types and give the class as `{ default }`, which at run time it is not. */
declare const KaitaiStream: unknown;
export default KaitaiStream;
