import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { plainAddress } from '@kith/net';

export interface ConnectionLimitOptions {
  inAll: number;
  perAddress: number;
  /** Longest life of a connection in milliseconds, whatever it does. */
  lifeMs: number;
}

/** Closes at once what is over the limits, and every connection at the end of its time: a slow reader holds no place. */
export function limitConnections(server: Server, { inAll, perAddress, lifeMs }: ConnectionLimitOptions): void {
  const open = new Map<string, number>();
  server.maxConnections = inAll;
  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress) ?? '';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    const timer = setTimeout(() => socket.destroy(), lifeMs).unref();
    socket.once('close', () => {
      clearTimeout(timer);
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
    if (count > perAddress) socket.destroy();
  });
}
