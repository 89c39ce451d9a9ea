import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, Output } from './context.js';
import { discover, ownFolder, type Discovery } from './discover.js';
import { EXIT } from './exit.js';
import { runProgram } from './run-program.js';
import { coloursFor } from './terminal.js';

/** This process as the world outside. From now on SIGINT and SIGTERM are heard. */
export function processContext(): Context {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupt.abort();
    });
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `… | head`: what streams, as a guest's console does, ends. Whoever has yet to write a result goes on, with its exit status.
    if (error.code === 'EPIPE') interrupt.abort();
    else endAsUnwritten(error);
  });
  // Nobody reads what is said: no reason to leave a kernel loaded that was to be started.
  process.stderr.on('error', () => undefined);
  let found: Discovery | undefined;
  return {
    version: ownVersion(),
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    discover: () => (found ??= discover(process.argv[1] ?? '')),
    system: { root: '/', runProgram },
    signal: interrupt.signal,
  };
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(ownFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}

function outputOf(stream: NodeJS.WriteStream): Output {
  const terminal = stream.isTTY;
  return {
    write: (text) => void stream.write(text),
    colours: coloursFor(terminal, process.env),
    terminal,
    width: terminal ? stream.columns : 80,
  };
}

let isUnwritten = false;

/** Says once that output is lost, and lets no exit status hide it. */
function endAsUnwritten({ message }: Error): void {
  if (isUnwritten) return;
  isUnwritten = true;
  process.stderr.write(`error: stdout cannot be written: ${message}\n`);
  process.once('exit', (status) => {
    if (status === EXIT.done) process.exitCode = EXIT.refused;
  });
}
