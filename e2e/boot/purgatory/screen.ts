/** The lines of a text screen's memory, without blanks at their ends: 80 cells of a character and its colours each. */
export function textOnScreen(memory: Uint8Array): string[] {
  const cells = Array.from({ length: memory.length / 2 }, (_, n) => String.fromCharCode(memory[2 * n] ?? 0));
  const text = cells.join('').replaceAll('\0', ' ').replaceAll('\u00ff', ' ');
  return (text.match(/.{1,80}/gs) ?? []).map((line) => line.trimEnd());
}
