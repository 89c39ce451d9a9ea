import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

const USE = `
import { parse } from '@kexec-kit/structures';
import { Record } from '../../ksy/test/fixtures/record.js';
result = parse(Record, Uint8Array.from({ length: 24 }, (_, i) => i)).nested.address;
`;

it('is bundled for a browser, with a generated reader, and reads there without anything of Node', async () => {
  const { outputFiles } = await build({
    stdin: { contents: USE, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    write: false,
    platform: 'browser',
    conditions: ['@kexec-kit/source'],
    logLevel: 'silent',
  });
  const browser = { TextEncoder, TextDecoder, result: undefined };
  runInNewContext(outputFiles[0]!.text, browser);
  expect(browser.result).toBe(0x0807060504030201n);
});
