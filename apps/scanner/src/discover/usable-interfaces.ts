import type { DefaultGateway, LanInterface } from '@kith/lan';
import { isSweepable, isWildcard } from '@kith/net';

/** An interface of this machine as the scanner takes it. */
export interface UsableInterface {
  readonly name: string;
  readonly kind: LanInterface['kind'];
  /** IP literals without zone. */
  readonly addresses: readonly string[];
  /** Primary default gateway, IPv4 where there is one. */
  readonly defaultGateway?: string;
  readonly used: boolean;
  /** One sentence where it is not used. */
  readonly reason?: string;
  /** What is swept on it. */
  readonly subnets: readonly string[];
}

/**
 * Which interfaces are used: those that KITH_INTERFACES names, else those that lead to a local network by their kind; and
 * of these only the one that has the address to which this node is bound.
 */
export function usableInterfaces(
  interfaces: readonly LanInterface[],
  { wanted, bind }: { wanted: readonly string[]; bind: string },
): UsableInterface[] {
  return interfaces.map((one) => {
    const { name, kind } = one;
    const against = reasonAgainst(one, wanted, bind);
    const addresses = one.addresses.map(({ address }) => address);
    if (against !== undefined) return { name, kind, addresses, used: false, reason: against, subnets: [] };
    return { name, kind, addresses, used: true, subnets: one.used ? one.sweepable : privateSubnets(one) };
  });
}

function reasonAgainst(one: LanInterface, wanted: readonly string[], bind: string): string | undefined {
  const isBound = one.addresses.some(({ address }) => address === bind);
  if (!isWildcard(bind) && !isBound) return `This node is bound to ${bind} (KITH_BIND).`;
  if (wanted.length > 0) return wanted.includes(one.name) ? undefined : 'Not named in KITH_INTERFACES.';
  return one.used ? undefined : one.reason;
}

/** Of an interface that is left out by default and that the owner wants. */
function privateSubnets({ addresses }: LanInterface): string[] {
  const usable = addresses.filter(({ address, prefix }) => isSweepable(address) && prefix < 31);
  return [...new Set(usable.map(({ subnet }) => subnet))];
}

/** The primary gateway of each interface; IPv4 first, for the sweep is IPv4. */
export function withGateways(
  interfaces: readonly UsableInterface[],
  gateways: readonly DefaultGateway[],
): UsableInterface[] {
  return interfaces.map((one) => {
    const own = gateways.filter((gateway) => gateway.interface === one.name);
    const primary = own.find(({ family }) => family === 4) ?? own[0];
    return primary ? { ...one, defaultGateway: primary.address } : one;
  });
}

/** Where this node itself answers: every address of the machine, or the one that it is bound to. */
export function ownAddresses(interfaces: readonly UsableInterface[], bind: string): ReadonlySet<string> {
  if (!isWildcard(bind)) return new Set([bind]);
  return new Set(['127.0.0.1', '::1', ...interfaces.flatMap(({ addresses }) => addresses)]);
}

/** Whether a change of these interfaces concerns one that is used, or was: those of containers come and go all day. */
export function concernsUsed(
  changed: readonly string[],
  { before, now }: { before: readonly UsableInterface[]; now: readonly UsableInterface[] },
): boolean {
  return [...before, ...now].some(({ name, used }) => used && changed.includes(name));
}
