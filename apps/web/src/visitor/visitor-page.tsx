import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { ColorSchemeMenu } from '../controls/color-scheme-menu.tsx';
import { DocumentRow } from '../document/document-row.tsx';
import { count } from '../format/count.ts';
import { messageOf } from '../http/request-error.ts';
import { documentsQuery } from '../live/queries.ts';
import { SearchView } from '../search/search-view.tsx';
import { searchVisited } from './search-visited.ts';

interface VisitorPageProps {
  readonly name: string;
  readonly documents: number;
}

/** What a trusted peer sees of this node: its documents and a search over them, nothing else. */
export function VisitorPage({ name, documents }: VisitorPageProps) {
  const source = useMemo(() => searchVisited(name), [name]);
  useEffect(() => {
    document.title = `${name} – Kith`;
  }, [name]);
  return (
    <>
      <header className="header">
        <div className="header-inner">
          <span className="brand">
            <img src="/kith.svg" alt="" />
            <bdi>{name}</bdi>
          </span>
          <div className="header-node">
            <span className="small quiet">You are a guest here</span>
            <ColorSchemeMenu />
          </div>
        </div>
      </header>
      <main className="main visitor" id="main">
        <SearchView
          source={source}
          placeholder={`Search ${count(documents, 'document')} here`}
          start={<VisitorDocuments />}
        />
      </main>
    </>
  );
}

function VisitorDocuments() {
  const documents = useInfiniteQuery(documentsQuery);
  const pages = documents.data?.pages ?? [];
  if (documents.error) return <p className="note note-bad">{messageOf(documents.error)}</p>;
  return (
    <section className="card" aria-labelledby="visited">
      <h2 id="visited">{pages[0] ? count(pages[0].total, 'document') : 'Documents'}</h2>
      <ul className="documents">
        {pages.flatMap((page) =>
          page.documents.map((document) => <DocumentRow key={document.hash} document={document} />),
        )}
      </ul>
      {documents.hasNextPage && (
        <Button variant="default" loading={documents.isFetchingNextPage} onClick={() => void documents.fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}
