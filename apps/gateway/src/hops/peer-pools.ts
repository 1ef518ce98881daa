import type { TLSSocket } from 'node:tls';
import type { Peer } from '@kith/membership';
import type { NodeId } from '@kith/wire';
import { Client, Pool } from 'undici';
import type { NextHop } from './next-hop.ts';

export interface PeerPoolsOptions {
  /** Opens a connection to the peer at its addresses of now, and has checked its id. */
  readonly connect: (id: NodeId) => Promise<TLSSocket>;
  readonly headersTimeoutMs: number;
}

/** Shorter than `keepAliveMs` of the gateway at the other end, so that it is this end that closes an idle connection. */
const KEEP_ALIVE_MS = 30_000;
const CONNECTIONS = 64;

/** One pool of connections for each peer, each connection pinned to that peer's key. */
export function createPeerPools({ connect, headersTimeoutMs }: PeerPoolsOptions) {
  const pools = new Map<NodeId, NextHop & { readonly pool: Pool }>();
  /** Tunnels and single requests leave their pool: whatever is open towards a peer is here. */
  const sockets = new Map<NodeId, Set<TLSSocket>>();

  function open({ id }: Peer) {
    const origin = originOf(id);
    const options = {
      connect: connector(id),
      pipelining: 1,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: 0,
      allowH2: false,
      maxHeaderSize: 16 * 1024,
    };
    const pool = new Pool(origin, {
      ...options,
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MS,
    });
    return {
      pool,
      dispatcher: pool,
      fresh: () => oneRequest(new Client(origin, options)),
    };
  }

  /** undici's own connector resumes sessions and offers HTTP/2: neither is wanted here. */
  const connector =
    (id: NodeId) => (_options: unknown, done: (...result: [null, TLSSocket] | [Error, null]) => void) => {
      connect(id).then(
        (socket) => {
          remember(id, socket);
          done(null, socket);
        },
        (error: Error) => done(error, null),
      );
    };

  function remember(id: NodeId, socket: TLSSocket): void {
    const open = sockets.get(id) ?? new Set();
    sockets.set(id, open.add(socket));
    socket.once('close', () => {
      open.delete(socket);
      if (open.size === 0 && sockets.get(id) === open) sockets.delete(id);
    });
  }

  return {
    hop(peer: Peer): NextHop {
      const known = pools.get(peer.id);
      if (known) return known;
      const hop = open(peer);
      pools.set(peer.id, hop);
      return hop;
    },
    /** Cuts every connection to a peer that is no longer trusted. */
    close(id: NodeId): void {
      const hop = pools.get(id);
      pools.delete(id);
      hop?.pool.destroy().catch(() => {});
      for (const socket of sockets.get(id) ?? []) socket.destroy();
    },
    async closeAll(): Promise<void> {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
}
export type PeerPools = ReturnType<typeof createPeerPools>;

/** Never looked up: connections are opened by id. */
const originOf = (id: NodeId) => `https://${id}.invalid`;

/** A client that closes itself once its one request, handed over in this turn of the event loop, is done. */
export function oneRequest(client: Client): Client {
  setImmediate(() => void client.close().catch(() => {}));
  return client;
}
