import { parseAddress } from '@kith/net';
import type { NodeId } from '@kith/wire';

/** New identities that are taken as peers within `withinMs`; more are devices until some time has passed. */
export interface NewcomerLimits {
  /** At one address and port. Only one node listens there; it is replaced by another when an address is given anew. */
  readonly perPlace: number;
  /**
   * From one machine, by its MAC, or by its /64 for an IPv6 address of unknown MAC. Much more than a machine runs, because
   * a whole class room behind a router that answers for all (proxy ARP) has the router's MAC.
   */
  readonly perMachine: number;
  /**
   * From everywhere; identities that replace another at their address count as full at a quarter of it, so that whoever
   * makes keys does not keep out machines that are really new.
   */
  readonly inAll: number;
  readonly withinMs: number;
}

export const NEWCOMER_LIMITS: NewcomerLimits = { perPlace: 4, perMachine: 64, inAll: 2048, withinMs: 60 * 60_000 };

export interface Newcomer {
  readonly id: NodeId;
  readonly address: string;
  readonly pingbackPort: number;
  readonly mac?: string | undefined;
}

/**
 * Bounds how many identities one address, one machine and all of them together bring in: a key costs nothing, so that
 * whoever answers a pingback can be a new node at each answer. Known peers are not its matter.
 */
export function createNewcomers(monotonic: () => number, limits = NEWCOMER_LIMITS) {
  /** When each identity came in, by what brought it. */
  const groups = new Map<string, Map<NodeId, number>>();

  function recent(key: string): Map<NodeId, number> {
    const group = groups.get(key) ?? new Map<NodeId, number>();
    for (const [id, at] of group) if (monotonic() - at >= limits.withinMs) group.delete(id);
    if (group.size === 0) groups.delete(key);
    return group;
  }

  return {
    /** Whether this identity, unknown so far, may become a peer; one that may is counted. */
    mayJoin(newcomer: Newcomer): boolean {
      const place = `${newcomer.address} ${newcomer.pingbackPort}`;
      const wanted: [key: string, most: number][] = [
        ['all', recent(place).size === 0 ? limits.inAll : limits.inAll / 4],
        [place, limits.perPlace],
      ];
      const machine = machineOf(newcomer);
      if (machine !== undefined) wanted.push([machine, limits.perMachine]);
      const full = wanted.some(([key, most]) => {
        const group = recent(key);
        return group.size >= most && !group.has(newcomer.id);
      });
      if (full) return false;
      for (const [key] of wanted) groups.set(key, recent(key).set(newcomer.id, monotonic()));
      if (groups.size > 3 * limits.inAll) for (const key of groups.keys()) recent(key);
      return true;
    },
  };
}
export type Newcomers = ReturnType<typeof createNewcomers>;

function machineOf({ address, mac }: Newcomer): string | undefined {
  if (mac !== undefined) return mac;
  const parsed = parseAddress(address);
  // Nodes that run on one computer, each on a loopback address of its own, are the owner's.
  if (parsed === undefined || parsed.kind() === 'ipv4' || parsed.range() === 'loopback') return undefined;
  return `${parsed.toByteArray().slice(0, 8).join(':')}/64`;
}
