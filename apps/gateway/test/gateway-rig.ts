import { type Identity, OwnerProof, openIdentity } from '@kith/identity';
import { createMemoryPeerStore, type PeerStore, seen, type Trust, trust } from '@kith/membership';
import { type Clock, type Metrics, silentLog, systemClock } from '@kith/service';
import { tempDirectory } from '@kith/testing';
import { createGateway, type GatewayOptions } from '../src/app.ts';
import type { GatewaySettings } from '../src/config.ts';

export interface TestEnding {
  after(fn: () => void | Promise<void>): void;
}

export interface Node {
  readonly name: string;
  readonly identity: Identity;
  readonly peers: PeerStore;
  readonly port: number;
  readonly address: string;
  stop(): Promise<void>;
}

export interface NodeOptions
  extends Partial<Pick<GatewayOptions, 'limits' | 'pairingTimes' | 'comparisonTimes' | 'replicas' | 'replicaWaitMs'>> {
  readonly name?: string;
  readonly metrics?: Metrics;
  readonly clock?: Clock;
  readonly address?: string;
  readonly dataDirectory?: string;
  readonly settings?: Partial<GatewaySettings>;
  /** For a node that starts again. */
  readonly before?: { identity: Identity; peers: PeerStore };
}

/** A gateway on a loopback address with a store in memory. */
export async function startNode(t: TestEnding, options: NodeOptions = {}): Promise<Node> {
  const { name = 'ana', address = '127.0.0.1', before, clock = systemClock } = options;
  const dataDirectory = options.dataDirectory ?? tempDirectory(t);
  const identity = before?.identity ?? (await openIdentity(dataDirectory));
  const peers = before?.peers ?? createMemoryPeerStore({ clock });
  const settings: GatewaySettings = {
    dataDirectory,
    ownerUids: [],
    audit: 'on',
    name,
    bind: address,
    pingbackPort: 5800,
    gatewayPort: 0,
    exchangePort: 1,
    exchangeUrl: undefined,
    upstream: undefined,
    upstreamTimeoutMs: 5_000,
    hosts: [],
    pairingCode: undefined,
    ...options.settings,
  };
  const gateway = createGateway({
    settings,
    identity,
    owner: new OwnerProof(settings),
    peers,
    replicas: options.replicas,
    replicaWaitMs: options.replicaWaitMs ?? 200,
    clock,
    log: silentLog,
    metrics: options.metrics,
    ...(options.limits ? { limits: options.limits } : {}),
    comparisonTimes: { secondWaits: 200, retry: 50, ...options.comparisonTimes },
    pairingTimes: { secondWaits: 200, firstRetry: 30, lastRetry: 200, ...options.pairingTimes },
  });
  await gateway.start();
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= gateway.stop();
    return stopped;
  };
  t.after(stop);
  return { name, identity, peers, port: gateway.port(), address, stop };
}

export interface Introduction {
  readonly trust?: Trust;
  readonly addresses?: readonly string[];
  readonly port?: number;
  readonly instance?: string;
}

/** Writes into `node`'s store what its scanner would after a verified pingback of `other`. */
export async function introduce(node: Node, other: Node, options: Introduction = {}): Promise<void> {
  const { addresses = [other.address], port = other.port, instance = '0123456789abcdef' } = options;
  for (const address of addresses) {
    await node.peers.changePeer(other.identity.id, (current) =>
      seen(
        current,
        {
          reply: {
            id: other.identity.id,
            publicKey: other.identity.publicKey,
            name: other.name,
            gatewayPort: port,
            instance,
            incarnation: 1,
            state: 'running',
          },
          address,
          pingbackPort: 5800,
          roundTripMs: 1,
        },
        Date.now(),
      ),
    );
  }
  const level = options.trust;
  if (level === undefined || level === 'pending') return;
  await node.peers.changePeer(other.identity.id, (current) => trust(current, level, 'owner', Date.now()));
}

/** Two nodes that trust each other. */
export async function startPair(t: TestEnding, one: NodeOptions = {}, other: NodeOptions = {}): Promise<[Node, Node]> {
  const ana = await startNode(t, { name: 'ana', ...one });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2', ...other });
  await introduce(ana, bob, { trust: 'trusted' });
  await introduce(bob, ana, { trust: 'trusted' });
  return [ana, bob];
}
