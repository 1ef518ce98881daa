import type { Told } from '@kith/wire';
import type { NewEvent } from '../peer/event.ts';
import type { Peer } from '../peer/peer.ts';
import { showPeer } from '../peer/peer-label.ts';
import type { PeerChange } from '../store/peer-store.ts';

/** What a trusted peer said of itself over its own connection, which its pingback tells nobody. */
export function told(current: Peer | undefined, { name, documents }: Told): PeerChange {
  if (current?.trust !== 'trusted') return { peer: current, events: [] };
  const before = current.documents;
  const isRenamed = current.hidesName === true && name !== current.name;
  const isNews = before?.count !== documents.count || before.version !== documents.version;
  if (!isRenamed && !isNews) return { peer: current, events: [] };
  const peer: Peer = { ...current, documents, ...(isRenamed ? { name } : {}) };
  const events: NewEvent[] = [];
  if (isRenamed) {
    const message = `${showPeer(peer)} has told its name; before it was “${current.name}”.`;
    events.push({ type: 'peer-renamed', message, peer: peer.id, data: { from: current.name, to: name } });
  }
  if (isNews) {
    const { count, version } = documents;
    const message = `${showPeer(peer)} shares ${count} document${count === 1 ? '' : 's'} now.`;
    const data = { count, version, ...(before ? { before: before.count } : {}) };
    events.push({ type: 'peer-documents', message, peer: peer.id, data });
  }
  return { peer, events };
}
