import { createHash } from 'node:crypto';
import type { DocumentHash } from '@kith/wire';
import type { ContentRange } from './content-range.ts';

/** Of a document up to this size, in bytes, all is checked before a part is given: some milliseconds. */
export const CHECKED_FIRST_BYTES = 16 * 1024 * 1024;

/** The bytes of a file are not those that its hash was made of. */
export class WrongContentError extends Error {}

export type ReadRange = (range: ContentRange) => AsyncGenerator<Uint8Array>;

/**
 * Reads a range of a document so that nobody takes wrong bytes for it: the whole is hashed as it goes and its last piece
 * held back until the sum is right; a part of a document that is not too large comes after a look at all of it. A part
 * of a larger one is given unchecked, for a player jumps about in a film: `onUnchecked` is told, to have it checked soon,
 * and whoever puts the parts together checks the whole. Throws WrongContentError in place of the last piece.
 */
export async function* readVerified(
  read: ReadRange,
  {
    hash,
    size,
    range,
    onUnchecked,
  }: { hash: DocumentHash; size: number; range: ContentRange; onUnchecked: () => void },
): AsyncGenerator<Uint8Array> {
  const isWhole = range.from === 0 && range.to === size - 1;
  if (isWhole) {
    yield* checked(read(range), hash);
    return;
  }
  if (size <= CHECKED_FIRST_BYTES) for await (const _ of checked(read({ from: 0, to: size - 1 }), hash));
  else onUnchecked();
  yield* read(range);
}

async function* checked(pieces: AsyncIterable<Uint8Array>, hash: DocumentHash): AsyncGenerator<Uint8Array> {
  const sum = createHash('sha256');
  let last: Uint8Array | undefined;
  for await (const piece of pieces) {
    if (last !== undefined) yield last;
    sum.update(piece);
    last = piece;
  }
  if (sum.digest('hex') !== hash) throw new WrongContentError('The bytes on the disk are not those of the document.');
  if (last !== undefined) yield last;
}
