import { memo } from 'react';
import { markedPieces } from './marked-pieces.ts';

interface MarkedTextProps {
  readonly text: string;
  readonly marks: readonly (readonly [number, number])[];
}

/** A text with ranges marked; the text is a peer's, so it is only ever text. */
export const MarkedText = memo(function MarkedText({ text, marks }: MarkedTextProps) {
  return markedPieces(text, marks).map((piece, i) =>
    piece.marked ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a piece is known by its place only
      <mark key={i}>{piece.text}</mark>
    ) : (
      piece.text
    ),
  );
});
