import { expect, it } from 'vitest';
import { progressLine } from '../src/progress.js';
import { coloursFor } from '../src/terminal.js';

function shown(terminal: boolean): {
  readonly written: string[];
  readonly line: ReturnType<typeof progressLine>;
} {
  const written: string[] = [];
  let now = 0;
  const output = {
    write: (text: string | Uint8Array) => void written.push(text as string),
    colours: coloursFor(false, {}),
    terminal,
    width: 40,
  };
  return { written, line: progressLine(output, () => (now += 60)) };
}

it('rewrites one line on a terminal, not more than ten times a second, and takes it away', () => {
  const { written, line } = shown(true);
  for (let done = 1; done <= 6; done++) line.update({ what: 'initrd', done: done << 20, total: 8 << 20 });
  line.clear();
  expect(written).toHaveLength(4);
  expect(written[0]).toBe('\r\u001b[Kinitrd 2 MiB of 8 MiB (25 %)');
  expect(written.at(-1)).toBe('\r\u001b[K');
});

it('cuts what is longer than the terminal is wide', () => {
  const { written, line } = shown(true);
  for (const done of [1, 2]) line.update({ what: '/a/very/long/path/to/an/initrd.img', done, total: 2 });
  expect(written[0]?.length).toBeLessThanOrEqual('\r\u001b[K'.length + 39);
});

it('says nothing in a pipe', () => {
  const { written, line } = shown(false);
  for (let done = 1; done <= 6; done++) line.update({ what: 'initrd', done, total: 8 });
  line.clear();
  expect(written).toEqual([]);
});
