import type { Invocation } from '../commands.js';
import type { Context } from '../context.js';
import { skippedDiagnostics, type InstalledLoader } from '../discover.js';
import type { ExitCode } from '../exit.js';
import { spelling, summaryOf, table } from '../help.js';
import { finish } from '../report.js';
import { flag } from '../values.js';

export function loaders(context: Context, { values }: Invocation): Promise<ExitCode> {
  const json = flag(values, 'json');
  const discovery = context.discover();
  if (!json) for (const loader of discovery.loaders) context.stdout.write(describe(context, loader));
  const listed = discovery.loaders.map(({ manifest, packageName, folder }) => ({
    package: packageName,
    folder,
    ...manifest,
  }));
  return Promise.resolve(finish(context, json, { loaders: listed }, skippedDiagnostics(discovery)));
}

function describe(context: Context, { manifest, packageName, folder }: InstalledLoader): string {
  const { bold, dim } = context.stdout.colours;
  const aliases = manifest.aliases.map(({ name, summary }) => [`  --type ${name}`, summary] as const);
  const options = Object.values(manifest.options).map(
    (option) => [`  ${spelling(option)}`, summaryOf(option)] as const,
  );
  return [
    `${bold(manifest.name)} ${manifest.version}  ${manifest.summary}`,
    dim(`  ${packageName}, in ${folder}`),
    table([...aliases, ...options]),
    '\n',
  ].join('\n');
}
