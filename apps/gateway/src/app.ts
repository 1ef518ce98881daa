import type { RequestListener, Server } from 'node:http';
import type { Identity, OwnerProof } from '@kith/identity';
import type { Peer, PeerStore, ReplicaRegistry } from '@kith/membership';
import { type Clock, type Log, type Metrics, ServiceError, type Startable } from '@kith/service';
import { type EntranceOptions, entranceTo } from './api/entrance-api.ts';
import { type GatewaySettings, REPLICAS } from './config.ts';
import { addressesOf } from './door/addresses-of.ts';
import { listen } from './door/listen.ts';
import { createOnePort, type OnePort, type OnePortLimits } from './door/one-port.ts';
import { OwnerDoor } from './door/owner-door.ts';
import { LIVES, OwnerSecrets } from './door/owner-secrets.ts';
import { SecurityAudit } from './door/security-audit.ts';
import { peerSecureContext } from './door/tls-context.ts';
import { createWhoIsAsking } from './door/who-is-asking.ts';
import { countForwards } from './forward/forward-metrics.ts';
import { createForwardings } from './forward/forwardings.ts';
import { createInFlight } from './forward/in-flight.ts';
import { createFrontDoor } from './front-door.ts';
import { createListening } from './hops/listening.ts';
import { connectToPeer } from './hops/peer-connect.ts';
import { createPeerPools } from './hops/peer-pools.ts';
import { createReplicaSet } from './hops/replica-set.ts';
import { createReplicaUpstream, createUpstream } from './hops/upstream-pool.ts';
import { createKnownPeers } from './known-peers.ts';
import { createCodeDecisions } from './pairing/code-decisions.ts';
import { createCodePairing, type PairingTimes } from './pairing/code-pairing.ts';
import { ComparisonDesk } from './pairing/comparison-desk.ts';
import type { ComparisonTimes } from './pairing/conduct-comparison.ts';
import { createOwnerDecisions } from './pairing/owner-decisions.ts';
import { createRoutes } from './routes.ts';

export interface GatewayOptions {
  readonly settings: GatewaySettings;
  readonly identity: Identity;
  readonly owner: OwnerProof;
  readonly peers: PeerStore;
  /** Where the replicas of the exchange are listed, for `upstream: 'replicas'`; without it there is the one exchange. */
  readonly replicas?: ReplicaRegistry | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Without it nothing is counted. */
  readonly metrics?: Metrics | undefined;
  /** For tests of the limits themselves. */
  readonly limits?: Partial<OnePortLimits>;
  readonly pairingTimes?: Partial<PairingTimes>;
  readonly comparisonTimes?: Partial<ComparisonTimes>;
  readonly replicaWaitMs?: number;
}

export interface Gateway extends Startable {
  port(): number;
  /** Address of the owner's page for who calls this node `host` (with port), with a link into it where one is needed. */
  pageUrl(host: string): Promise<string>;
}

/** For each address of a peer, from the first packet to the finished handshake. */
const CONNECT_TIMEOUT_MS = 1_500;
/** How long requests that are under way may take when the gateway stops. */
const GRACE_MS = 2_000;

/** The one door of a node: HTTP for its owner and mutual TLS for peers on one port, and the way out to peers. */
export function createGateway(options: GatewayOptions): Gateway {
  const { settings, identity, owner, peers, clock, log } = options;
  const secureContext = peerSecureContext(identity);
  const { replicas, upstream, upstreamForPeers, isOwnExchange } = openUpstreams(options);

  const known = createKnownPeers({
    peers,
    clock,
    log,
    onChange(id, peer, before) {
      if (endsAll(peer, before)) {
        pools.close(id);
        onePort?.closePeer(id);
      }
      if (peer) pairing.consider(peer);
      if (peer) listening.consider(peer);
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
  const pools = createPeerPools({
    // Asked here, too: trust may have been taken back between the decision where a request goes and its connection.
    connect: async (id) => {
      if (known.get(id)?.trust === 'trusted') return connect(id);
      throw new ServiceError('peer_not_trusted', 'This peer is no longer trusted on this node.');
    },
    headersTimeoutMs: settings.upstreamTimeoutMs,
  });
  const ownerDecisions = createOwnerDecisions({ peers, known, clock, log });
  const dispatcherTo = (peer: Peer) => pools.hop(peer).dispatcher;
  const listening = createListening({ peers, known, dispatcherTo, clock, log });
  const decisions = createCodeDecisions({ peers, known, clock });
  const { pairingCode: pairingKey, pingbackPort } = settings;
  const self = identity.id;
  const comparisons = new ComparisonDesk({
    ...{ self, known, peers, decisions: ownerDecisions, connect, clock, log },
    ...(options.comparisonTimes ? { times: options.comparisonTimes } : {}),
  });
  const pairing = createCodePairing({
    self,
    pairingKey,
    known,
    decisions,
    connect,
    clock,
    log,
    ...(options.pairingTimes ? { times: options.pairingTimes } : {}),
  });

  const secrets = new OwnerSecrets(owner.token, clock);
  const { dataDirectory } = settings;
  const entrance: EntranceOptions = { self, owner, secrets, dataDirectory, hasOwnPage: isOwnExchange };

  let onePort: OnePort | undefined;
  const audit = new SecurityAudit({
    ...{ dataDirectory, level: settings.audit, peers, clock, log },
    peerOf: (socket) => onePort?.peerOf(socket),
  });
  const door = createFrontDoor({
    onePort: () => started(onePort),
    whoIsAsking: createWhoIsAsking(identity.internalKey),
    ownerDoor: new OwnerDoor(owner, secrets),
    context: { self, hasOwnPage: isOwnExchange, hosts: settings.hosts, getPeer: known.get, resolvePeer: known.resolve },
    forwardings: createForwardings({
      identity,
      upstream,
      upstreamForPeers,
      isOwnExchange,
      pools,
    }),
    inFlight: createInFlight(),
    countForward: options.metrics && countForwards(options.metrics),
    audit,
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
      decisions: ownerDecisions,
      comparisons,
      pingbackPort,
      self: () => ({
        id: self,
        name: settings.name,
        gatewayPort: port(),
        pingbackPort,
        pairingCode: pairingKey !== undefined,
      }),
    },
    entrance,
    pairing: { self, pairingKey, known, peers, decisions, comparisons, clock, pingbackPort },
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
    // Where the kernel tells who the owner is, a start prints no secret.
    pageUrl: async (host) => {
      const { page, url } = await entranceTo(host, owner.trustsKernel, entrance, LIVES.startLink);
      return owner.trustsKernel ? page : url;
    },
    async start() {
      await Promise.all([routes.ready(), replicas?.start()]);
      await listen(started(onePort).server, settings.bind, settings.gatewayPort);
      audit.start();
      await known.start();
      listening.start();
    },
    async stop() {
      known.stop();
      await Promise.all([listening.stop(), pairing.stop(), comparisons.stop(), ownerDecisions.stop()]);
      const closed = started(onePort).close(GRACE_MS);
      await routes.close();
      await closed;
      await Promise.all([upstream.close(), upstreamForPeers.close(), replicas?.stop(), pools.closeAll(), audit.stop()]);
    },
  };
}

/** The web app behind this gateway, twice: what peers ask has connections of its own. */
function openUpstreams({ settings, replicas: registry, replicaWaitMs: waitMs, clock, log }: GatewayOptions) {
  const { upstream: chosen, upstreamTimeoutMs: timeoutMs } = settings;
  if (chosen === REPLICAS && registry) {
    const replicas = createReplicaSet({ registry, clock, log, timeoutMs, waitMs });
    const to = (plane: 'owner' | 'peers') => createReplicaUpstream({ replicas, plane });
    return { replicas, upstream: to('owner'), upstreamForPeers: to('peers'), isOwnExchange: true };
  }
  const exchange = settings.exchangeUrl ?? `http://127.0.0.1:${settings.exchangePort}`;
  const isOwnExchange = chosen === undefined || chosen === REPLICAS;
  const open = () => createUpstream({ origin: isOwnExchange ? exchange : chosen, timeoutMs, connections: 64 });
  return { replicas: undefined, upstream: open(), upstreamForPeers: open(), isOwnExchange };
}

/** Whether nothing that runs with a peer may go on: its trust was taken back, or it was blocked or forgotten. */
function endsAll(peer: Peer | undefined, before: Peer | undefined): boolean {
  if (peer === undefined || peer.trust === 'blocked') return true;
  return before?.trust === 'trusted' && peer.trust !== 'trusted';
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the gateway is not started');
  return part;
}
