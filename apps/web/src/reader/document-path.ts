import type { Holder } from '@kith/wire';

/** Where a holder's copy of a document is asked: on this node, or through its own gateway at the peer. */
export function documentPath(holder: Pick<Holder, 'id' | 'self'>, hash: string): string {
  const document = `/api/documents/${encodeURIComponent(hash)}`;
  return holder.self ? document : `/peers/${encodeURIComponent(holder.id)}${document}`;
}
