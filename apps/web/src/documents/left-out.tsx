import type { Share } from '@kith/wire';
import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { count } from '../format/count.ts';
import { send } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { sharesQuery } from '../live/queries.ts';

/** What of a shared folder is left out because others could get in with it, and the way to share it all the same. */
export function LeftOut({ share }: { readonly share: Share }) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | undefined>();
  const name = useMutation({
    mutationFn: (also: readonly string[]) => send('/api/shares', { method: 'POST', body: { path: share.path, also } }),
    onError: (error) => notifications.show({ color: 'red', title: 'It is still left out', message: messageOf(error) }),
    onSettled: () => client.invalidateQueries({ queryKey: sharesQuery.queryKey }),
  });
  const { leftOut, also = [] } = share;
  return (
    <>
      {also.length > 0 && (
        <p className="small share-bad">
          Shared all the same: <bdi className="mono">{also.join(', ')}</bdi>{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => name.mutate([])}>
            Leave out again
          </Button>
        </p>
      )}
      {leftOut && (
        <details className="small">
          <summary className="quiet">{count(leftOut.count, 'item')} left out: others could get in with it</summary>
          <ul>
            {leftOut.some.map(({ path, reason }) => (
              <li key={path}>
                <bdi className="mono">{path}</bdi> <span className="quiet">{reason}</span>{' '}
                <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAsked(path)}>
                  Share it all the same
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
      <ConfirmDialog
        opened={asked !== undefined}
        title="Share what others could get in with?"
        action="Share it all the same"
        onClose={() => setAsked(undefined)}
        onConfirm={() => asked !== undefined && name.mutate([...also, asked])}
      >
        <p>
          Every trusted peer can then search and download <bdi className="mono">{asked}</bdi>. It may open other
          machines or accounts of yours.
        </p>
      </ConfirmDialog>
    </>
  );
}
