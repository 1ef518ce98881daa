import { Button } from '@mantine/core';
import { messageOf } from '../http/request-error.ts';
import { NoHolderError } from './try-holders.ts';

interface ReaderFailureProps {
  readonly error: Error;
  readonly onRetry: () => void;
  readonly busy: boolean;
}

/** Why no holder gives the document, holder by holder. */
export function ReaderFailure({ error, onRetry, busy }: ReaderFailureProps) {
  return (
    <div className="reader-failure stack" role="alert">
      {error instanceof NoHolderError ? (
        <ul className="stack">
          {error.failures.map(({ holder, message }) => (
            <li key={holder.id} className="note note-bad">
              {holder.self ? 'This node' : <bdi className="name">{holder.name}</bdi>}: {message}
            </li>
          ))}
        </ul>
      ) : (
        <p className="note note-bad">{messageOf(error)}</p>
      )}
      <Button variant="default" onClick={onRetry} loading={busy}>
        Try again
      </Button>
    </div>
  );
}
