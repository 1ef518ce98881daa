import type { Server } from 'node:http';
import type { Identity } from '@kith/identity';
import type { Lan } from '@kith/lan';
import type { Candidate, PeerStore } from '@kith/membership';
import { isWildcard } from '@kith/net';
import { type Clock, createHttpServer, type Log, type Startable } from '@kith/service';
import { untoldName } from '@kith/wire';
import type { FastifyHttpOptions } from 'fastify';
import {
  CONNECTIONS_IN_ALL,
  CONNECTIONS_PER_MACHINE,
  CROWDED,
  HEADER_BYTES,
  HEADERS_MS,
  LEAVING_MS,
  type PingbackSettings,
  RATE_ADDRESSES,
  RATE_IN_ALL,
  REQUEST_MS,
} from './config.ts';
import { createFarewell } from './farewell.ts';
import { listen } from './listen.ts';
import { type NodeView, openNodeView } from './node-view.ts';
import { createMachines } from './places/machines.ts';
import { keepPlaces } from './places/places.ts';
import { createRateLimit } from './rate-limit.ts';
import { createReplyMaker } from './reply.ts';
import { pingbackRoute } from './routes/pingback.ts';

export { type PingbackSettings, pingbackSettings } from './config.ts';

export interface PingbackOptions {
  settings: PingbackSettings;
  identity: Identity;
  /** Count of this start (`nextIncarnation`) and its random mark: 16 hexadecimal digits. */
  incarnation: number;
  instance: string;
  peers: PeerStore;
  /** The system's neighbour table: addresses of one MAC are one machine. */
  neighbours?: Lan['neighbours'] | undefined;
  clock: Clock;
  log: Log;
  /** The gateway's real port, where the setting says 0. */
  gatewayPort?: () => number;
}

export interface Pingback extends Startable {
  port(): number;
}

const TIGHT: FastifyHttpOptions<Server> = {
  requestTimeout: REQUEST_MS,
  connectionTimeout: REQUEST_MS,
  keepAliveTimeout: REQUEST_MS,
  forceCloseConnections: true,
  http: { maxHeaderSize: HEADER_BYTES, headersTimeout: HEADERS_MS, connectionsCheckingInterval: 250 },
};

/** Answers who this node is, notes who asked, and tells the peers when it leaves. */
export function createPingback(options: PingbackOptions): Pingback {
  const { settings, identity, incarnation, instance, peers, clock, log } = options;
  const gatewayPort = options.gatewayPort ?? (() => settings.gatewayPort);
  const name = settings.nameTo === 'trusted' ? untoldName(identity.id) : settings.name;
  const makeReply = createReplyMaker({ identity, name, gatewayPort, instance, incarnation });
  const limit = (perSecond: number, burst: number, maxKeys = RATE_ADDRESSES) =>
    createRateLimit({ perSecond, burst, maxKeys, monotonic: () => clock.monotonic() });
  const mayOne = limit(settings.rate, settings.rate * 2);
  const mayAll = limit(RATE_IN_ALL, RATE_IN_ALL);
  // Two requests to look at once, so that a farewell right after the first contact is not lost.
  const mayNote = { asked: limit(1, 1), look: limit(1, 2), owner: limit(1, 1) };
  const farewell = createFarewell();
  let view: NodeView | undefined;
  let state: 'running' | 'leaving' = 'running';

  const noteAsker = ({ address, source }: { address: string; source: Candidate['source'] }) => {
    if (state === 'leaving') return farewell.heard(address);
    const isWatched = source === 'asked' && (view?.isAlivePeerAt(address) ?? false);
    if (isWatched || !mayNote[source](address)) return;
    const candidate: Candidate = { address, source, pingbackPort: settings.pingbackPort };
    peers.noteCandidate(candidate).catch((error) => log.debug({ err: error, address }, 'a candidate is not noted'));
  };

  const app = createHttpServer({ log, bodyLimit: 1, fastify: TIGHT });
  const standingOf = (address: string) => view?.standingOf(address) ?? 'stranger';
  const machines = createMachines({ neighbours: options.neighbours, clock });
  keepPlaces(app.server, {
    inAll: CONNECTIONS_IN_ALL,
    perMachine: CONNECTIONS_PER_MACHINE,
    lifeMs: REQUEST_MS,
    standingOf,
    machineOf: machines.of,
    onOpen: (open) => open > CROWDED && void machines.lookAgain(),
  });
  pingbackRoute(app, {
    mayAsk: (address) => {
      const standing = standingOf(address);
      // A stranger has as many addresses as it likes, a peer those that it was verified at.
      return mayOne(standing === 'stranger' ? machines.of(address) : address) && mayAll(standing);
    },
    makeReply: (asked) => makeReply({ ...asked, state }),
    onAsked: noteAsker,
  });

  const leave = async () => {
    const known = await peers.listPeers().catch(() => []);
    await farewell.tell({
      peers: known.filter((peer) => peer.state === 'alive' || peer.state === 'suspect'),
      localAddress: isWildcard(settings.bind) ? undefined : settings.bind,
      clock,
      withinMs: LEAVING_MS,
    });
  };

  return {
    name: 'pingback',
    start: async () => {
      // Before it can be asked: the scanner tells by `self` what is its own node and what a copy of it.
      view = await openNodeView({ self: { instance, incarnation, gatewayPort: gatewayPort() }, peers, clock, log });
      await listen(app, { host: settings.bind, port: settings.pingbackPort });
    },
    stop: async () => {
      state = 'leaving';
      // A node that never answered has nobody to leave.
      if (app.server.listening) await leave();
      await app.close();
      await view?.close();
    },
    port: () => {
      const at = app.server.address();
      if (at === null || typeof at === 'string') throw new Error('the pingback is not started');
      return at.port;
    },
  };
}
