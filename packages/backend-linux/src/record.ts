import { readFile, rm, lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTrusted, writePrivately } from '@kexec-kit/host-node';
import {
  ok,
  type Diagnostic,
  type Facts,
  type Purpose,
  type Result,
  type Source,
  type Submission,
} from '@kexec-kit/loader-api';
import { recordUnread, recordUnwritten } from './codes.js';

/** What was loaded, and when: kept under /run for as long as this boot lasts. */
export interface LoadRecord {
  readonly purpose: Purpose;
  readonly method: Submission['method'];
  readonly loader: Submission['loader'];
  readonly sources: readonly Source[];
  readonly facts: Facts;
  /** ISO 8601, in UTC. */
  readonly loadedAt: string;
}

/** As it stands in the file. */
interface Saved {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly bootId: string;
  readonly record: LoadRecord;
}

const FORMAT = 'kexec-kit load record';
const VERSION = 1;
const DIRECTORY = '/run/kexec-kit';
const OWNER_ONLY = 0o700;
const BY_OTHERS = 0o077;

function pathOf(root: string, purpose: Purpose): string {
  return join(root, DIRECTORY, `${purpose}.json`);
}

/** Writes down what has just been loaded. That it cannot be is worth a warning, not a failure: the kernel is loaded. */
export async function writeRecord(root: string, submission: Submission): Promise<readonly Diagnostic[]> {
  const { purpose, method, loader, sources, facts } = submission;
  const path = pathOf(root, purpose);
  const loadedAt = new Date().toISOString();
  try {
    await makeDirectory(join(root, DIRECTORY));
    const saved: Saved = {
      ...{ format: FORMAT, version: VERSION, bootId: await bootId(root) },
      record: { purpose, method, loader, sources, facts, loadedAt },
    };
    const written = await writePrivately(path, `${JSON.stringify(saved, undefined, 2)}\n`);
    return written.ok ? [] : [recordUnwritten(path, written.diagnostics[0].found)];
  } catch (error) {
    return [recordUnwritten(path, error)];
  }
}

/** For its owner only, and not one that somebody else has put there. */
async function makeDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: OWNER_ONLY });
  const { uid, mode } = await lstat(path);
  if (uid !== process.geteuid?.() || (mode & BY_OTHERS) !== 0)
    throw new Error(`${path} is not this user's alone`);
}

/** Takes the record away: nothing is loaded any more. */
export async function removeRecord(root: string, purpose: Purpose): Promise<void> {
  await rm(pathOf(root, purpose), { force: true }).catch(() => undefined); // one that stays is stale, and known to be
}

/** What was written down in this boot, if anything. */
export async function readRecord(root: string, purpose: Purpose): Promise<Result<LoadRecord | undefined>> {
  const path = pathOf(root, purpose);
  const text = await readTrusted(path);
  if (!text.ok) {
    const [{ code, message }] = text.diagnostics;
    return ok(undefined, code === 'FILE_NOT_FOUND' ? [] : [recordUnread(path, message)]);
  }
  try {
    const saved = parse(text.value);
    return ok(saved.bootId === (await bootId(root)) ? saved.record : undefined);
  } catch (error) {
    return ok(undefined, [recordUnread(path, (error as Error).message)]);
  }
}

/**
 * Written by root, read by the same program: a whole record of this version, or none.
 *
 * @throws Error that says what it is not.
 */
function parse(text: string): Saved {
  const saved = JSON.parse(text) as unknown;
  if (!has(saved, { format: FORMAT, version: VERSION })) throw new Error('it is no record of this version');
  if (!has(saved, { bootId: 'string', record: 'object' }, isOfType) || !isRecord(saved['record']))
    throw new Error('it is no whole record: something has changed it');
  return saved as unknown as Saved;
}

function isRecord(record: unknown): record is LoadRecord {
  if (!has(record, { purpose: 'string', method: 'string', loader: 'object', loadedAt: 'string' }, isOfType))
    return false;
  const { loader, loadedAt, sources, facts } = record;
  return (
    has(loader, { name: 'string', version: 'string' }, isOfType) &&
    !Number.isNaN(Date.parse(loadedAt as string)) &&
    Array.isArray(sources) &&
    sources.every((source) => has(source, { name: 'string', size: 'number' }, isOfType)) &&
    Array.isArray(facts)
  );
}

/** Whether a value is an object with such members. */
function has(
  value: unknown,
  members: Readonly<Record<string, unknown>>,
  matches: (member: unknown, wanted: unknown) => boolean = Object.is,
): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const found = value as Record<string, unknown>;
  return Object.entries(members).every(([name, wanted]) => matches(found[name], wanted));
}

function isOfType(member: unknown, type: unknown): boolean {
  return typeof member === type;
}

async function bootId(root: string): Promise<string> {
  return (await readFile(join(root, '/proc/sys/kernel/random/boot_id'), 'utf8')).trim();
}
