// @ts-check
/** What `node tools/run.mjs NAME` can do. Everything outside Node's builtins is imported after set-up, by the command. */
import { build, setup } from './setup.mjs';
import { execute, Failed } from './execute.mjs';
import { skipped, tiers, tiersOf } from './tiers.mjs';

/**
 * @typedef {object} Command
 * @property {string} summary
 * @property {(args: readonly string[]) => Promise<void>} run
 */

/** @type {Readonly<Record<string, Command>>} */
const commands = {
  setup: {
    summary: 'install what the lock file and the tests need, and build',
    run: async () => {
      await setup([...tiers.map(({ name }) => name), 'demo', 'bench', 'generate']);
      await build();
    },
  },
  build: {
    summary: 'compile every package',
    run: async () => {
      await setup([]);
      await build();
    },
  },
  demo: {
    summary: 'inspect, plan, draw and boot a real Debian kernel (--kernel FILE for your own)',
    run: (args) => runTool('demo', ['demo'], args),
  },
  test: { summary: 'what CI runs: every tier within its budget', run: () => test('test') },
  'test:all': { summary: 'the same without a budget: every case', run: () => test('test:all') },
  bench: { summary: 'measure against kexec-tools', run: (args) => runTool('bench', ['bench'], args) },
  mutation: {
    summary:
      'change the code in thousands of places, and say how many changes the tests see (--package NAME)',
    run: (args) => runTool('mutation', [], args),
  },
  oracle: {
    summary:
      "ask Debian's kexec(8) and us about made-up machines (--machines N --format F --seed S, or --case FILE)",
    run: (args) => runTool('oracle', ['oracle'], args),
  },
  fuzz: {
    summary: 'damaged inputs for every reader and loader (--format F --cases N --seed S)',
    run: (args) => runTool('fuzz', ['unit'], args),
  },
  generate: {
    summary: 'make the committed generated files again (--check: fail when that changes any)',
    run: (args) => runTool('generate', ['generate'], args),
  },
};

/** @param {readonly string[]} args */
export async function main([name = '', ...args]) {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command === undefined) {
    const lines = Object.entries(commands).map(
      ([key, { summary }]) => `  npm run ${key.padEnd(9)} ${summary}`,
    );
    console.error(`"${name}" is none of:\n${lines.join('\n')}`);
    process.exitCode = 1;
    return;
  }
  try {
    await command.run(args);
  } catch (error) {
    console.error(error instanceof Failed ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/** @param {'test' | 'test:all'} which */
async function test(which) {
  const chosen = tiersOf(which, skipped());
  await setup(chosen.map(({ name }) => name));
  await build();
  const { runTiers } = await import('./run-tiers.mjs');
  await runTiers(chosen, which);
}

/**
 * @param {string} tool
 * @param {readonly string[]} needs
 * @param {readonly string[]} args
 */
async function runTool(tool, needs, args) {
  await setup(needs);
  await build();
  await execute(process.execPath, [`tools/${tool}.mjs`, ...args]);
}
