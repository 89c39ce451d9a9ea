import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { boot } from '@kexec-kit/backend-qemu';
import { LAST_WORDS_SIZE, unwrap } from '@kexec-kit/loader-api';
import { readLastWords } from '@kexec-kit/purgatory';
import { afterEach, describe, expect, it } from 'vitest';
import { madeUpSystem } from '../cli/system.js';
import { MARKER } from '../../tools/initramfs.mjs';
import { flipBit } from './flip.js';
import { prepare, run, type Prepared, type Request } from './linux.js';
import { vmlinux } from '../images/vmlinux.js';
import { dumped, dumpQuestion } from './memory-dump.js';
import { piece } from './witness.js';

const MIB = 1n << 20n;

let prepared: Prepared | undefined;
afterEach(async () => {
  await prepared?.close();
  prepared = undefined;
});

/** Prints every setup_data node as the kernel shows it: `node TYPE HEX`. */
const showNodes = `#!/bin/busybox sh
export PATH=/bin
/bin/busybox --install -s /bin
mount -t sysfs sysfs /sys
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev 2>/dev/null
echo 0 > /proc/sys/kernel/printk
for node in /sys/kernel/boot_params/setup_data/*; do
  echo "node $(cat $node/type) $(od -An -v -tx1 $node/data | tr -d ' \\n')"
done
echo ${MARKER}
stty -F /dev/console -echo
reboot -f
`;

const request: Request = {
  kernel: 'linux-6.12-cloud',
  guest: { model: 'microvm', memory: 256n * MIB },
  payloads: [{}],
  init: showNodes,
};

/** What `kexec-kit last-words` says in a kernel that shows these nodes. */
async function saidIn(output: string): Promise<string> {
  const system = madeUpSystem();
  try {
    for (const [i, [, type = '', data = '']] of [...output.matchAll(/^node (\S+) (\S*)/gm)].entries()) {
      const node = join(system.root, 'sys/kernel/boot_params/setup_data', String(i));
      mkdirSync(node, { recursive: true });
      writeFileSync(join(node, 'type'), `${type}\n`);
      writeFileSync(join(node, 'data'), Buffer.from(data, 'hex'));
    }
    return (await system.kexecKit('last-words')).stdout;
  } finally {
    system.remove();
  }
}

describe('the next Linux is told how the hand-over went', () => {
  it.each(['64', '32'] as const)('by its %s-bit entry', async (entry) => {
    prepared = await prepare({ ...request, options: { entry } });
    const { output } = await run(prepared);
    const regions = prepared.submission.checked.length;
    expect(await saidIn(output)).toMatch(
      new RegExp(
        `^The hand-over went well: ${String(regions)} regions were verified, then this kernel was entered.\nIt took \\d+\\.\\d million cycles, \\d+\\.\\d million of them to verify.\n$`,
      ),
    );
  });
});

describe('when a bit of the initrd is flipped after loading', () => {
  it.each(['64', '32'] as const)(
    'the record in memory names it, with both digests, on the way to the %s-bit entry',
    async (entry) => {
      prepared = await prepare({ ...request, options: { entry } });
      const { submission, guest } = prepared;
      const { lastWords = 0n } = submission;
      const region = submission.checked.findIndex(({ name }) => name.startsWith('initrd'));
      const { start = 0n, name, sha256 } = submission.checked[region] ?? {};
      const damaged = flipBit(submission, prepared.read, start + 1000n);
      const { outcome, answers } = unwrap(
        await boot(damaged.submission, damaged.read, {
          ...guest,
          timeoutMs: 60_000,
          questions: [dumpQuestion(lastWords, LAST_WORDS_SIZE)],
        }),
      );
      expect(outcome).toBe('halted');
      const record = unwrap(readLastWords(dumped(answers?.[0])));
      expect(record).toMatchObject({
        ...{ state: 'mismatch', regions: submission.checked.length, region },
        mismatch: { name, expected: sha256 },
      });
      expect(record.mismatch?.found).toMatch(/^[0-9a-f]{64}$/);
      expect(record.mismatch?.found).not.toBe(sha256);
      expect(record).not.toHaveProperty('jumped');
    },
  );
});

it('a Linux that no list tells of it leaves it in its page, which it knows as reserved', async () => {
  const file = await vmlinux('linux-6.12-cloud');
  prepared = await prepare({ ...request, file, type: 'pvh' });
  const { submission, guest, read } = prepared;
  const { lastWords = 0n, checked } = submission;
  const { answers, output } = unwrap(
    await boot(submission, read, {
      ...{ ...guest, until: MARKER, timeoutMs: 120_000 },
      questions: [dumpQuestion(lastWords, LAST_WORDS_SIZE)],
    }),
  );
  expect(output).toContain(MARKER);
  expect(piece(submission, 'last-words').start).toBe(lastWords);
  const record = unwrap(readLastWords(dumped(answers?.[0])));
  expect(record).toMatchObject({ state: 'jumped', regions: checked.length });
  expect(record.jumped).toBeGreaterThan(record.entered);
});
