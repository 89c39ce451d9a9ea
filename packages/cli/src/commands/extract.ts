import { setImmediate } from 'node:timers/promises';
import { extractPieces, findPacked, type Extracted, type Packed } from '@kexec-kit/core';
import { nodeEngines, writePieces, type Pieces } from '@kexec-kit/host-node';
import { hex, ok, type Result } from '@kexec-kit/loader-api';
import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import type { ExitCode } from '../exit.js';
import { loadersFor, readImage } from '../image.js';
import { checkOutputs } from '../outputs.js';
import { finish } from '../report.js';
import { humanSize } from '../size.js';
import { printable } from '../terminal.js';
import { UsageError } from '../usage-error.js';
import { flag, text } from '../values.js';

export async function extract(context: Context, { operands, values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const output = text(values, 'output');
  refuseStdout(context, json, output);
  const packed = await find(context, operands[0] ?? '', text(values, 'type'));
  if (!packed.ok) return finish(context, json, undefined, packed.diagnostics);
  const free = await checkOutputs([output], operands);
  if (!free.ok) return finish(context, json, undefined, free.diagnostics);
  const pieces = extractPieces(packed.value, { engines: nodeEngines });
  const written = await (output === undefined
    ? writeToStdout(context, pieces)
    : writePieces(output, pieces, { signal: context.signal }));
  if (!written.ok) return finish(context, json, undefined, written.diagnostics);
  tell(context, packed.value, written.value);
  const result = { ...describe(packed.value), ...written.value, ...(output !== undefined && { output }) };
  return finish(context, json, result, [...packed.diagnostics, ...written.diagnostics]);
}

function refuseStdout({ stdout }: Context, json: boolean, output: string | undefined): void {
  if (output !== undefined) return;
  if (json) throw new UsageError('--json prints on stdout, where the content would go', 'give -o OUT.');
  if (stdout.terminal)
    throw new UsageError('the content is not for a terminal', 'give -o OUT, or redirect stdout.');
}

async function find(context: Context, path: string, type: string | undefined): Promise<Result<Packed>> {
  const read = await readImage(context, path);
  if (!read.ok) return read;
  const { image, diagnostics } = read.value;
  const packed = findPacked(image, await loadersFor(read.value, type), { type });
  return packed.ok ? ok(packed.value, [...diagnostics, ...packed.diagnostics]) : packed;
}

async function writeToStdout<T>({ stdout, signal }: Context, pieces: Pieces<T>): Promise<Result<T>> {
  let next = pieces.next();
  for (; next.done !== true; next = pieces.next()) {
    signal.throwIfAborted();
    stdout.write(next.value);
    // On Linux a write to a file or pipe is done when it returns; this lets signals and a broken pipe be noticed.
    await setImmediate();
  }
  return next.value;
}

function describe({ image, payload, compression }: Packed) {
  const { name, size, sha256, decompressed } = image;
  const source = { name, size, sha256, ...(decompressed !== undefined && { decompressed }) };
  return {
    source,
    compression,
    ...(payload && { payload: { offset: payload.offset, size: payload.length } }),
  };
}

function tell(context: Context, { image, payload, compression = '' }: Packed, out: Extracted): void {
  const { bold } = context.stderr.colours;
  const outer = image.decompressed === undefined ? '' : `${image.decompressed}, then `;
  const packed =
    payload === undefined
      ? `${compression} taken off`
      : `${payload.what}, ${outer}${compression}, ${humanSize(BigInt(payload.length))} at ${hex(payload.offset)}`;
  context.stderr.write(`${bold(printable(image.name))}: ${packed}\n`);
  context.stderr.write(`${humanSize(BigInt(out.size))}, ${out.looksLike}; sha256 ${out.sha256}\n`);
}
