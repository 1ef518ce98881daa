import {
  comparisonViewSchema,
  devicesViewSchema,
  documentPageSchema,
  eventsViewSchema,
  exchangeStatusSchema,
  nodeViewSchema,
  peersViewSchema,
  sharesSchema,
} from '@kith/wire';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson } from '../http/request.ts';

const DOCUMENTS_PER_PAGE = 50;
const EVENTS_SHOWN = 100;

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => getJson('/api/status', exchangeStatusSchema, { signal }),
});

export const nodeQuery = queryOptions({
  queryKey: ['node'],
  queryFn: ({ signal }) => getJson('/_kith/node', nodeViewSchema, { signal }),
});

export const peersQuery = queryOptions({
  queryKey: ['peers'],
  queryFn: async ({ signal }) => (await getJson('/_kith/peers', peersViewSchema, { signal })).peers,
});

/** Its steps are no events: while one is open, it is asked for every second. */
export const comparisonQuery = queryOptions({
  queryKey: ['comparison'],
  queryFn: ({ signal }) => getJson('/_kith/comparison', comparisonViewSchema, { signal }),
  refetchInterval: ({ state }) => (state.data?.open || state.data?.knock ? 1000 : false),
});

export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: async ({ signal }) => (await getJson('/_kith/devices', devicesViewSchema, { signal })).devices,
});

export const eventsQuery = queryOptions({
  queryKey: ['events'],
  queryFn: async ({ signal }) =>
    (await getJson(`/_kith/events?limit=${EVENTS_SHOWN}`, eventsViewSchema, { signal })).events,
});

export const sharesQuery = queryOptions({
  queryKey: ['shares'],
  queryFn: async ({ signal }) => (await getJson('/api/shares', sharesSchema, { signal })).shares,
});

export const documentsQuery = infiniteQueryOptions({
  queryKey: ['documents'],
  queryFn: ({ signal, pageParam }) => {
    const query = new URLSearchParams({ limit: String(DOCUMENTS_PER_PAGE) });
    if (pageParam !== '') query.set('after', pageParam);
    return getJson(`/api/documents?${query}`, documentPageSchema, { signal });
  },
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
});
