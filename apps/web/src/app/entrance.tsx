import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { messageOf, RequestError } from '../http/request-error.ts';
import { nodeQuery, statusQuery } from '../live/queries.ts';
import { VisitorPage } from '../visitor/visitor-page.tsx';
import { OwnerPage } from './owner-page.tsx';

const REFUSED = new Set([401, 403, 404]);

/** The owner's page for the owner, the visitor's for a peer who looks at this node. */
export function Entrance({ refused }: { readonly refused: string | undefined }) {
  const status = useQuery({ ...statusQuery, refetchInterval: ({ state }) => (state.error ? 3000 : false) });
  const isOwner = status.data?.role === 'owner';
  const node = useQuery({ ...nodeQuery, enabled: isOwner });

  if (!status.data) {
    return (
      <main className="starting">
        {status.error ? (
          <>
            <h1>Kith</h1>
            <p role="alert">{refused ?? messageOf(status.error)}</p>
            <Button variant="default" onClick={() => void status.refetch()} loading={status.isFetching}>
              Try again
            </Button>
          </>
        ) : (
          <Loader aria-label="Loading" />
        )}
      </main>
    );
  }
  const isRefused = node.error instanceof RequestError && REFUSED.has(node.error.status);
  if (!isOwner || isRefused) return <VisitorPage name={status.data.name} documents={status.data.documents ?? 0} />;
  return <OwnerPage />;
}
