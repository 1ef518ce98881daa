/**
 * Text of a peer or a file, safe to print: without control and format characters (which could move the cursor, recolour
 * or reorder the terminal), on one line.
 */
export function plainLine(text: string): string {
  return text.replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, '');
}

/** The same for text of several lines: line feeds and tabs stay. */
export function plainLines(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\n\t\P{C}]/gu, '');
}

/** JSON that a terminal shows as it is: what JSON leaves bare and a terminal could act on is escaped. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    [...Array(found.length).keys()].map((i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}

/** Columns that the text takes in a terminal: East Asian characters and pictures take two, marks none. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Cut to `columns`, with an ellipsis where something is left out. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  let width = 1;
  for (const character of text) {
    width += textWidth(character);
    if (width > columns) break;
    cut += character;
  }
  return `${cut}…`;
}
