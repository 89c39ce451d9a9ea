import { hex, type SegmentsSubmission } from '@kexec-kit/loader-api';
import { humanSize } from '../size.js';
import type { Colours, Paint } from '../terminal.js';
import { explainSearch, rowsOf, sizeOfRow, type Row } from './rows.js';

export interface TextOptions {
  readonly colours: Colours;
  /** Every hole that was looked at, too. */
  readonly verbose: boolean;
}

const glyphs: Readonly<Record<Row['kind'], string>> = {
  segment: '█',
  piece: '▌',
  free: '·',
  kept: '░',
  mapping: '▒',
};

/** The memory map as lines of text: one per stretch, in ascending order, with the reason of each segment below it. */
export function drawText(submission: SegmentsSubmission, options: TextOptions): string {
  const rows = rowsOf(submission);
  const widths = columnWidths(rows);
  const head = options.colours.dim(
    `${'start'.padEnd(widths.address)}${'end'.padEnd(widths.address)}${'size'.padStart(widths.size)}`,
  );
  return [head, ...rows.flatMap((row) => rowLines(row, widths, options))].join('\n') + '\n';
}

interface Widths {
  readonly address: number;
  readonly size: number;
}

function columnWidths(rows: readonly Row[]): Widths {
  const address = Math.max(...rows.map((row) => hex(row.end).length)) + 2;
  return { address, size: Math.max(...rows.map((row) => humanSize(sizeOfRow(row)).length)) };
}

function rowLines(row: Row, widths: Widths, options: TextOptions): readonly string[] {
  const { colours, verbose } = options;
  const numbers = hex(row.start).padEnd(widths.address) + hex(row.end).padEnd(widths.address);
  const size = humanSize(sizeOfRow(row)).padStart(widths.size);
  const paint = paintOf(row.kind, colours);
  const line = `${numbers}${size}  ${paint(`${row.kind === 'piece' ? ' ' : ''}${glyphs[row.kind]} ${row.label}`)}${contentOf(row)}`;
  const indent = ' '.repeat(2 * widths.address + widths.size + 6);
  const reasons = [
    ...(row.why === undefined ? [] : [row.why]),
    ...(verbose ? explainSearch(row.search ?? []) : []),
  ];
  return [line, ...reasons.map((reason) => indent + colours.dim(reason))];
}

function paintOf(kind: Row['kind'], colours: Colours): Paint {
  if (kind === 'segment' || kind === 'piece') return colours.green;
  return kind === 'kept' ? colours.yellow : colours.dim;
}

function contentOf(row: Row): string {
  if (row.content === undefined || row.content === sizeOfRow(row)) return '';
  return ` (${humanSize(row.content)} of content)`;
}
