import type { Duplex } from 'node:stream';

const POLL_MS = 250;
const RFLAGS_IF = 0x200;

/** What is told of a guest. */
export interface Listener {
  /** The CPU has stopped for good: it sleeps in HLT with interrupts off. Told again and again, as long as it does. */
  halted(): void;
  /** The guest reset or powered off, and QEMU was told to stay (`-no-shutdown`). */
  shutdown(): void;
}

export interface Monitor {
  /** What QEMU's monitor for people answers to a command. Never settles when QEMU goes away before. */
  ask(command: string): Promise<string>;
  /** Ends the asking. */
  end(): void;
}

/**
 * Talks to QEMU over its machine protocol (QMP): asks four times a second whether the CPU has stopped for good. A guest that has
 * given up so (a purgatory that found a flipped bit) need not be waited for.
 */
export function openMonitor(socket: Duplex, listener: Listener): Monitor {
  const waiting: ((answer: unknown) => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let ended = false;

  const send = (command: object) =>
    new Promise<unknown>((resolve) => {
      waiting.push(resolve);
      if (!ended) socket.write(`${JSON.stringify(command)}\n`);
    });
  const ask = async (command: string) =>
    String(await send({ execute: 'human-monitor-command', arguments: { 'command-line': command } }));
  const poll = async () => {
    if (isHalted(await ask('info registers'))) listener.halted();
    if (!ended) timer = setTimeout(() => void poll(), POLL_MS);
  };

  socket.on('error', () => undefined); // QEMU went away between two questions: its exit tells the rest
  onLines(socket, (line) => {
    const message = JSON.parse(line) as { readonly event?: string; readonly return?: unknown };
    if (message.event === 'SHUTDOWN') listener.shutdown();
    if ('return' in message) waiting.shift()?.(message.return);
  });
  void send({ execute: 'qmp_capabilities' }).then(poll);
  return {
    ask,
    end() {
      ended = true;
      clearTimeout(timer);
      socket.removeAllListeners('data').destroy();
    },
  };
}

function onLines(socket: Duplex, take: (line: string) => void): void {
  let rest = '';
  socket.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    lines.filter((line) => line.trim() !== '').forEach(take);
  });
}

/** By what `info registers` says of the one CPU: `RFL=00000046 … HLT=1`, or `EFL=` outside 64-bit mode. */
export function isHalted(registers: string): boolean {
  const [, rflags = '', sleeps] = /[RE]FL=([0-9a-f]+) .*? HLT=([01])/.exec(registers) ?? [];
  return sleeps === '1' && (Number.parseInt(rflags, 16) & RFLAGS_IF) === 0;
}
