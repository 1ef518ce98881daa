import type { DocumentSummary } from '@kith/wire';
import { bytes } from '../format/bytes.ts';
import { fileType } from '../format/file-type.ts';
import { day } from '../format/when.ts';

/** Type, name, size and date of a document; the name only where the title does not say it. */
export function DocumentFacts({ document, now }: { readonly document: DocumentSummary; readonly now: number }) {
  const { mediaType, name, title, size, modifiedAt } = document;
  return (
    <>
      <span>{fileType(mediaType, name)}</span>
      {name !== title && (
        <span>
          <bdi>{name}</bdi>
        </span>
      )}
      <span className="nowrap">{bytes(size)}</span>
      <span className="nowrap">
        <time dateTime={isoOf(modifiedAt)}>{day(modifiedAt, { now })}</time>
      </span>
    </>
  );
}

/** A peer may claim any moment; a date that no calendar has is left out. */
function isoOf(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
