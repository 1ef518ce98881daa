import { isLocal } from '@kith/net';
import type { PeerView } from '@kith/wire';
import { type Api, refusal } from '../ask/api.ts';
import { aheadOf, askPingback } from '../ask/ask-pingback.ts';
import type { Check } from '../output/check.ts';
import { plainLine } from '../output/plain-text.ts';
import type { PeerClock } from './doctor-clocks.ts';

/** Trusted peers, and as many of the others. */
const PEERS_ASKED = 20;
const ANSWER_MS = 5000;

/** Whether each trusted peer answers, and what time it is with every peer that is here. */
export async function askPeers({
  api,
  peers,
  pingbackPort,
}: {
  api: Api;
  peers: readonly PeerView[];
  pingbackPort: number;
}): Promise<{ checks: Check[]; clocks: PeerClock[] }> {
  const alive = peers.filter(({ state }) => state === 'alive');
  const trusted = alive.filter(({ trust }) => trust === 'trusted').slice(0, PEERS_ASKED);
  const pending = alive.filter(({ trust }) => trust === 'pending').slice(0, PEERS_ASKED);
  const [answers, clocks] = await Promise.all([
    Promise.all(trusted.map((peer) => askTrusted(api, peer))),
    Promise.all(pending.map((peer) => askClock(peer, pingbackPort))),
  ]);
  return {
    checks: answers.map(({ check }) => check),
    clocks: [...answers.flatMap(({ clock }) => clock ?? []), ...clocks.flatMap((clock) => clock ?? [])],
  };
}

async function askTrusted(api: Api, peer: PeerView): Promise<{ check: Check; clock?: PeerClock | undefined }> {
  const name = 'peer';
  const who = whoIs(peer);
  const answer = await api
    .raw(`/peers/${peer.id}/api/status`, { signal: AbortSignal.timeout(ANSWER_MS) })
    .catch((error: Error) => error);
  if (!(answer instanceof Response)) return { check: { name, verdict: 'failed', detail: `${who}: ${answer.message}` } };
  if (!answer.ok) {
    const detail = `${who}: ${(await refusal(answer)).message}`;
    const remedy = answer.status === 403 ? 'Its owner must approve this node, too.' : undefined;
    return { check: { name, verdict: 'failed', detail, ...(remedy ? { remedy } : {}) } };
  }
  const clock = clockOf(peer, aheadOf(answer));
  await answer.body?.cancel();
  return { check: { name, verdict: 'ok', detail: `${who} answers` }, clock };
}

async function askClock(peer: PeerView, port: number): Promise<PeerClock | undefined> {
  const [first] = peer.addresses;
  if (!first || !isLocal(first.address)) return undefined;
  const { reply, aheadMs } = await askPingback(first.address, port);
  return typeof reply === 'object' && reply.id === peer.id ? clockOf(peer, aheadMs) : undefined;
}

const clockOf = (peer: PeerView, aheadMs: number | undefined): PeerClock | undefined =>
  aheadMs === undefined ? undefined : { who: whoIs(peer), aheadMs };

const whoIs = ({ name, shortId }: PeerView) => `${plainLine(name)} (${shortId})`;
