import { createHash } from 'node:crypto';
import type { IndexedDocument } from '../src/index.ts';

export const hashOf = (seed: string): string => createHash('sha256').update(seed).digest('hex');

/** A document for tests; its hash follows from `seed`, by default from title and text. */
export function sampleDocument(given: Partial<IndexedDocument> & { seed?: string }): IndexedDocument {
  const { seed, title = 'untitled', text = '', ...rest } = given;
  return {
    hash: hashOf(seed ?? `${title} ${text}`),
    title,
    name: `${title}.txt`,
    mediaType: 'text/plain',
    size: text.length,
    modifiedAt: 1_700_000_000_000,
    text,
    ...rest,
  };
}
