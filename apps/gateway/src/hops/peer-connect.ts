import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { isWildcard, plainAddress } from '@kith/net';
import type { NodeId } from '@kith/wire';
import { TLS_BUFFERS } from '../door/one-port.ts';
import { idOfPeer } from '../door/tls-context.ts';

export class PeerConnectError extends Error {
  readonly code: 'wrong_peer' | 'peer_unreachable';
  constructor(code: PeerConnectError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface PeerConnectOptions {
  readonly id: NodeId;
  /** Where the peer was verified, best first. */
  readonly addresses: readonly string[];
  readonly port: number;
  readonly secureContext: SecureContext;
  /** For each address, from the first packet to the finished handshake, in milliseconds. */
  readonly timeoutMs: number;
  /** Own address to call from; used where its family fits. */
  readonly bind: string;
  readonly signal?: AbortSignal;
}

/**
 * Opens a TLS connection to a peer: its addresses one after the other, until one of them shows the peer's own key. Nothing
 * is written before that. Sessions are never resumed, because a resumed one shows no certificate.
 * Rejects with PeerConnectError: `wrong_peer` if another node answered at one of them and the peer at none.
 */
export async function connectToPeer(options: PeerConnectOptions): Promise<TLSSocket> {
  let failure: PeerConnectError | undefined;
  for (const address of options.addresses) {
    options.signal?.throwIfAborted();
    try {
      return await connectAt(address, options);
    } catch (error) {
      const failed =
        error instanceof PeerConnectError ? error : new PeerConnectError('peer_unreachable', String(error));
      if (failure?.code !== 'wrong_peer') failure = failed;
    }
  }
  throw failure ?? new PeerConnectError('peer_unreachable', 'no address is known');
}

function connectAt(address: string, options: PeerConnectOptions): Promise<TLSSocket> {
  const { id, port, secureContext, timeoutMs, bind, signal } = options;
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: address,
      port,
      secureContext,
      rejectUnauthorized: false,
      ALPNProtocols: ['http/1.1'],
      ...TLS_BUFFERS,
      ...localAddress(bind, address),
    });
    const timer = setTimeout(() => fail('peer_unreachable', `${address} did not answer`), timeoutMs);
    const abort = () => fail('peer_unreachable', 'stopped');
    signal?.addEventListener('abort', abort, { once: true });
    socket.setNoDelay(true);
    socket.on('error', (cause) => fail('peer_unreachable', `${address}: ${cause.message}`, cause));
    socket.once('close', () => fail('peer_unreachable', `${address} closed the connection`));
    socket.once('secureConnect', () => {
      if (idOfPeer(socket) !== id) return fail('wrong_peer', `another node answered at ${address}`);
      settle();
      resolve(socket);
    });

    function settle() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    }
    function fail(code: PeerConnectError['code'], message: string, cause?: unknown) {
      settle();
      socket.destroy();
      reject(new PeerConnectError(code, message, { cause }));
    }
  });
}

function localAddress(bind: string, to: string): { localAddress?: string } {
  if (isWildcard(bind)) return {};
  return isIP(plainAddress(bind) ?? '') === isIP(plainAddress(to) ?? '') ? { localAddress: bind } : {};
}
