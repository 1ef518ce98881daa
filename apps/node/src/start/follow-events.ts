import type { EventType, MembershipEvent, PeerStore } from '@kith/membership';
import { plainLine } from '../output/plain-text.ts';
import type { OutputStream } from '../output/terminal.ts';

/** What a person who watches the terminal wants to know; the rest is on the page and in `kith events`. */
const SHOWN: ReadonlySet<EventType> = new Set([
  'peer-found',
  'peer-dead',
  'peer-left',
  'peer-alive',
  'peer-moved',
  'peer-trusted',
  'peer-blocked',
  'peer-knock',
  'peer-comparison',
  'comparisons-closed',
  'peer-same-name',
  'peer-clone',
  'self-clone',
  'document-damaged',
  'store-restored',
  'node-unwell',
  'node-well',
]);

/** Writes one line for each event worth it; resolves with the function that ends it. */
export function followEvents(peers: PeerStore, stream: OutputStream): Promise<() => void> {
  return peers.followEvents((event) => {
    if (SHOWN.has(event.type)) stream.write(`${eventLine(event)}\n`);
  });
}

const eventLine = ({ at, message }: MembershipEvent) =>
  `${new Date(at).toTimeString().slice(0, 8)} ${plainLine(message)}`;
