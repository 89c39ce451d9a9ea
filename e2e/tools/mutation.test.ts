import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const tool = fileURLToPath(new URL('../../tools/mutation.mjs', import.meta.url));

it('the mutation run names its packages to who asks for another', () => {
  const ran = spawnSync(process.execPath, [tool, '--package', 'cli'], { encoding: 'utf8' });
  expect(ran).toMatchObject({
    status: 2,
    stdout: '',
    stderr: '--package cli is none of memory, elf, linux-boot, link, multiboot-info\n',
  });
});
