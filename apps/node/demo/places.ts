import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where one node of the demo listens. */
export interface Place {
  readonly address: string;
  readonly pingbackPort: number;
  readonly gatewayPort: number;
  readonly exchangePort: number;
}

/** Not the usual ports: a node that runs on this machine, and those of the network, have nothing to do with the demo. */
const PORTS = { pingbackPort: 5700, gatewayPort: 5705, exchangePort: 5710 };

/**
 * A place for each of `count` nodes: loopback addresses of their own where the system has them (Linux, Windows), else
 * (macOS) one address with other ports for each. `base` moves all ports.
 */
export async function placesFor(count: number, base = PORTS.pingbackPort): Promise<Place[]> {
  const shift = base - PORTS.pingbackPort;
  const ports = (by: number) =>
    Object.fromEntries(Object.entries(PORTS).map(([key, port]) => [key, port + shift + by])) as typeof PORTS;
  const indexes = Array.from({ length: count }, (_, index) => index);
  const addresses = indexes.map((index) => `127.0.0.${index + 1}`);
  const isThere = await Promise.all(addresses.map(canListen));
  if (isThere.every(Boolean)) return addresses.map((address) => ({ address, ...ports(0) }));
  return indexes.map((index) => ({ address: '127.0.0.1', ...ports(index * 20) }));
}

async function canListen(address: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(0, address);
    await once(server, 'listening');
    server.close();
    return true;
  } catch {
    return false;
  }
}
