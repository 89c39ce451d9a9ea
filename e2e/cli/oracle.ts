import { spawnSync } from 'node:child_process';
import { oracle } from '../../tools/oracle-kexec.mjs';

/** The long options of Debian's kexec(8), by its own word: it names all that an empty beginning fits. */
export function oracleOptions(): readonly string[] {
  const { command, environment } = oracle();
  const { stderr } = spawnSync(command, ['--='], { env: environment, encoding: 'utf8' });
  return Array.from(stderr.matchAll(/'--([a-z][a-z0-9-]*)'/g), ([, name = '']) => name);
}
