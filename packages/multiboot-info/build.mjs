/** Writes the table of profiles into docs/guide/formats/multiboot.md, from the data that loaders run on. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, execPath } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';

const here = fileURLToPath(new URL('.', import.meta.url));
const page = fileURLToPath(new URL('../../docs/guide/formats/multiboot.md', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const [begin, end] = ['<!-- begin of the table of profiles -->', '<!-- end of the table of profiles -->'];

/**
 * @param {{ check: boolean }} options With `check` nothing is written.
 * @returns {Promise<readonly string[]>} The page, if it was not fresh.
 */
export async function generate({ check }) {
  execFileSync(execPath, [tsc, '--build', here], { stdio: 'inherit' });
  const { infoTags, profiles } = await import('./dist/index.js');
  const text = readFileSync(page, 'utf8');
  const [start, stop] = [text.indexOf(begin), text.indexOf(end)];
  if (start < 0 || stop < start) throw new Error(`${page} has lost the place of its table`);
  const table = tableOf(infoTags, profiles);
  const whole = `${text.slice(0, start + begin.length)}\n\n${table}\n\n${text.slice(stop)}`;
  const fresh = await format(whole, { ...(await resolveConfig(page)), filepath: page });
  if (fresh === text) return [];
  if (!check) writeFileSync(page, fresh);
  return [page];
}

/** A row for each type of tag; each cell is what a test of the same name proves (packages/loader-multiboot2/test/profiles.test.ts). */
function tableOf(infoTags, profiles) {
  const names = profiles.map(({ name }) => name);
  const head = ['tag', ...names.map((name) => `\`${name}\``), 'why', 'proven by, for each profile'];
  const rows = infoTags.map(({ type, name, spec, give, why = '' }) => [
    `${type} ${name} (${spec.replace('Multiboot2 2.0, ', '')})`,
    ...names.map((profile) => give[profile]),
    why,
    [...new Set(names.map((profile) => give[profile]))]
      .map((when) => `“tag ${type} (${name}): ${when}”`)
      .join(', '),
  ]);
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

if (pathToFileURL(argv[1] ?? '').href === import.meta.url) await generate({ check: false });
