import type { DocumentDetail, Holder } from '@kith/wire';
import { Button, Skeleton } from '@mantine/core';
import { useMemo, useRef } from 'react';
import { MarkSteps } from './mark-steps.tsx';
import { MarkedText } from './marked-text.tsx';
import { queryMarks } from './query-marks.ts';
import { ReaderFailure } from './reader-failure.tsx';
import type { FromHolder } from './try-holders.ts';
import { useText } from './use-document.ts';

interface ReaderTextProps {
  readonly hash: string;
  readonly holders: readonly Holder[];
  readonly answer: FromHolder<DocumentDetail> | undefined;
  readonly query: string;
  readonly prefix: boolean;
}

/** The document's text with the query's words marked. It is somebody's file: text, never HTML. */
export function ReaderText({ hash, holders, answer, query, prefix }: ReaderTextProps) {
  const area = useRef<HTMLDivElement>(null);
  const isText = answer?.value.indexed ?? false;
  const text = useText(hash, holders, answer?.holder.id, isText);
  const pieces = useMemo(
    () =>
      (text.data?.pages ?? []).map(({ value }) => ({
        from: value.from,
        text: value.text,
        marks: queryMarks(query, value.text, prefix),
      })),
    [text.data, query, prefix],
  );

  if (answer && !isText) {
    return (
      <p className="reader-none quiet">This kind of file has no text that can be shown here. Download it to open it.</p>
    );
  }
  if (text.error && pieces.length === 0) {
    return <ReaderFailure error={text.error} onRetry={() => void text.refetch()} busy={text.isFetching} />;
  }
  if (!text.data) return <Waiting />;
  const total = pieces.reduce((sum, { marks }) => sum + marks.length, 0);
  return (
    <>
      <div className="reader-area" ref={area} tabIndex={-1}>
        <div className="reader-text" dir="auto">
          {pieces.map((piece) => (
            <MarkedText key={piece.from} text={piece.text} marks={piece.marks} />
          ))}
          {pieces.every((piece) => piece.text === '') && <p className="quiet">The document is empty.</p>}
        </div>
        {text.error && (
          <ReaderFailure error={text.error} onRetry={() => void text.fetchNextPage()} busy={text.isFetching} />
        )}
        {text.hasNextPage && !text.error && (
          <Button variant="default" onClick={() => void text.fetchNextPage()} loading={text.isFetchingNextPage}>
            Show more of the text
          </Button>
        )}
      </div>
      {total > 0 && <MarkSteps area={area} total={total} isWhole={!text.hasNextPage} />}
    </>
  );
}

function Waiting() {
  return (
    <div className="reader-area" aria-busy>
      {[96, 88, 93, 70, 91, 84].map((width) => (
        <Skeleton key={width} height={12} mb={12} width={`${width}%`} />
      ))}
    </div>
  );
}
