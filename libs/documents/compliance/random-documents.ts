import fc from 'fast-check';
import type { IndexedDocument } from '../src/index.ts';
import { hashOf } from './sample-documents.ts';

/** Documents are told apart by a number below this, so that random ones replace each other. */
export const SEEDS = 36;

/** Few words, so that documents share them; some of every script, some that are prefixes of others. */
const often = fc.constantFrom('apple', 'the', 'огонь', '東京');
const word = fc.oneof(
  { weight: 1, arbitrary: often },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...['apple', 'app', 'apples', 'Äpfel', 'the', 'THE', 'of', 'x', '42', 'café', 'naïve', 'straße', 'STRASSE'],
      ...['ОГОНЬ', 'огонь', 'ΟΔΟΣ', 'हिन्दी', 'हि', 'שָׁלוֹם', 'מה', 'كتاب', 'كِتَاب', 'ไทย', 'ሰላም'],
      ...['東京都', '東京', '京都', '都', '東', 'がく', 'カタ', 'カ', '한국어', '한', '𠀀𠀁', '👩‍🚀'],
      ...['x'.repeat(70), '—', '¶', '"', "it's", 'a-b', 'kith.example'],
    ),
  },
);
const words = (maxLength: number) => fc.array(word, { maxLength }).map((some) => some.join(' '));
const joined = fc.array(word, { maxLength: 6 }).map((some) => some.join(''));
const seed = fc.integer({ min: 0, max: SEEDS - 1 });
const modifiedAt = fc.integer({ min: 0, max: 5 });

const numbered = (number: number, rest: Pick<IndexedDocument, 'title' | 'text' | 'modifiedAt'>): IndexedDocument => ({
  ...rest,
  hash: hashOf(`${number}`),
  name: `${number}.txt`,
  mediaType: 'text/plain',
  size: number,
});

const single = fc
  .record({
    number: seed,
    title: fc.oneof(words(4), joined),
    text: fc.oneof({ weight: 4, arbitrary: words(40) }, joined, fc.constant('')),
    modifiedAt,
  })
  .map(({ number, ...rest }) => [numbered(number, rest)]);

/** One text under several hashes: only the hash tells them apart. */
const twins = fc
  .record({ from: seed, count: fc.integer({ min: 2, max: 8 }), title: words(2), text: words(12), modifiedAt })
  .map(({ from, count, ...rest }) => Array.from({ length: count }, (_, i) => numbered((from + i) % SEEDS, rest)));

export const randomDocuments = fc.oneof(
  { weight: 4, arbitrary: fc.array(single, { minLength: 1, maxLength: 12 }).map((some) => some.flat()) },
  { weight: 1, arbitrary: twins },
);

export const randomHashes = fc
  .array(seed, { maxLength: 8 })
  .map((numbers) => numbers.map((number) => hashOf(`${number}`)));

const queryPart = fc
  .tuple(fc.constantFrom('', '', '', '-', '"', '-"'), words(3))
  .map(([mark, text]) => (mark.endsWith('"') ? `${mark}${text}"` : `${mark}${text}`));
/** Words, phrases, excluded words and phrases, and what a person has typed so far of a word. */
export const randomQuery = fc.record({
  text: fc
    .tuple(
      fc.array(queryPart, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '', ' ap', ' th', ' ог', ' 東', ' x'),
    )
    .map(([some, typed]) => `${some.join(' ')}${typed}`.slice(0, 500)),
  prefix: fc.boolean(),
});
