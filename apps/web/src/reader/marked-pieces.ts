export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/**
 * Cuts a text at its marks. Ranges come from peers: what is out of order, out of bounds, overlapping or empty is put
 * right or left out; the pieces together are always exactly the text.
 */
export function markedPieces(text: string, marks: readonly (readonly [number, number])[]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [start, end] of [...marks].sort((a, b) => a[0] - b[0])) {
    const from = Math.max(at, start);
    const to = Math.min(text.length, end);
    if (!(to > from)) continue;
    if (from > at) pieces.push({ text: text.slice(at, from), marked: false });
    pieces.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}
