import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { image } from '../../tools/images.mjs';
import { initramfs } from '../../tools/initramfs.mjs';
import { makeUki } from '../../tools/uki.mjs';
import { noise, prepare, quietConsole, run, witnessOf, type Prepared } from './linux.js';

let folder = '';
let prepared: Prepared | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kexec-kit-uki-'));
});
afterEach(async () => {
  await prepared?.close();
  rmSync(folder, { recursive: true });
});

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

it("a real unified kernel image starts with its own initrd and command line, and with the user's initrd behind it", async () => {
  const [inside, beside] = [noise(70_001), noise(1003)];
  const commandLine = `${quietConsole} from.the.image=1`;
  const uki = await makeUki({
    '.osrel': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID="12"\n',
    '.uname': '6.12',
    '.cmdline': commandLine,
    '.initrd': initramfs({ files: { 'payload/inside': inside } }),
    '.linux': readFileSync((await image('linux-6.12-cloud')).path),
  });
  const file = join(folder, 'debian.efi');
  writeFileSync(file, uki);
  prepared = await prepare({
    kernel: 'a UKI',
    file,
    guest: { model: 'microvm', memory: 256n << 20n },
    payloads: [{ beside }],
    options: { 'command-line': [] },
  });
  expect(prepared.submission.loader.name).toBe('uki');
  const witness = witnessOf(await run(prepared));
  expect(witness.cmdline).toBe(commandLine);
  expect(witness.sha256).toEqual({ '/payload/inside': sha256(inside), '/payload/beside': sha256(beside) });
});
