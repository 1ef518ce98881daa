import { type PeerView, peerViewSchema } from '@kith/wire';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getJson, send } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { peersQuery } from '../live/queries.ts';

/** The owner's decisions about one peer. */
export function usePeerActions({ id, name }: Pick<PeerView, 'id' | 'name'>) {
  const client = useQueryClient();
  const path = `/_kith/peers/${encodeURIComponent(id)}`;
  const onError = (error: unknown) => {
    notifications.show({ color: 'red', title: `Nothing changed for ${name}`, message: messageOf(error) });
  };
  const onSettled = () => client.invalidateQueries({ queryKey: peersQuery.queryKey });

  const trust = useMutation({
    mutationFn: (level: PeerView['trust']) =>
      getJson(`${path}/trust`, peerViewSchema, { method: 'POST', body: { trust: level } }),
    onSuccess: (changed) =>
      client.setQueryData(peersQuery.queryKey, (peers) =>
        peers?.map((peer) => (peer.id === changed.id ? changed : peer)),
      ),
    onError,
    onSettled,
  });
  const forget = useMutation({ mutationFn: () => send(path, { method: 'DELETE' }), onError, onSettled });
  return { trust, forget };
}
