import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port that was free a moment ago: for a node whose parts must know the port before it is taken. */
export async function freePort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  server.close();
  await once(server, 'close');
  return address.port;
}
