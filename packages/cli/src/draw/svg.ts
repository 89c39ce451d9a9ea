import { hex, type SegmentsSubmission } from '@kexec-kit/loader-api';
import { humanSize } from '../size.js';
import { explainSearch, rowsOf, sizeOfRow, type Row } from './rows.js';

const fills: Readonly<Record<Row['kind'], string>> = {
  segment: '#2f8f4e',
  piece: '#67b67f',
  free: '#eef1f4',
  kept: '#d8b24a',
  mapping: '#9db4d0',
};
const bar = { left: 170, width: 150 };
const textLeft = bar.left + bar.width + 16;
const width = 1180;
const top = 64;

interface Box {
  readonly row: Row;
  readonly y: number;
  readonly height: number;
}

/**
 * The memory map as an SVG picture: low addresses on top, heights by the logarithm of the size (a map of true scale
 * would hide everything but the holes), each segment with its reason, each search as a tooltip.
 */
export function drawSvg(submission: SegmentsSubmission, title: string): string {
  const boxes = layOut(rowsOf(submission));
  const last = boxes.at(-1);
  const height = (last === undefined ? top : last.y + last.height) + 40;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(width)} ${String(height)}" font-family="ui-monospace, monospace" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(24, 28, title, 'font-size="15" font-weight="bold"'),
    text(24, 46, legend(submission), 'fill="#555555"'),
    ...boxes.map(drawBox),
    `</svg>\n`,
  ].join('\n');
}

function legend(submission: SegmentsSubmission): string {
  return `entered at ${hex(submission.entry)} (purgatory), ${String(submission.segments.length)} of ${String(submission.target.maxSegments)} segments, for ${submission.target.name}; heights are logarithmic`;
}

function layOut(rows: readonly Row[]): readonly Box[] {
  let y = top;
  return rows.map((row) => {
    const box = { row, y, height: heightOf(row) };
    y += box.height;
    return box;
  });
}

/** A line of text is the least; each doubling of the size beyond a page adds two pixels. */
function heightOf(row: Row): number {
  const doublings = Math.max(0, sizeOfRow(row).toString(2).length - 13);
  return (row.why === undefined ? 20 : 36) + 2 * doublings;
}

function drawBox({ row, y, height }: Box): string {
  const inset = row.kind === 'piece' ? 24 : 0;
  const tip = [row.label, row.why ?? '', ...explainSearch(row.search ?? [])]
    .filter((line) => line !== '')
    .join('\n');
  return [
    `<g><title>${escape(tip)}</title>`,
    `<rect x="${String(bar.left + inset)}" y="${String(y)}" width="${String(bar.width - inset)}" height="${String(height)}" fill="${fills[row.kind]}" stroke="#ffffff"/>`,
    text(bar.left - 10, y + 14, hex(row.start), 'text-anchor="end" fill="#333333"'),
    text(
      textLeft,
      y + 14,
      `${row.label}  ${sizeText(row)}`,
      row.kind === 'segment' ? 'font-weight="bold"' : '',
    ),
    row.why === undefined ? '' : text(textLeft, y + 30, row.why, 'fill="#555555"'),
    '</g>',
  ].join('');
}

function sizeText(row: Row): string {
  const size = humanSize(sizeOfRow(row));
  return row.content === undefined || row.content === sizeOfRow(row)
    ? size
    : `${size}, ${humanSize(row.content)} of it content`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${String(x)}" y="${String(y)}" ${attributes}>${escape(content)}</text>`;
}

function escape(content: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  // Control characters are not allowed in XML.
  return content.replace(/[&<>"]/g, (c) => entities[c] ?? c).replace(/[\u0000-\u0008\u000b-\u001f]/g, '?');
}
