import type { DocumentSummary } from '@kith/wire';
import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DocumentRow } from '../document/document-row.tsx';
import { count } from '../format/count.ts';
import { messageOf } from '../http/request-error.ts';
import { documentsQuery, statusQuery } from '../live/queries.ts';
import { RemoveDialog } from './remove-dialog.tsx';

/** Everything that this node shares, newest first. */
export function DocumentList() {
  const documents = useInfiniteQuery(documentsQuery);
  const { data: status } = useQuery(statusQuery);
  const [asked, setAsked] = useState<DocumentSummary | undefined>();
  const pages = documents.data?.pages ?? [];
  const [first] = pages;

  return (
    <section className="card" aria-labelledby="own-documents">
      <div className="row row-between">
        <h2 id="own-documents">{first ? count(first.total, 'document') : 'Documents'}</h2>
        {status && status.queued > 0 && (
          <span className="small quiet" aria-live="polite">
            {count(status.queued, 'file')} still to be indexed
          </span>
        )}
      </div>
      {documents.error && <p className="note note-bad">{messageOf(documents.error)}</p>}
      {first?.total === 0 && <p className="quiet">Nothing is shared yet. Drop files anywhere on this page.</p>}
      <ul className="documents">
        {pages.flatMap((page) =>
          page.documents.map((document) => <DocumentRow key={document.hash} document={document} onRemove={setAsked} />),
        )}
      </ul>
      {documents.hasNextPage && (
        <Button variant="default" loading={documents.isFetchingNextPage} onClick={() => void documents.fetchNextPage()}>
          Show more
        </Button>
      )}
      <RemoveDialog document={asked} onClose={() => setAsked(undefined)} />
    </section>
  );
}
