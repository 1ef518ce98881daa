import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type HostileInput, HTTP_BEHAVIOURS, SOCKET_BEHAVIOURS } from './hostile-behaviours.ts';

/** Everything that may answer on the pingback port and is no peer; each becomes a device with the reason. */
export const HOSTILE_NAMES: readonly string[] = [
  'refuses',
  ...Object.keys(SOCKET_BEHAVIOURS),
  ...Object.keys(HTTP_BEHAVIOURS),
];

export interface HostileOptions extends Partial<HostileInput> {
  /** One of HOSTILE_NAMES. */
  name: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
}

export interface Hostile {
  readonly port: number;
  /** Connections that were accepted so far. */
  readonly connections: number;
  /** Those that are open now. */
  readonly open: number;
  /** Ends the server and all its connections. */
  close(): Promise<void>;
}

/** Starts one hostile server; `reply` is needed by `replays`, `wrong-signature`, `redirect`, `wrong-content-type`. */
export async function openHostile({
  name,
  host,
  port,
  reply = '{}',
  relayTo = 'http://127.0.0.1:9',
}: HostileOptions): Promise<Hostile> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = serverOf(name, { reply, relayTo });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  // A port that was just let go refuses: nobody else is given it for a while.
  if (name === 'refuses') await close();
  return {
    port: taken,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    close: name === 'refuses' ? async () => {} : close,
  };
}

function serverOf(name: string, input: HostileInput) {
  const http = HTTP_BEHAVIOURS[name];
  if (http) return createHttpServer({ keepAliveTimeout: 0 }, http(input));
  const socket = SOCKET_BEHAVIOURS[name];
  if (socket) return createServer(socket);
  if (name === 'refuses') return createServer();
  throw new RangeError(`there is no hostile server ${name}; there are: ${HOSTILE_NAMES.join(', ')}`);
}
