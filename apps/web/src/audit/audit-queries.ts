import { type AuditKind, auditPageSchema, auditPeersSchema, type NodeId } from '@kith/wire';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson } from '../http/request.ts';

const PER_PAGE = 100;
/** How old the counts may be that a page shows, in ms. */
const FRESH_MS = 15_000;

/** What each peer did here, counted. */
export const auditPeersQuery = queryOptions({
  queryKey: ['audit', 'peers'],
  queryFn: ({ signal }) => getJson('/api/audit/peers', auditPeersSchema, { signal }),
  staleTime: FRESH_MS,
  refetchInterval: FRESH_MS,
});

/** The audit trail, newest first: of one peer, or of one kind. */
export const auditQuery = (of: { readonly peer?: NodeId; readonly kind?: AuditKind }) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'entries', of.peer ?? '', of.kind ?? ''],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: String(PER_PAGE), ...of });
      if (pageParam > 0) query.set('before', String(pageParam));
      return getJson(`/api/audit?${query}`, auditPageSchema, { signal });
    },
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    staleTime: FRESH_MS,
  });
