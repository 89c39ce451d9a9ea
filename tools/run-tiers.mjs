// @ts-check
/** Runs tiers one after another, stops at the first that fails, and ends with the one line that counts. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execute, Failed } from './execute.mjs';
import { image } from './images.mjs';
import { skipped } from './tiers.mjs';
import { root } from './workspace.mjs';

/** @import { Tier } from './tiers.mjs' */

/**
 * @typedef {{ passed: number; failed: number }} Count
 */

/**
 * @param {readonly Tier[]} chosen
 * @param {'test' | 'test:all'} which
 */
export async function runTiers(chosen, which) {
  const total = { passed: 0, failed: 0 };
  const lines = [];
  for (const tier of chosen) {
    await fetchImages(tier);
    const started = Date.now();
    const { passed, failed, error } = await runTier(tier, which);
    total.passed += passed;
    total.failed += failed;
    lines.push(summary(tier, (Date.now() - started) / 1000, passed, failed));
    if (error !== undefined) {
      process.exitCode = 1;
      console.error(`\nThe ${tier.name} tier failed: ${error}`);
      break;
    }
  }
  for (const name of skipped())
    lines.push(`${name.padEnd(9)} SKIPPED, because KEXEC_KIT_SKIP says so: it was NOT tested`);
  console.log(`\n${lines.join('\n')}\n\n${String(total.passed)} passed, ${String(total.failed)} failed`);
}

/** @param {Tier} tier */
async function fetchImages({ images = [] }) {
  for (const name of images) await image(name);
}

/**
 * A step is no test, so it is not counted when it succeeds; when it fails, it is one failure. Steps do not need one another,
 * so they run together.
 *
 * @param {Tier} tier
 * @param {'test' | 'test:all'} which
 * @returns {Promise<Count & { error?: string }>}
 */
async function runTier(tier, which) {
  console.log(`\n${tier.name}: ${tier.what}`);
  const steps = await Promise.allSettled(
    (tier.steps ?? []).map((step) => execute(process.execPath, step, { limit: limitOf(tier, which) })),
  );
  const failures = steps.filter((step) => step.status === 'rejected').map(({ reason }) => said(reason));
  if (failures.length > 0) return { passed: 0, failed: failures.length, error: failures.join('\n') };
  return tier.tests === undefined ? { passed: 0, failed: 0 } : runTests(tier, which);
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function said(error) {
  if (!(error instanceof Failed)) throw error;
  return error.message;
}

/**
 * @param {Tier} tier
 * @param {'test' | 'test:all'} which
 * @returns {Promise<Count & { error?: string }>}
 */
async function runTests(tier, which) {
  const { name, workers = availableParallelism() } = tier;
  // By itself vitest leaves one processor alone: of two that is half of them.
  const atATime = `--maxWorkers=${String(workers)}`;
  const report = join(root, '.cache/tests', `${name}.json`);
  mkdirSync(join(root, '.cache/tests'), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  try {
    await execute(
      process.execPath,
      ['node_modules/vitest/vitest.mjs', 'run', '--project', name, atATime, ...reporters],
      {
        env: which === 'test:all' ? { KEXEC_KIT_ALL: '1' } : {},
        limit: limitOf(tier, which),
      },
    );
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const { passed, failed } = count(report);
    return { passed, failed: Math.max(failed, 1), error: error.message };
  }
  const { passed, failed, unrun } = count(report);
  if (passed === 0) return { passed, failed: 1, error: 'it found no test' };
  // Who does not want a tier says so by name; a test that skips itself would hide that it cannot run.
  if (unrun > 0) return { passed, failed: unrun, error: `${String(unrun)} of its tests did not run` };
  return { passed, failed };
}

/**
 * A slow machine goes over a budget; what goes over it four times hangs.
 *
 * @param {Tier} tier
 * @param {'test' | 'test:all'} which
 */
function limitOf({ budget }, which) {
  return budget * (which === 'test:all' ? 20 : 4);
}

/**
 * @param {string} report Vitest's, in JSON; absent when it did not get that far.
 */
function count(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    return { passed: numPassedTests, failed: numFailedTests, unrun: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 1, unrun: 0 };
  }
}

/**
 * @param {Tier} tier
 * @param {number} seconds
 * @param {number} passed
 * @param {number} failed
 */
function summary({ name, budget }, seconds, passed, failed) {
  const over = seconds > budget ? `  OVER ITS BUDGET` : '';
  return `${name.padEnd(9)} ${seconds.toFixed(1).padStart(6)} s of ${String(budget).padStart(3)} s, ${String(passed)} passed, ${String(failed)} failed${over}`;
}
