import { createSocket, type Socket } from 'node:dgram';
import { assertLocal } from '../assert-local.ts';
import { BadSweepError } from '../errors.ts';

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
  /** How many the system refused to send, and its code for the last of them. */
  readonly unsent: { readonly count: number; readonly code: string } | undefined;
  close(): void;
}

/** `from`: the own address on the interface that leads there, an IPv4 literal. */
export function createPoke({ from }: { from: string }): Poke {
  assertLocal(from);
  const open = new Set<Socket>();
  let unsent: Poke['unsent'];
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
      for (const address of addresses) assertLocal(address);
      for (const address of addresses) {
        const holder = await nextSocket();
        holder.used += 1;
        const code = await sendOne(holder.socket, address);
        if (code !== undefined) unsent = { count: (unsent?.count ?? 0) + 1, code };
      }
    },
    get unsent() {
      return unsent;
    },
    close: () => {
      for (const socket of [...open]) release(socket);
      current = undefined;
    },
  };
}

function bound(from: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4' });
    const refused = (cause: Error) => {
      socket.close();
      reject(new BadSweepError(`This machine has the address ${from} no more: sweep again.`, { cause }));
    };
    socket.once('error', refused);
    socket.bind({ address: from, port: 0, exclusive: true }, () => {
      socket.off('error', refused);
      // "Port unreachable" is an answer as good as any.
      socket.on('error', () => {});
      socket.unref();
      resolve(socket);
    });
  });
}

/** The code of the system's refusal, if any: to a sweep that is an outcome like "nobody there", not a failure. */
function sendOne(socket: Socket, address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    socket.send(DATAGRAM, DISCARD_PORT, address, (error) => {
      resolve(error ? ((error as NodeJS.ErrnoException).code ?? 'unknown') : undefined);
    });
  });
}
