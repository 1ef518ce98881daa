import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { DocumentRow } from '../document/document-row.tsx';
import { count } from '../format/count.ts';
import { documentsQuery, nodeQuery, peersQuery } from '../live/queries.ts';
import { go } from '../live/use-route.ts';
import { searchable } from './searchable.ts';

const RECENT = 6;

/** Before the first word: how much there is to search, and what came last. */
export function StartView() {
  const { data: peers = [] } = useQuery(peersQuery);
  const { data: node } = useQuery(nodeQuery);
  const documents = useInfiniteQuery(documentsQuery);
  const [page] = documents.data?.pages ?? [];
  const own = page?.total ?? node?.documents ?? 0;
  const { nodes, total } = searchable(peers, own);

  return (
    <div className="stack">
      <p className="start-line quiet">
        {total === 0
          ? 'Nothing is shared yet. Drop files anywhere on this page, or share a folder.'
          : `${count(total, 'document')} on ${nodes === 1 ? 'this node' : `${nodes} nodes`} can be searched now.`}
      </p>
      {page && page.documents.length > 0 && (
        <section className="card" aria-labelledby="recent">
          <div className="row row-between">
            <h2 id="recent">Newest on this node</h2>
            <Button variant="subtle" onClick={() => go({ view: 'shared' })}>
              All {count(page.total, 'document')}
            </Button>
          </div>
          <ul className="documents">
            {page.documents.slice(0, RECENT).map((document) => (
              <DocumentRow key={document.hash} document={document} />
            ))}
          </ul>
        </section>
      )}
      {page && page.total === 0 && (
        <Button className="start-share" size="sm" onClick={() => go({ view: 'shared' })}>
          Share something
        </Button>
      )}
    </div>
  );
}
