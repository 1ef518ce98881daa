import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KithNode, startKithNode } from '../apps/e2e/src/kith-node.ts';
import { makePairingCode } from '../libs/identity/src/index.ts';
import { makeDocument } from './corpus.ts';

export type LoopbackNode = KithNode<{ host: string; port: number }>;

export interface Neighbourhood {
  readonly nodes: readonly LoopbackNode[];
  close(): Promise<void>;
}

/** Whole nodes, a process each, on loopback addresses of one machine, that all trust each other by one pairing code. */
export async function startNeighbourhood({
  nodes: count,
  documentsEach,
}: {
  nodes: number;
  documentsEach: (node: number) => number;
}): Promise<Neighbourhood> {
  const folder = mkdtempSync(join(tmpdir(), 'kith-bench-'));
  const ports = await freePorts(3);
  const addresses = Array.from({ length: count }, (_, i) => `127.0.0.${40 + i}`);
  const code = makePairingCode();
  const nodes: LoopbackNode[] = [];
  const close = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const [i, address] of addresses.entries()) {
      const share = join(folder, `share-${i}`);
      mkdirSync(share);
      for (let d = 0; d < documentsEach(i); d++) {
        const { title, text } = makeDocument(i, d);
        writeFileSync(join(share, `${title}.txt`), text);
      }
      const env = {
        KITH_BIND: address,
        KITH_PINGBACK_PORT: String(ports[0]),
        KITH_GATEWAY_PORT: String(ports[1]),
        KITH_EXCHANGE_PORT: String(ports[2]),
        KITH_SWEEP: 'off',
        KITH_SEEDS: addresses.filter((other) => other !== address).join(','),
        KITH_PAIRING_CODE: code,
        KITH_SHARE: share,
        KITH_LOG_LEVEL: 'warn',
      };
      const door = { host: address, port: ports[1] ?? 0 };
      nodes.push(await startKithNode({ data: join(folder, `data-${i}`), name: `bench-${i}`, env, door }));
    }
    await settled(nodes, documentsEach);
    return { nodes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function settled(nodes: readonly LoopbackNode[], documentsEach: (node: number) => number): Promise<void> {
  const deadline = performance.now() + 180_000;
  for (const [i, node] of nodes.entries()) {
    for (;;) {
      const [{ documents }, peers] = await Promise.all([node.node(), node.peers()]);
      const trusted = peers.filter((peer) => peer.trust === 'trusted' && peer.state === 'alive').length;
      if (documents >= documentsEach(i) && trusted === nodes.length - 1) break;
      if (performance.now() > deadline)
        throw new Error(`${node.name} did not settle: ${documents} documents, ${trusted} peers\n${node.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  return Promise.all(
    servers.map((server) => {
      const at = server.address();
      return new Promise<number>((resolve) => server.close(() => resolve(typeof at === 'object' && at ? at.port : 0)));
    }),
  );
}
