import { createSocket, type Socket } from 'node:dgram';
import { assertPrivate } from './subnet.ts';

/**
 * One socket holds 256 datagrams for neighbours that are not resolved yet (its send buffer) and then stalls for seconds:
 * a new one is taken in time.
 */
const ADDRESSES_A_SOCKET = 200;
/** The discard service (RFC 863): nobody listens, and whoever does throws it away. */
const DISCARD_PORT = 9;
const DATAGRAM = Buffer.of(0);

export interface Poke {
  /** Sends one small datagram to each address, so that the kernel looks for its owner by ARP. Throws `not_private`. */
  send(addresses: readonly string[]): Promise<void>;
  close(): void;
}

/** `from`: the own address on the interface that leads there, an IPv4 literal. */
export function createPoke({ from }: { from: string }): Poke {
  assertPrivate(from);
  const open = new Set<Socket>();
  let current: { socket: Socket; used: number } | undefined;

  const nextSocket = async () => {
    if (current !== undefined && current.used < ADDRESSES_A_SOCKET) return current;
    // What the old one sent is with the kernel already: closing it takes nothing back.
    if (current) release(current.socket);
    current = { socket: await bound(from), used: 0 };
    open.add(current.socket);
    return current;
  };
  const release = (socket: Socket) => {
    if (open.delete(socket)) socket.close();
  };

  return {
    send: async (addresses) => {
      for (const address of addresses) assertPrivate(address);
      for (const address of addresses) {
        const holder = await nextSocket();
        holder.used += 1;
        await sendOne(holder.socket, address);
      }
    },
    close: () => {
      for (const socket of [...open]) release(socket);
      current = undefined;
    },
  };
}

function bound(from: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: false });
    socket.once('error', reject);
    socket.bind({ address: from, port: 0, exclusive: true }, () => {
      socket.off('error', reject);
      // "Port unreachable" is an answer as good as any.
      socket.on('error', () => {});
      socket.unref();
      resolve(socket);
    });
  });
}

/** An address that cannot be reached is an ordinary outcome: the table will not have it. */
function sendOne(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve) => {
    try {
      socket.send(DATAGRAM, DISCARD_PORT, address, () => resolve());
    } catch {
      resolve();
    }
  });
}
