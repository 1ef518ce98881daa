import type { DocumentSummary } from '@kith/wire';
import type { IndexedDocument, NewDocument } from '../document-index.ts';

/**
 * A document as every index keeps it: lone surrogates, which no database can store, become U+FFFD, and NUL, which some
 * cut text at, a space; fractions of a byte or a millisecond are dropped.
 */
export function wellFormed(document: NewDocument): IndexedDocument {
  const { hash, title, name, mediaType, size, modifiedAt, text } = document;
  const [bytes, at] = [Math.trunc(size), Math.trunc(modifiedAt)];
  return {
    hash,
    title: clean(title),
    name: clean(name),
    mediaType,
    size: bytes,
    modifiedAt: at,
    text: clean(textOf(text)),
  };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const textOf = (text: string | Uint8Array) => (typeof text === 'string' ? text : utf8.decode(text));

const clean = (text: string) => {
  const whole = text.toWellFormed();
  return whole.includes('\0') ? whole.replaceAll('\0', ' ') : whole;
};

/** A document without its text. */
export function summaryOf(document: DocumentSummary): DocumentSummary {
  const { hash, title, name, mediaType, size, modifiedAt } = document;
  return { hash, title, name, mediaType, size, modifiedAt };
}
