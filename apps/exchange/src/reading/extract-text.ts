import { cleanLabel } from './clean-label.ts';
import { declaredCharset, extractHtml } from './extract-html.ts';
import { extractMarkdown } from './extract-markdown.ts';
import type { ExtractedText } from './extracted-text.ts';

/** Makes plain text of one format. Pure; runs in the reading thread, which bounds its time and memory. */
export interface Extractor {
  readonly accepts: (mediaType: string) => boolean;
  readonly extract: (source: string) => ExtractedText;
  /** Whether the text is the source, as it is. */
  readonly isPlain?: boolean;
  /** The encoding that the document names itself, given its beginning. */
  readonly declaredCharset?: (start: string) => string | undefined;
}

const EXTRACTORS: readonly Extractor[] = [
  {
    accepts: (type) => type === 'text/html' || type === 'application/xhtml+xml',
    extract: extractHtml,
    declaredCharset,
  },
  { accepts: (type) => type === 'text/markdown', extract: extractMarkdown },
];
const asItIs: Extractor = { accepts: () => true, extract: (text) => ({ text }), isPlain: true };

/** The extractor for a media type; all that has no format of its own is taken as it is, source code too. */
export function extractorFor(mediaType: string): Extractor {
  return EXTRACTORS.find(({ accepts }) => accepts(mediaType)) ?? asItIs;
}

/** What an extractor found, with a title that is fit to be shown. */
export function extractText(extractor: Extractor, source: string): ExtractedText {
  const { title, text } = extractor.extract(source);
  const clean = title === undefined ? '' : cleanLabel(title);
  return clean === '' ? { text } : { title: clean, text };
}
