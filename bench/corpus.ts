import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Made-up English-like documents, the same at every run: words of a Zipf-like vocabulary, so that common and rare terms
 * are as uneven as in real text.
 */
const SYLLABLES = 'ba ce di fo gu la me ni po ru sa te vi wo zu kra ble sti tro lan mer son tal vek dor'.split(' ');
const VOCABULARY = 30_000;

export interface MadeDocument {
  readonly title: string;
  readonly text: string;
}

/** Document number `index` of collection `seed`, of about `bytes` bytes. */
export function makeDocument(seed: number, index: number, bytes = 6000): MadeDocument {
  const random = randomOf(seed * 1_000_003 + index);
  const words: string[] = [];
  for (let length = 0; length < bytes; ) {
    const word = wordOf(rank(random()));
    words.push(words.length % 14 === 13 ? `${word}.` : word);
    length += word.length + 1;
  }
  return { title: `${wordOf(rank(random()))} ${wordOf(rank(random()))} ${seed}-${index}`, text: words.join(' ') };
}

/** Puts the first `count` documents of a collection into a folder, as text files. */
export function writeDocuments(folder: string, { seed, count }: { seed: number; count: number }): void {
  for (let index = 0; index < count; index++) {
    const { title, text } = makeDocument(seed, index);
    writeFileSync(join(folder, `${title}.txt`), text);
  }
}

/** Queries of one to three words, common and rare. */
export function makeQueries(count: number, seed = 7): string[] {
  const random = randomOf(seed);
  return Array.from({ length: count }, (_, i) =>
    Array.from({ length: 1 + (i % 3) }, () => wordOf(10 + rank(random()))).join(' '),
  );
}

const rank = (r: number) => Math.min(VOCABULARY - 1, Math.floor(VOCABULARY ** r) - 1);

function wordOf(n: number): string {
  let word = '';
  for (let rest = n + SYLLABLES.length; rest > 0; rest = Math.floor(rest / SYLLABLES.length))
    word += SYLLABLES[rest % SYLLABLES.length];
  return word;
}

/** mulberry32: small, fast, good enough for test data. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
