import { type Peer, type PeerStore, resolvePeer } from '@kith/membership';
import { isLocal } from '@kith/net';
import { codeOf, parse, ServiceError } from '@kith/service';
import {
  devicesViewSchema,
  deviceViewSchema,
  eventsViewSchema,
  eventViewSchema,
  lookRequestSchema,
  type PeerView,
  trustRequestSchema,
  wholeNumber,
} from '@kith/wire';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { KnownPeers } from '../known-peers.ts';
import type { ComparisonDesk } from '../pairing/comparison-desk.ts';
import { comparisonRoutes } from '../pairing/comparison-routes.ts';
import type { OwnerDecisions } from '../pairing/owner-decisions.ts';
import { createEventStreams } from './event-streams.ts';
import { nodeView, peerView, type SelfFacts } from './node-view.ts';

export interface OwnApiOptions {
  readonly peers: PeerStore;
  readonly known: KnownPeers;
  readonly decisions: OwnerDecisions;
  readonly comparisons: ComparisonDesk;
  readonly pingbackPort: number;
  readonly self: () => SelfFacts;
}

const eventsQuerySchema = z.object({
  after: z.string().max(100).optional(),
  limit: wholeNumber({ min: 1, max: 1000 }).default(100),
});
const peerParamsSchema = z.object({ peer: z.string().min(1).max(200) });

/** Beside a peer whose trust was taken back while the store could not write. */
const UNWRITTEN =
  'What you decided is in force, but cannot be written at present: kith doctor tells why. It is written as soon as that is possible; until then a restart of this node forgets it.';

/** The gateway's own API, for the owner and this node's services (libs/wire/src/owner/network.ts). */
export async function ownApi(app: FastifyInstance, options: OwnApiOptions) {
  const { peers, known, decisions, comparisons, pingbackPort, self } = options;
  const streams = createEventStreams({ peers });

  app.addHook('preClose', async () => streams.end());

  /** Among those that the owner was shown, which are the store's: it may have learnt of one a moment ago. */
  const find = async (params: unknown) => {
    const { peer: text } = parse(peerParamsSchema, params, 'The name of the peer');
    const { all, away } = await listed();
    try {
      return { peer: resolvePeer(text, all), all };
    } catch (error) {
      throw away ?? error;
    }
  };
  /** Without the store, `away`, those that were known before: what is taken from a peer is taken all the same. */
  const listed = async () => {
    let away: unknown;
    const read = await peers.listPeers().catch((error: unknown) => {
      if (codeOf(error) !== 'store_away') throw error;
      away = error;
      return known.all();
    });
    return { all: known.withDecisions(read), away };
  };
  const view = async (id: string): Promise<PeerView> => {
    const { all } = await listed();
    const peer = all.find((one) => one.id === id);
    if (!peer) throw new ServiceError('peer_not_found', 'There is no such peer here any more.');
    return viewOf(peer, all);
  };
  const viewOf = (peer: Peer, all: readonly Peer[]) =>
    peerView(peer, all, self(), {
      pairing: comparisons.stateOf(peer),
      warnings: known.isHeld(peer.id) ? [UNWRITTEN] : [],
    });

  app.get('/node', async () => nodeView(self(), await peers.readStatus(), known.all()));
  app.get('/peers', async () => {
    const all = known.withDecisions(await peers.listPeers());
    return { peers: all.map((peer) => viewOf(peer, all)) };
  });
  app.get('/peers/:peer', async ({ params }) => {
    const { peer, all } = await find(params);
    return viewOf(peer, all);
  });
  app.post('/peers/:peer/trust', async ({ params, body }) => {
    const { id } = (await find(params)).peer;
    const { trust: level } = parse(trustRequestSchema, body, 'The request');
    if (level !== 'trusted') comparisons.cancel(id);
    await decisions.setTrust(id, level);
    return view(id);
  });
  app.delete('/peers/:peer', async ({ params }, reply) => {
    const { id } = (await find(params)).peer;
    comparisons.cancel(id);
    await decisions.forget(id);
    return reply.code(204).send();
  });
  comparisonRoutes(app, {
    comparisons,
    find: async (params) => (await find(params)).peer,
    whoIs: (id) => {
      const peer = known.get(id);
      return peer && viewOf(peer, known.all());
    },
  });
  app.get('/devices', async () => {
    const names = new Map(known.all().map((peer) => [peer.id, peer.name]));
    const devices = (await peers.listDevices()).map(({ peer: id, ...device }) => {
      const name = id === undefined ? undefined : names.get(id);
      return deviceViewSchema.parse({ ...device, ...(name === undefined ? {} : { peer: { id, name } }) });
    });
    return devicesViewSchema.parse({ devices });
  });
  app.get('/events', async (request, reply) => {
    const query = parse(eventsQuerySchema, request.query, 'The query');
    const { after, limit } = query;
    if (request.headers.accept?.includes('text/event-stream')) {
      const last = request.headers['last-event-id'];
      reply.hijack();
      await streams.open(request.raw, reply.raw, typeof last === 'string' && last !== '' ? last.slice(0, 100) : after);
      return reply;
    }
    const events = after === undefined ? await peers.latestEvents(limit) : await peers.readEvents({ after, limit });
    return eventsViewSchema.parse({ events: events.map((event) => eventViewSchema.parse(event)) });
  });
  app.post('/look', async ({ body }, reply) => {
    const { address } = parse(lookRequestSchema, body, 'The request');
    if (!isLocal(address)) {
      throw new ServiceError('bad_request', 'Only addresses of a local network are looked at.');
    }
    await peers.noteCandidate({ address, pingbackPort, source: 'owner' });
    return reply.code(202).send({ ok: true });
  });
}
