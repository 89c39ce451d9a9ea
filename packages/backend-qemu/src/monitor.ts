import type { Duplex } from 'node:stream';

const GREETING = { execute: 'qmp_capabilities' };
const REGISTERS = { execute: 'human-monitor-command', arguments: { 'command-line': 'info registers' } };

const POLL_MS = 250;
const RFLAGS_IF = 0x200;

/**
 * Asks QEMU over its machine protocol, four times a second, whether the CPU has stopped for good: it sleeps in HLT with
 * interrupts off. A guest that has given up so (a purgatory that found a flipped bit) need not be waited for.
 *
 * @returns what ends the asking.
 */
export function watchHalt(monitor: Duplex, halted: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let answer = '';
  const ask = (question: object) => monitor.write(`${JSON.stringify(question)}\n`);
  monitor.on('error', () => undefined); // QEMU went away between two questions: its exit tells the rest
  monitor.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    if (!answer.endsWith('\n')) return;
    if (isHalted(answer)) halted();
    if (answer.includes('"return"')) timer = setTimeout(ask, POLL_MS, REGISTERS);
    answer = '';
  });
  ask(GREETING);
  return () => {
    clearTimeout(timer);
    monitor.removeAllListeners('data').destroy();
  };
}

/** By what `info registers` says of the one CPU: `RFL=00000046 … HLT=1`, or `EFL=` outside 64-bit mode. */
export function isHalted(registers: string): boolean {
  const [, rflags = '', sleeps] = /[RE]FL=([0-9a-f]+) .*? HLT=([01])/.exec(registers) ?? [];
  return sleeps === '1' && (Number.parseInt(rflags, 16) & RFLAGS_IF) === 0;
}
