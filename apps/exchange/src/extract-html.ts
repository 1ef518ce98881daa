import { compile } from 'html-to-text';
import type { ExtractedText } from './extract-text.ts';

/** Nesting and breadth that are followed: far above what people write, far below what ends the stack. */
const MAX_DEPTH = 200;
const MAX_CHILDREN = 200_000;

const toText = compile({
  wordwrap: false,
  limits: { maxDepth: MAX_DEPTH, maxChildNodes: MAX_CHILDREN, maxBaseElements: 1 },
  selectors: [
    { selector: 'a', options: { ignoreHref: true } },
    { selector: 'img', options: { linkBrackets: false }, format: 'skip' },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ...['script', 'style', 'template', 'noscript', 'head', 'svg'].map((selector) => ({ selector, format: 'skip' })),
    { selector: 'table', format: 'block' },
    { selector: 'td', format: 'block' },
    { selector: 'th', format: 'block' },
  ],
});
const titleOnly = compile({ baseElements: { selectors: ['title'], returnDomByDefault: false }, wordwrap: false });
/** Where a title must begin to count, in characters. */
const TITLE_WITHIN = 100_000;

/** Plain text of a page, without what is not shown; title from `<title>`. */
export function extractHtml(source: string): ExtractedText {
  const start = source.slice(0, TITLE_WITHIN);
  const from = start.search(/<title[\s>]/i);
  const title =
    from < 0 ? undefined : titleOnly(source.slice(from, from + 4_000).replace(/<\/title[\s\S]*$/i, '</title>'));
  return { title, text: toText(source) };
}

/** `<meta charset="…">` and its older form. */
export function declaredCharset(start: string): string | undefined {
  return /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:.-]{2,40})/i.exec(start)?.[1];
}
