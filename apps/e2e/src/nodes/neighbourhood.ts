import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePairingCode } from '@kith/identity';
import { type KithNode, startKithNode } from './kith-node.ts';

export type LoopbackNode = KithNode<{ host: string; port: number }>;

export interface Neighbourhood {
  readonly nodes: readonly LoopbackNode[];
  /** The same for all. */
  readonly pingbackPort: number;
  close(): Promise<void>;
}

export interface NeighbourhoodOptions {
  readonly names: readonly string[];
  /** Puts documents into the shared folder of node `index`, returns how many. */
  readonly fill: (index: number, folder: string) => number;
  /** Whether all are started with one pairing code; else they stay pending. Default true. */
  readonly code?: boolean;
  /** More settings of all nodes. */
  readonly env?: Record<string, string>;
}

/**
 * Whole nodes, a process each, on loopback addresses of one machine; nothing is swept. Resolves when each has indexed
 * its documents and sees all others alive, and trusted where there is a code.
 */
export async function startNeighbourhood({
  names,
  fill,
  code = true,
  env: more = {},
}: NeighbourhoodOptions): Promise<Neighbourhood> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-around-'));
  const [pingback = 0, gateway = 0, exchange = 0] = await freePorts(3);
  const addresses = names.map((_, i) => `127.0.0.${40 + i}`);
  const common: Record<string, string> = code ? { KITH_PAIRING_CODE: makePairingCode() } : {};
  const nodes: LoopbackNode[] = [];
  const counts: number[] = [];
  const close = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const [i, address] of addresses.entries()) {
      const share = join(folder, `share-${i}`);
      mkdirSync(share);
      counts.push(fill(i, share));
      const env = {
        ...common,
        KITH_BIND: address,
        KITH_PINGBACK_PORT: String(pingback),
        KITH_GATEWAY_PORT: String(gateway),
        KITH_EXCHANGE_PORT: String(exchange),
        KITH_SWEEP: 'off',
        KITH_SEEDS: addresses.filter((other) => other !== address).join(','),
        KITH_SHARE: share,
        KITH_LOG_LEVEL: 'warn',
        ...more,
      };
      const door = { host: address, port: gateway };
      nodes.push(await startKithNode({ data: join(folder, `data-${i}`), name: names[i] ?? '', env, door }));
    }
    for (const [i, node] of nodes.entries())
      await settled(node, { documents: counts[i] ?? 0, peers: names.length - 1, code });
    return { nodes, pingbackPort: pingback, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function settled(node: LoopbackNode, wanted: { documents: number; peers: number; code: boolean }): Promise<void> {
  const deadline = performance.now() + 180_000;
  for (;;) {
    const [{ documents }, all] = await Promise.all([node.node(), node.peers()]);
    const peers = all.filter(({ trust, state }) => state === 'alive' && (trust === 'trusted' || !wanted.code)).length;
    if (documents >= wanted.documents && peers === wanted.peers) return;
    if (performance.now() > deadline) {
      throw new Error(`${node.name} did not settle: ${documents} documents, ${peers} peers\n${node.output()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Ports that are free on loopback just now: all nodes need the same, so that none can take one by itself. */
async function freePorts(count: number): Promise<number[]> {
  const listening = () =>
    new Promise<ReturnType<typeof createServer>>((resolve) => {
      const server = createServer().listen(0, '127.0.0.40', () => resolve(server));
    });
  const servers = await Promise.all(Array.from({ length: count }, listening));
  return Promise.all(
    servers.map((server) => {
      const at = server.address();
      return new Promise<number>((resolve) => server.close(() => resolve(typeof at === 'object' && at ? at.port : 0)));
    }),
  );
}
