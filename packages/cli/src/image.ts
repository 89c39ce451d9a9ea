import { candidates, decompressImage, open, type Opened } from '@kexec-kit/core';
import { nodeDecompressors, nodeEngines, openSource } from '@kexec-kit/host-node';
import {
  fail,
  ok,
  type AnyLoader,
  type Diagnostic,
  type LoaderManifest,
  type Result,
  type SourceBytes,
} from '@kexec-kit/loader-api';
import type { Context } from './context.js';
import { importLoaders, skippedDiagnostics, type Discovery } from './discover.js';
import { progressLine } from './progress.js';

/** An image that was read, and what there was to choose from. */
export interface ReadImage {
  readonly image: SourceBytes;
  readonly discovery: Discovery;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads an image file once and takes an outer compression off it. Finds the installed loaders; runs none of them. */
export async function readImage(context: Context, path: string): Promise<Result<ReadImage>> {
  const progress = progressLine(context.stderr);
  const source = await openSource(path, { id: 'image', keepBytes: true, onProgress: progress.update });
  progress.clear();
  if (!source.ok) return source;
  const image = await decompressImage(source.value, {
    engines: nodeEngines,
    decompressors: nodeDecompressors,
  });
  if (!image.ok) return image;
  const discovery = context.discover();
  const none = discovery.loaders.length === 0 ? [noLoaders()] : [];
  return ok({ image: image.value, discovery, diagnostics: [...skippedDiagnostics(discovery), ...none] });
}

function noLoaders(): Diagnostic {
  return {
    code: 'CLI_NO_LOADERS',
    severity: 'warning',
    message: 'no loader is installed beside kexec-kit',
    hint: 'install the one for your image, e.g. @kexec-kit/loader-bzimage, or all of them: @kexec-kit/preset-x86',
  };
}

/** Chooses the loader for an image, importing only those whose signatures the image has, and lets it read the image. */
export async function openImage(read: ReadImage, type: string | undefined): Promise<Result<Opened>> {
  const opened = open(read.image, await loadersFor(read, type), { type });
  if (!opened.ok) return fail(opened.diagnostics[0], ...opened.diagnostics.slice(1), ...read.diagnostics);
  return ok(opened.value, [...read.diagnostics, ...opened.diagnostics]);
}

/** The loaders that can have a say in it: those that `type` names, or whose signatures the image has; else all of them. */
export function loadersFor(read: ReadImage, type: string | undefined): Promise<readonly AnyLoader[]> {
  const { loaders: installed } = read.discovery;
  const wanted =
    type === undefined ? candidatesOf(read) : installed.filter(({ manifest }) => answersTo(manifest, type));
  return importLoaders(wanted.length === 0 ? installed : wanted);
}

function candidatesOf({ image, discovery }: ReadImage) {
  const fitting = new Set(
    candidates(
      discovery.loaders.map(({ manifest }) => manifest),
      image.bytes,
    ),
  );
  return discovery.loaders.filter(({ manifest }) => fitting.has(manifest));
}

function answersTo(manifest: LoaderManifest, type: string): boolean {
  return manifest.name === type || manifest.aliases.some(({ name }) => name === type);
}

/** Reads and opens in one step. */
export async function readAndOpen(
  context: Context,
  path: string,
  type: string | undefined,
): Promise<Result<Opened>> {
  const read = await readImage(context, path);
  return read.ok ? openImage(read.value, type) : read;
}
