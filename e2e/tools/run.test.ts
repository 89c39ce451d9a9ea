import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { node18 } from '../../tools/node18.mjs';
import { root } from '../../tools/workspace.mjs';

function node(
  binary: string,
  ...args: readonly string[]
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(binary, args, { cwd: root, encoding: 'utf8' });
}

/** Runs tiers that are not the repository's own, each made of programs only. */
function runTiers(
  tiers: readonly object[],
  env: Readonly<Record<string, string>> = {},
): ReturnType<typeof node> {
  const script = `import('./tools/run-tiers.mjs').then(({ runTiers }) => runTiers(${JSON.stringify(tiers)}, 'test'))`;
  return spawnSync(process.execPath, ['--eval', script], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
}

const tier = (name: string, code: string, budget = 60): object => ({
  name,
  what: `runs ${code}`,
  budget,
  steps: [['--eval', code]],
});

describe('tools/run.mjs', () => {
  it('says in one sentence that this Node is too old', () => {
    const { status, stderr } = node(node18(), 'tools/run.mjs', 'setup');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^kexec-kit is developed on Node 20\.19 or newer, and this is Node 18\.20\.\d+\.\n$/,
    );
  });

  it('lists what it can do when asked for something else', () => {
    const { status, stderr } = node(process.execPath, 'tools/run.mjs', 'constructor');
    expect(status).toBe(1);
    expect(stderr).toContain('npm run demo');
  });

  it('refuses to skip a tier that there is not, before it does anything', () => {
    const env = { ...process.env, KEXEC_KIT_SKIP: 'boots' };
    const { status, stderr } = spawnSync(process.execPath, ['tools/run.mjs', 'test'], {
      cwd: root,
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(1);
    expect(stderr.trim()).toMatch(/^KEXEC_KIT_SKIP names "boots"; there are static, /);
  });
});

describe('the tiers', () => {
  it('end with the count alone on the last line', () => {
    const { status, stdout } = runTiers([tier('one', '1'), tier('two', '2')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/one +\d+\.\d s of +60 s/);
    expect(stdout).toMatch(/\n0 passed, 0 failed\n$/);
  });

  it('stop at the first that fails, and fail', () => {
    const { status, stdout, stderr } = runTiers([tier('one', 'process.exit(3)'), tier('two', '2')]);
    expect(status).toBe(1);
    expect(stderr).toContain('The one tier failed');
    expect(stdout).not.toContain('runs 2');
    expect(stdout).toMatch(/\n0 passed, 1 failed\n$/);
  });

  it('run the programs of a tier together, and name each that failed', () => {
    const steps = [3, 0, 4].map((status) => ['--eval', `process.exit(${String(status)})`]);
    const { stdout, stderr } = runTiers([{ name: 'one', what: 'runs three', budget: 60, steps }]);
    expect(stderr).toMatch(/process\.exit\(3\)` ended with 3\n.*process\.exit\(4\)` ended with 4\n/);
    expect(stdout).toMatch(/\n0 passed, 2 failed\n$/);
  });

  it('kill what hangs', () => {
    const { status, stderr } = runTiers([tier('one', 'for (;;);', 0.25)]);
    expect(status).toBe(1);
    expect(stderr).toContain('did not end within 1 s');
  });

  it('say loudly what was opted out of', () => {
    const { stdout } = runTiers([tier('one', '1')], { KEXEC_KIT_SKIP: 'boot' });
    expect(stdout).toMatch(/^boot +SKIPPED, .* NOT tested$/m);
  });
});
