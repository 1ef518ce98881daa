import {
  type DocumentDetail,
  documentDetailSchema,
  documentTextSchema,
  type Holder,
  type SearchResult,
} from '@kith/wire';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getJson } from '../http/request.ts';
import { documentPath } from './document-path.ts';
import { tryHolders } from './try-holders.ts';

/** UTF-16 units of text asked for at once: about twenty pages. */
const TEXT_LENGTH = 60_000;
/** Stands for this node where a document is opened from its own list or from an address. */
const SELF = { id: 'self' as Holder['id'], name: 'this node', self: true };

/** Who has the document: the result's holders, else this node. */
export function holdersOf(document: SearchResult | undefined): readonly Holder[] {
  return document && document.holders.length > 0 ? document.holders : [SELF];
}

/** What the first holder that answers says of the document. */
export function useDetail(hash: string, holders: readonly Holder[]) {
  return useQuery({
    queryKey: ['document', hash, holders.map(({ id }) => id)],
    queryFn: ({ signal }) =>
      tryHolders<DocumentDetail>(holders, (holder) =>
        getJson(documentPath(holder, hash), documentDetailSchema, { signal }),
      ),
    retry: false,
  });
}

/** The document's text in pieces, each from the first holder that gives it. */
export function useText(hash: string, holders: readonly Holder[], first: string | undefined, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ['text', hash, holders.map(({ id }) => id)],
    queryFn: ({ signal, pageParam }) =>
      tryHolders(
        holders,
        (holder) =>
          getJson(`${documentPath(holder, hash)}/text?from=${pageParam}&length=${TEXT_LENGTH}`, documentTextSchema, {
            signal,
          }),
        first,
      ),
    initialPageParam: 0,
    getNextPageParam: ({ value }) => {
      const next = value.from + value.text.length;
      return value.text !== '' && next < value.total ? next : undefined;
    },
    enabled,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
