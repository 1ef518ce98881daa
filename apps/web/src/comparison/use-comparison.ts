import { comparisonViewSchema, type PeerView } from '@kith/wire';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getJson } from '../http/request.ts';
import { messageOf } from '../http/request-error.ts';
import { comparisonQuery, peersQuery } from '../live/queries.ts';

export type ComparisonStep =
  | 'open'
  | 'cancel'
  | { readonly same: true; readonly number: string }
  | { readonly same: false };

/** What this node's owner does with the comparison of numbers, and how far it is. */
export function useComparison({ id, name }: Pick<PeerView, 'id' | 'name'>) {
  const client = useQueryClient();
  const { data } = useQuery(comparisonQuery);
  const path = `/_kith/peers/${encodeURIComponent(id)}/comparison`;
  const step = useMutation({
    mutationFn: (what: ComparisonStep) => {
      if (what === 'open') return getJson(path, comparisonViewSchema, { method: 'POST', body: {} });
      if (what === 'cancel') return getJson(path, comparisonViewSchema, { method: 'DELETE' });
      return getJson(`${path}/answer`, comparisonViewSchema, { method: 'POST', body: what });
    },
    onSuccess: (view) => client.setQueryData(comparisonQuery.queryKey, view),
    onError: (error) =>
      notifications.show({ color: 'red', title: `Not compared with ${name}`, message: messageOf(error) }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: comparisonQuery.queryKey });
      void client.invalidateQueries({ queryKey: peersQuery.queryKey });
    },
  });
  return {
    open: data?.open?.peer.id === id ? data.open : undefined,
    /** With whom it is open, where that is somebody else. */
    busyWith: data?.open && data.open.peer.id !== id ? data.open.peer.name : undefined,
    isKnocking: data?.knock?.peer.id === id,
    last: data?.last?.peer.id === id && data.last.end !== 'same' ? data.last.message : undefined,
    closedForSeconds: data?.closedForSeconds,
    step: step.mutate,
    isBusy: step.isPending,
  };
}
