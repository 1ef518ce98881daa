const notAscii = /[\u0080-\uffff]/;

export const isAscii = (text: string): boolean => !notAscii.test(text);

/**
 * What folding drops from decomposed text: Latin, Greek and Cyrillic diacritics; Hebrew points; Arabic harakat and
 * tatweel; soft hyphen, ZWNJ, ZWJ; variation selectors. Never all of \p{M}: that ruins Hindi, Thai and Japanese.
 */
const dropped = new RegExp(
  [
    '[\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0640\\u064b-\\u0652\\u0670]',
    '[\\u00ad\\u200c\\u200d]',
    '[\\ufe00-\\ufe0f]',
    '\\udb40[\\udd00-\\uddef]',
  ].join('|'),
  'g',
);

const replaced = /[ßæœøłđıς]/g;
const replacements: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
  ς: 'σ',
};

/** The text as the index sees it: compatibility forms, case and diacritics made one. Tokens are cut from this. */
export function fold(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(dropped, '')
    .normalize('NFC')
    .replace(replaced, (character) => replacements[character] ?? character);
}
