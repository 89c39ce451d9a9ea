import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { readMachine } from '@kexec-kit/machine';
import type { Case } from './case.js';
import { filesOf } from './images/index.js';
import { compare, type Comparison, type Tampering } from './judge.js';
import { writeMachine } from './machine-files.js';
import { askTheirs } from './theirs.js';

/** Asks both about a case, each by its own way to read the machine from the same files. */
export async function ask(made: Case, folder: string, tampering?: Tampering): Promise<Comparison> {
  mkdirSync(folder, { recursive: true });
  const root = join(folder, 'root');
  writeMachine(root, made.machine);
  const files = filesOf(made);
  const [theirs, machine] = await Promise.all([askTheirs(made, folder, files), readMachine({ root })]);
  return compare({ made, machine, theirs, folder, files, tampering });
}
