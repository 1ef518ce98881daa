import type { Socket } from 'node:net';
import { isLoopback, plainAddress } from '@kith/net';

export interface PendingLimits {
  /** Connections in all that have not yet said who they are. */
  readonly inAll: number;
  /** The same from one address; loopback has no such limit. */
  readonly perAddress: number;
}

/**
 * Connections between accept and their first byte or finished handshake. When there are too many, the one that waits
 * longest is dropped, of the address that has most: an honest client is through in milliseconds, so those that stay are
 * the ones that only occupy a place, and somebody with many addresses pushes out himself.
 */
export function createPendingSockets({ inAll, perAddress }: PendingLimits) {
  const sockets = new Set<Socket>();
  const byAddress = new Map<string, Set<Socket>>();

  function forget(socket: Socket, address: string): void {
    sockets.delete(socket);
    const same = byAddress.get(address);
    same?.delete(socket);
    if (same?.size === 0) byAddress.delete(address);
  }

  return {
    /** Counts the connection until the returned function is called or it closes. */
    add(socket: Socket): () => void {
      const address = plainAddress(socket.remoteAddress) ?? '';
      const same = byAddress.get(address) ?? new Set();
      byAddress.set(address, same);
      sockets.add(socket);
      same.add(socket);
      const done = () => {
        socket.off('close', done);
        forget(socket, address);
      };
      socket.once('close', done);
      if (same.size > perAddress && !isLoopback(address)) drop(same);
      else if (sockets.size > inAll) drop(largest());
      return done;
    },
    size: () => sockets.size,
    destroyAll(): void {
      for (const socket of sockets) socket.destroy();
    },
  };

  function largest(): Set<Socket> {
    let most = new Set<Socket>();
    for (const same of byAddress.values()) if (same.size > most.size) most = same;
    return most;
  }

  function drop(from: Set<Socket>): void {
    const [oldest] = from;
    if (!oldest) return;
    forget(oldest, plainAddress(oldest.remoteAddress) ?? '');
    oldest.destroy();
  }
}
