import { Tokenizer } from 'htmlparser2';
import type { ExtractedText } from './extracted-text.ts';

/** Elements whose content is not shown to people, or not as text. */
const UNSEEN = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object']);
/** Elements within a line; every other one ends the line, so that words of two paragraphs are not one. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rb rp rt s samp small span strike strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
/** A title that is longer is no title. */
const TITLE_MAX = 2_000;

/**
 * Plain text of a page, without what is not shown; title from the first `<title>`. In one pass over the tokens, without
 * a tree: a page of half a million open elements, which takes a tree builder minutes and all memory, costs no more than
 * any other of its size.
 */
export function extractHtml(source: string): ExtractedText {
  let text = '';
  let title = '';
  let titles = 0;
  let inTitle = false;
  let unseen: string | undefined;
  let depth = 0;

  const add = (piece: string) => {
    if (unseen !== undefined) return;
    if (!inTitle) text += piece;
    else if (titles === 1 && title.length < TITLE_MAX) title += piece;
  };
  const opened = (name: string) => {
    if (unseen !== undefined) {
      if (name === unseen) depth++;
    } else if (UNSEEN.has(name)) {
      unseen = name;
      depth = 1;
      text += '\n';
    } else if (name === 'title') {
      inTitle = true;
      titles++;
    } else if (!INLINE.has(name)) text += '\n';
  };
  const closed = (name: string) => {
    if (unseen !== undefined) {
      if (name === unseen && --depth === 0) unseen = undefined;
    } else if (name === 'title') inTitle = false;
    else if (!INLINE.has(name)) text += '\n';
  };
  const nameAt = (start: number, end: number) => source.slice(start, end).toLowerCase();
  const nothing = () => {};
  const tokens = new Tokenizer(
    { decodeEntities: true },
    {
      ontext: (start, end) => add(source.slice(start, end)),
      ontextentity: (codePoint) => add(String.fromCodePoint(codePoint)),
      onopentagname: (start, end) => opened(nameAt(start, end)),
      onclosetag: (start, end) => closed(nameAt(start, end)),
      ...{ onattribdata: nothing, onattribentity: nothing, onattribend: nothing, onattribname: nothing },
      ...{ oncdata: nothing, oncomment: nothing, ondeclaration: nothing, onprocessinginstruction: nothing },
      ...{ onend: nothing, onopentagend: nothing, onselfclosingtag: nothing },
    },
  );
  tokens.write(source);
  tokens.end();
  return { title: title.replace(/\s+/g, ' ').trim() || undefined, text: tidy(text) };
}

/** No more than one space or one empty line at a time. */
function tidy(text: string): string {
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** `<meta charset="…">` and its older form. */
export function declaredCharset(start: string): string | undefined {
  return /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:.-]{2,40})/i.exec(start)?.[1];
}
