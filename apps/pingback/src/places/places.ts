import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { plainAddress } from '@kith/net';

/** Whom an address belongs to, as far as this node knows: each kind has places of its own. */
export type Standing = 'trusted' | 'known' | 'stranger';

export interface PlacesOptions {
  /** Open connections of one standing; one more drops the oldest of the machine that has most. */
  readonly inAll: number;
  /** Open connections of one machine; one more drops its oldest. */
  readonly perMachine: number;
  /** Longest life of a connection in milliseconds, whatever it does. */
  readonly lifeMs: number;
  readonly standingOf: (address: string) => Standing;
  /** What addresses count as one. */
  readonly machineOf: (address: string) => string;
  /** Called with how many of one standing are open, after each new one. */
  readonly onOpen?: (open: number) => void;
}

/**
 * Which connections stay open. The oldest goes, never the newest: an honest asker is through in milliseconds, so that
 * those that stay are the ones that only occupy a place. And it is the oldest of whoever has most, so that somebody with
 * many machines pushes out himself.
 */
export function keepPlaces(server: Server, options: PlacesOptions): void {
  const { inAll, perMachine, lifeMs, standingOf, machineOf, onOpen = () => {} } = options;
  // A Set keeps the order of arrival: the first is the oldest.
  const standings = new Map<Standing, Map<string, Set<Socket>>>();

  server.on('connection', (socket: Socket) => {
    const address = plainAddress(socket.remoteAddress) ?? '';
    const standing = standingOf(address);
    const machines = standings.get(standing) ?? new Map<string, Set<Socket>>();
    standings.set(standing, machines);
    const machine = machineOf(address);
    const own = machines.get(machine) ?? new Set<Socket>();
    machines.set(machine, own.add(socket));
    const timer = setTimeout(() => socket.destroy(), lifeMs).unref();
    socket.once('close', () => clearTimeout(timer));
    socket.once('close', () => leave(machines, machine, socket));
    if (own.size > perMachine) drop(machines, machine);
    else if (count(machines) > inAll) drop(machines, largest(machines));
    onOpen(count(machines));
  });
}

function drop(machines: Map<string, Set<Socket>>, machine: string): void {
  const [oldest] = machines.get(machine) ?? [];
  if (oldest === undefined) return;
  leave(machines, machine, oldest);
  oldest.destroy();
}

function leave(machines: Map<string, Set<Socket>>, machine: string, socket: Socket): void {
  const own = machines.get(machine);
  own?.delete(socket);
  if (own?.size === 0) machines.delete(machine);
}

const count = (machines: Map<string, Set<Socket>>) => [...machines.values()].reduce((sum, { size }) => sum + size, 0);

/** Of several that have most, the one that was there first. */
function largest(machines: Map<string, Set<Socket>>): string {
  let [most = ''] = machines.keys();
  for (const [machine, { size }] of machines) if (size > (machines.get(most)?.size ?? 0)) most = machine;
  return most;
}
