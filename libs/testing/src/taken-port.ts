import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port of `address` that another program listens on until the end of the test. */
export async function takenPort(t: { after(fn: () => void): void }, address = '127.0.0.1'): Promise<number> {
  const server = createServer();
  server.listen(0, address);
  await once(server, 'listening');
  t.after(() => void server.close());
  return (server.address() as AddressInfo).port;
}
