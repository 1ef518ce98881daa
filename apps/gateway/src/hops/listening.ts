import { type Peer, type PeerStore, told } from '@kith/membership';
import { type Clock, codeOf, every, type Log } from '@kith/service';
import { type NodeId, TOLD_MAX_BYTES, TOLD_PATH, type Told, toldSchema } from '@kith/wire';
import type { Dispatcher } from 'undici';

export interface ListeningOptions {
  readonly peers: Pick<PeerStore, 'changePeer'>;
  readonly known: { all(): readonly Peer[] };
  /** Connections to the peer, each of which has shown its key. */
  readonly dispatcherTo: (peer: Peer) => Dispatcher;
  readonly clock: Clock;
  readonly log: Log;
  readonly intervalMs?: number;
}

/** A change at a peer is known here after this time at the latest, in milliseconds; its connection stays warm meanwhile. */
const INTERVAL_MS = 10_000;
/** From the question to the whole answer. */
const ANSWER_MS = 5_000;
/** Peers that are asked at the same time. */
const AT_ONCE = 8;

/** Asks every trusted peer that is here what it tells of itself, over its own connection, and keeps the answer. */
export function createListening(options: ListeningOptions) {
  const { peers, known, dispatcherTo, clock, log, intervalMs = INTERVAL_MS } = options;
  const stopping = new AbortController();
  const asking = new Map<NodeId, Promise<void>>();
  let loop: Promise<void> | undefined;

  const isAsked = (peer: Peer) => peer.trust === 'trusted' && (peer.state === 'alive' || peer.state === 'suspect');

  async function listenTo(peer: Peer): Promise<void> {
    try {
      const answer = await askPeer(dispatcherTo(peer), peer.id, stopping.signal);
      if (answer !== undefined) await peers.changePeer(peer.id, (current) => told(current, answer));
    } catch (error) {
      if (!stopping.signal.aborted)
        log.debug({ err: error, code: codeOf(error), peer: peer.id }, 'a peer tells nothing');
    }
  }

  function ask(peer: Peer): Promise<void> {
    const running = asking.get(peer.id) ?? listenTo(peer).finally(() => asking.delete(peer.id));
    asking.set(peer.id, running);
    return running;
  }

  async function round(): Promise<void> {
    const waiting = known.all().filter(isAsked);
    const worker = async () => {
      for (let peer = waiting.pop(); peer && !stopping.signal.aborted; peer = waiting.pop()) await ask(peer);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }

  return {
    start(): void {
      const { signal } = stopping;
      loop ??= every(round, { intervalMs, clock, signal, onError: () => {} });
    },
    /** To be called for every peer that is new or has changed: one that has told nothing yet is asked at once. */
    consider(peer: Peer): void {
      if (loop && isAsked(peer) && peer.documents === undefined) void ask(peer);
    },
    async stop(): Promise<void> {
      stopping.abort(new Error('stopped'));
      await Promise.all([loop, ...asking.values()]);
    },
  };
}

/** Undefined where the peer tells nothing: it does not trust this node, or says what cannot be. */
async function askPeer(dispatcher: Dispatcher, id: NodeId, stop: AbortSignal): Promise<Told | undefined> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(ANSWER_MS)]);
  const { statusCode, body } = await dispatcher.request({
    origin: `https://${id}.invalid`,
    method: 'GET',
    path: TOLD_PATH,
    signal,
    headers: { accept: 'application/json' },
  });
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > TOLD_MAX_BYTES) throw new Error('an answer without end');
    parts.push(part);
  }
  if (statusCode !== 200) return undefined;
  return toldSchema.safeParse(JSON.parse(Buffer.concat(parts).toString())).data;
}
