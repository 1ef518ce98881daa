import table from './confusables.json' with { type: 'json' };

/** Unicode's table of characters that look like others (UTS 39), turned around: from a character to what it looks like. */
const LOOKS_LIKE = new Map<string, string>();
for (const [target, sources] of Object.entries<string>(table.alike)) {
  for (const code of sources.split(' ')) LOOKS_LIKE.set(String.fromCodePoint(Number.parseInt(code, 16)), target);
}

/**
 * Two names that people may take for each other have the same look: letters of another alphabet, accents, 0 and O, 1, I,
 * i and l, rn and m, capitals, and whatever stands between the words make no difference. For warnings only, because
 * honest names may share a look.
 */
export function lookOf(name: string): string {
  // Twice, because some capitals are alike and others are only once they are small.
  const letters = skeleton(skeleton(name.replace(SPACED_ACCENTS, "'")).toLowerCase())
    .toLowerCase()
    .replace(/vv/g, 'w')
    .replace(/i/g, 'l')
    .replace(/['"]/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return letters === '' ? name.normalize('NFKC').trim() : letters;
}

/** People type these accents as apostrophes; NFKD makes a space of them. */
const SPACED_ACCENTS = /[\u00b4\u0384\u1fbd\u1fbf\u1ffd]/g;

function skeleton(text: string): string {
  const plain = text.normalize('NFKD').replace(/[\p{M}\p{Default_Ignorable_Code_Point}]+/gu, '');
  return Array.from(plain, (one) => LOOKS_LIKE.get(one) ?? one).join('');
}
