import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { isLoopback } from '@kith/net';
import type { NodeId } from '@kith/wire';
import { createPendingSockets } from './pending-sockets.ts';
import { idOfPeer } from './tls-context.ts';

export interface OnePortLimits {
  /** From accept to the first byte. */
  readonly firstByteMs: number;
  /** From the first byte to the end of the TLS handshake (Node's own default is 120 s). */
  readonly handshakeMs: number;
  /** From the first byte of a request to the end of its head. */
  readonly headersMs: number;
  /** Idle connections are closed after this; longer than the 30 s for which our own clients keep theirs. */
  readonly keepAliveMs: number;
  readonly headerBytes: number;
  readonly connections: number;
  /** TLS connections of one peer; its own gateway opens 64 at most. */
  readonly connectionsPerPeer: number;
  readonly pendingInAll: number;
  readonly pendingPerAddress: number;
}

export const ONE_PORT_LIMITS: OnePortLimits = {
  firstByteMs: 10_000,
  handshakeMs: 10_000,
  headersMs: 15_000,
  keepAliveMs: 72_000,
  headerBytes: 16 * 1024,
  connections: 4096,
  connectionsPerPeer: 128,
  pendingInAll: 512,
  pendingPerAddress: 32,
};

export interface OnePort {
  readonly server: Server;
  /** Id of the peer at the other end of a TLS connection; undefined for plain HTTP. */
  peerOf(socket: Socket): NodeId | undefined;
  /** The owner or a service asks on this connection: it is not one of those that only occupy a place. */
  vouchFor(socket: Socket): void;
  /** Cuts every connection of a peer, as when its owner blocks it. */
  closePeer(id: NodeId): void;
  /** Lets running requests finish for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>;
}

export interface OnePortOptions {
  readonly secureContext: SecureContext;
  readonly onRequest: RequestListener;
  readonly limits?: Partial<OnePortLimits>;
}

const TLS_HANDSHAKE = 0x16;

/** Held for one connection in each direction before the sender must wait. With Node's 16–64 KiB a stream stops and starts. */
const BUFFER_BYTES = 256 * 1024;

/** For `TLSSocket` and `tls.connect`, which take it like every socket although their types do not say so. */
export const TLS_BUFFERS: object = { highWaterMark: BUFFER_BYTES };

/**
 * One listener for plain HTTP and mutual TLS: a connection whose first byte starts a TLS handshake is wrapped, and both
 * kinds go to the same HTTP server. A TLS connection reaches it only with a peer's certificate.
 */
export function createOnePort({ secureContext, onRequest, limits: changed }: OnePortOptions): OnePort {
  const limits = { ...ONE_PORT_LIMITS, ...changed };
  const pending = createPendingSockets({ inAll: limits.pendingInAll, perAddress: limits.pendingPerAddress });
  const peers = new WeakMap<Socket, NodeId>();
  const connections = new Map<NodeId, Set<Socket>>();
  const open = new Set<Socket>();
  const unvouched = new WeakMap<Socket, () => void>();

  const server = createServer(
    {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: 0,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: 2_000,
      insecureHTTPParser: false,
      optimizeEmptyRequests: true,
      noDelay: true,
      highWaterMark: BUFFER_BYTES,
      // Everything but a WebSocket is an ordinary request whose Upgrade header is not passed on (RFC 9110 7.8).
      shouldUpgradeCallback: (request) => request.headers.upgrade?.toLowerCase() === 'websocket',
    },
    onRequest,
  );
  // Otherwise Node drops headers after the 2,000th without a word; `headerBytes` is the bound.
  server.maxHeadersCount = 0;
  server.maxConnections = limits.connections;
  const [serve] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', sniff);

  function sniff(socket: Socket): void {
    socket.on('error', () => socket.destroy());
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const known = pending.add(socket);
    const timer = setTimeout(() => socket.destroy(), limits.firstByteMs);
    socket.once('close', () => clearTimeout(timer));
    socket.once('data', (chunk: Buffer) => {
      clearTimeout(timer);
      socket.pause();
      socket.unshift(chunk);
      if (chunk[0] === TLS_HANDSHAKE) return shakeHands(socket, known);
      // Plain HTTP from elsewhere is a stranger's until its first request shows the internal key.
      if (isLoopback(socket.remoteAddress)) known();
      else unvouched.set(socket, known);
      serve?.call(server, socket);
      socket.resume();
    });
  }

  function shakeHands(socket: Socket, known: () => void): void {
    const tls = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      requestCert: true,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...TLS_BUFFERS,
    });
    const timer = setTimeout(() => tls.destroy(), limits.handshakeMs);
    tls.on('error', () => tls.destroy());
    tls.once('close', () => {
      clearTimeout(timer);
      socket.destroy();
    });
    tls.once('secure', () => {
      clearTimeout(timer);
      known();
      const id = idOfPeer(tls);
      if (id === undefined) return tls.destroy();
      remember(tls, id);
      serve?.call(server, tls);
    });
  }

  function remember(socket: Socket, id: NodeId): void {
    peers.set(socket, id);
    const same = connections.get(id) ?? new Set();
    connections.set(id, same.add(socket));
    const [oldest] = same;
    if (same.size > limits.connectionsPerPeer) oldest?.destroy();
    socket.once('close', () => {
      same.delete(socket);
      if (same.size === 0 && connections.get(id) === same) connections.delete(id);
    });
  }

  return {
    server,
    peerOf: (socket) => peers.get(socket),
    vouchFor: (socket) => unvouched.get(socket)?.(),
    closePeer: (id) => {
      for (const socket of connections.get(id) ?? []) socket.destroy();
    },
    close: (graceMs) =>
      new Promise((resolve) => {
        pending.destroyAll();
        const idle = setInterval(() => server.closeIdleConnections(), 250);
        const cut = setTimeout(() => {
          for (const socket of open) socket.destroy();
        }, graceMs);
        server.close(() => {
          clearInterval(idle);
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}
