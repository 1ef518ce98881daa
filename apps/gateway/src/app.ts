import type { RequestListener, Server } from 'node:http';
import type { Identity } from '@kith/identity';
import type { PeerStore } from '@kith/membership';
import type { Clock, Log, Startable } from '@kith/service';
import { addressesOf } from './addresses-of.ts';
import type { GatewaySettings } from './config.ts';
import { createForwardings } from './forwardings.ts';
import { createFrontDoor } from './front-door.ts';
import { createInFlight } from './in-flight.ts';
import { createKnownPeers } from './known-peers.ts';
import { listen } from './listen.ts';
import { createOnePort, type OnePort, type OnePortLimits } from './one-port.ts';
import { createPairing, type PairingTimes } from './pairing.ts';
import { createPairingDecisions } from './pairing-decisions.ts';
import { connectToPeer } from './peer-connect.ts';
import { createPeerPools } from './peer-pools.ts';
import { createRoutes } from './routes.ts';
import { peerSecureContext } from './tls-context.ts';
import { createUpstream } from './upstream-pool.ts';
import { createWhoIsAsking } from './who-is-asking.ts';

export interface GatewayOptions {
  readonly settings: GatewaySettings;
  readonly identity: Identity;
  readonly peers: PeerStore;
  readonly clock: Clock;
  readonly log: Log;
  /** For tests of the limits themselves. */
  readonly limits?: Partial<OnePortLimits>;
  readonly pairingTimes?: Partial<PairingTimes>;
}

/** For each address of a peer, from the first packet to the finished handshake. */
const CONNECT_TIMEOUT_MS = 1_500;
/** How long requests that are under way may take when the gateway stops. */
const GRACE_MS = 2_000;

/** The one door of a node: HTTP for its owner and mutual TLS for peers on one port, and the way out to peers. */
export function createGateway(options: GatewayOptions): Startable & { port(): number } {
  const { settings, identity, peers, clock, log } = options;
  const secureContext = peerSecureContext(identity);
  const exchange = settings.exchangeUrl ?? `http://127.0.0.1:${settings.exchangePort}`;
  const app = { origin: settings.upstream ?? exchange, timeoutMs: settings.upstreamTimeoutMs };
  const upstream = createUpstream({ ...app, connections: 64 });
  const upstreamForPeers = createUpstream({ ...app, connections: 64 });

  const known = createKnownPeers({
    peers,
    clock,
    log,
    onChange(id, peer) {
      if (peer === undefined || peer.trust === 'blocked') {
        pools.close(id);
        onePort?.closePeer(id);
      }
      if (peer) pairing.consider(peer);
    },
  });
  const connect = (id: Identity['id'], signal?: AbortSignal) => {
    const peer = known.get(id);
    return connectToPeer({
      id,
      addresses: addressesOf(peer),
      port: peer?.gatewayPort ?? 0,
      secureContext,
      timeoutMs: CONNECT_TIMEOUT_MS,
      bind: settings.bind,
      ...(signal ? { signal } : {}),
    });
  };
  const pools = createPeerPools({ connect, headersTimeoutMs: settings.upstreamTimeoutMs });
  const decisions = createPairingDecisions({ peers, known, clock });
  const { pairingCode: pairingKey, pingbackPort } = settings;
  const self = identity.id;
  const pairing = createPairing({
    self,
    pairingKey,
    known,
    decisions,
    connect,
    clock,
    log,
    ...(options.pairingTimes ? { times: options.pairingTimes } : {}),
  });

  let onePort: OnePort | undefined;
  const door = createFrontDoor({
    onePort: () => started(onePort),
    whoIsAsking: createWhoIsAsking(identity.internalKey),
    context: { self, hosts: settings.hosts, getPeer: known.get, resolvePeer: known.resolve },
    forwardings: createForwardings({
      identity,
      upstream,
      upstreamForPeers,
      isOwnExchange: settings.upstream === undefined,
      pools,
    }),
    inFlight: createInFlight(),
    routes: () => started(listener),
  });
  let listener: RequestListener | undefined;
  const routes = createRoutes({
    serverFor(fastifyListener): Server {
      listener = fastifyListener;
      onePort = createOnePort({
        secureContext,
        onRequest: door.onRequest,
        ...(options.limits ? { limits: options.limits } : {}),
      });
      onePort.server.on('upgrade', door.onUpgrade);
      return onePort.server;
    },
    upstream,
    api: {
      peers,
      known,
      clock,
      pingbackPort,
      self: () => ({
        id: self,
        name: settings.name,
        gatewayPort: port(),
        pingbackPort,
        pairingCode: pairingKey !== undefined,
      }),
      onOwnerDecision: (peer) => {
        if (peer.trust === 'pending') decisions.takeBack(peer.id);
      },
    },
    pairing: { self, pairingKey, known, peers, decisions, clock, pingbackPort },
    log,
  });

  function port(): number {
    const address = onePort?.server.address();
    if (!address || typeof address === 'string') throw new Error('the gateway is not started');
    return address.port;
  }

  return {
    name: 'gateway',
    port,
    async start() {
      await routes.ready();
      await listen(started(onePort).server, settings.bind, settings.gatewayPort);
      await known.start();
    },
    async stop() {
      known.stop();
      await pairing.stop();
      const closed = started(onePort).close(GRACE_MS);
      await routes.close();
      await closed;
      await Promise.all([upstream.close(), upstreamForPeers.close(), pools.closeAll()]);
    },
  };
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the gateway is not started');
  return part;
}
