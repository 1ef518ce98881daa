import { type DocumentSummary, documentDetailSchema } from '@kith/wire';
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { count } from '../format/count.ts';
import { getJson, send } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { ConfirmDialog } from '../shell/confirm-dialog.tsx';
import { documentsQuery, statusQuery } from '../shell/queries.ts';
import { DocumentRow } from './document-row.tsx';

export function DocumentList() {
  const documents = useInfiniteQuery(documentsQuery);
  const { data: status } = useQuery(statusQuery);
  const client = useQueryClient();
  const [asked, setAsked] = useState<DocumentSummary | undefined>();
  const remove = useMutation({
    mutationFn: ({ hash }: DocumentSummary) => send(`/api/documents/${hash}`, { method: 'DELETE' }),
    onError: (error) =>
      notifications.show({ color: 'red', title: 'The document was not removed', message: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: documentsQuery.queryKey }),
  });
  const detail = useQuery({
    queryKey: ['document-files', asked?.hash],
    queryFn: ({ signal }) => getJson(`/api/documents/${asked?.hash}`, documentDetailSchema, { signal }),
    enabled: asked !== undefined,
  });
  const pages = documents.data?.pages ?? [];
  const [first] = pages;
  const files = detail.data?.files ?? [];

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
      <ConfirmDialog
        opened={asked !== undefined}
        title="Remove this document?"
        action="Remove"
        onClose={() => setAsked(undefined)}
        onConfirm={() => asked && remove.mutate(asked)}
      >
        <p>
          <bdi className="name">{asked?.title}</bdi> is no longer shared, and its uploaded copy on this node is deleted.
        </p>
        {files.length > 0 && (
          <ul className="small quiet">
            {files.map(({ source, path }) => (
              <li key={`${source} ${path}`}>
                <bdi className="mono">{path}</bdi>
              </li>
            ))}
          </ul>
        )}
      </ConfirmDialog>
    </section>
  );
}
