import { type NodeId, shortId } from '@kith/wire';

/** Our entry in `Via`: the node, never its host name or address. */
export const viaEntry = (id: NodeId) => `1.1 kith-${shortId(id)}`;

/** Names of the Kith gateways that a request has passed, in order; other proxies' entries are left out. */
export function viaNames(via: string | string[] | undefined): string[] {
  if (via === undefined) return [];
  return String(via)
    .split(',')
    .map((entry) => entry.trim().split(/\s+/)[1]?.toLowerCase() ?? '')
    .filter((name) => /^kith-[a-z2-7]{8}$/.test(name));
}
