import { usableName } from '@kith/wire';

export interface RemarkFacts {
  readonly interfaces: readonly {
    readonly name: string;
    readonly kind: string;
    readonly used: boolean;
    readonly addresses: readonly string[];
  }[];
  /** Addresses of the default gateways of the interfaces that are used. */
  readonly defaultGateways: readonly string[];
  /** Addresses that were live in the last whole sweep; undefined before the first one. */
  readonly live: readonly string[] | undefined;
  /** Times that the system's neighbour table was full during the last sweep. */
  readonly tableFulls: number;
  /** Subnets larger than what one sweep tries. */
  readonly partly: readonly { readonly subnet: string; readonly tried: number; readonly hosts: number }[];
  /** Questions of the last sweep that this machine itself did not let out. */
  readonly unsent?: { readonly count: number; readonly code: string } | undefined;
  /** Whether sweeps are switched on. */
  readonly sweeps: boolean;
  /** Release of the system's kernel. */
  readonly kernel?: string | undefined;
}

/** Remarks about the name that was set for this node, where it cannot be used as it is. */
export function nameRemarks(asSet: string | undefined): string[] {
  const used = asSet === undefined ? undefined : usableName(asSet);
  if (used === undefined || used === asSet?.trim()) return [];
  return [
    `This node calls itself “${used}”: the name in KITH_NAME has characters that cannot be seen, or is a word that Kith itself says of a node, and could be mistaken. Set another name.`,
  ];
}

/** Docker Desktop gives the "host's network" of its virtual machine, not of the computer (default of its settings). */
const DOCKER_DESKTOP = /^192\.168\.65\./;
/** Its own kernel, and the one of Windows' Linux that it uses there. */
const ITS_KERNEL = /linuxkit/i;
const WINDOWS_KERNEL = /microsoft/i;

/** What the owner should know about this network, one sentence each; empty where all is well. */
export function remarksOf(facts: RemarkFacts): string[] {
  const remarks: string[] = [];
  const used = facts.interfaces.filter((one) => one.used);
  const dockerDesktop = dockerDesktopRemark(used, facts.kernel ?? '');
  if (dockerDesktop !== undefined) remarks.push(dockerDesktop);
  else if (used.length === 0) {
    remarks.push(
      facts.interfaces.length === 0
        ? 'There is no network: plug in a cable or join a Wi-Fi. The node goes on looking.'
        : `No network interface can be used (${names(facts.interfaces)} left out): set KITH_INTERFACES to the one that leads to the local network.`,
    );
  } else if (isKeptApart(facts)) {
    remarks.push(
      'Only the default gateway answers: this network seems to keep its devices apart (“AP isolation”, often on guest Wi-Fi). Join another network, switch that off in the access point, or use a cable.',
    );
  }
  if (facts.tableFulls > 0) {
    remarks.push(
      `The system’s neighbour table was full ${facts.tableFulls} times during the last sweep, so that devices may be missing: raise net.ipv4.neigh.default.gc_thresh3, or lower KITH_MAX_HOSTS.`,
    );
  }
  if (facts.unsent) {
    remarks.push(
      `This system did not let out ${facts.unsent.count} of the sweep’s questions (${facts.unsent.code}): allow this program to use the local network, in the firewall or, on macOS, under Privacy, Local Network.`,
    );
  }
  for (const { subnet, tried, hosts } of facts.partly) {
    remarks.push(
      `Of ${subnet} only ${tried} of ${hosts} addresses are tried in one sweep: KITH_MAX_HOSTS raises that.`,
    );
  }
  return remarks;
}

/** Its address alone may be that of a home network, too: then it says so. */
function dockerDesktopRemark(used: RemarkFacts['interfaces'], kernel: string): string | undefined {
  const hasItsAddress = used.some(({ addresses }) => addresses.some((address) => DOCKER_DESKTOP.test(address)));
  const isCertain = ITS_KERNEL.test(kernel) || (hasItsAddress && WINDOWS_KERNEL.test(kernel));
  if (!isCertain && !hasItsAddress) return undefined;
  const is = isCertain ? 'is' : 'seems to be';
  const doubt = isCertain ? '' : ' (Is 192.168.65.0/24 your own network? Then all is well.)';
  return `This node ${is} inside Docker Desktop’s virtual machine, from where the local network cannot be seen. Run npm start on this computer instead; Redis and Elasticsearch may stay in Docker.${doubt}`;
}

function isKeptApart({ interfaces, defaultGateways, live, sweeps }: RemarkFacts): boolean {
  if (!sweeps || live === undefined) return false;
  const used = interfaces.filter((one) => one.used);
  const isWireless = used.length > 0 && used.every(({ kind }) => kind === 'wireless');
  return isWireless && live.length > 0 && live.every((address) => defaultGateways.includes(address));
}

const names = (interfaces: RemarkFacts['interfaces']) =>
  interfaces
    .slice(0, 5)
    .map(({ name, kind }) => `${name}: ${kind}`)
    .join(', ');
