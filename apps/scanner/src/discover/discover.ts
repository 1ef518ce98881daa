import type { Lan, Neighbour } from '@kith/lan';
import type { PeerStore } from '@kith/membership';
import type { Clock, Log } from '@kith/service';
import type { ScannerSettings } from '../config.ts';
import { gatherCandidates, judgePlace, placeKey, type Target } from '../probe/candidates.ts';
import type { DeviceFacts } from '../record/reconcile.ts';
import { findDevices, type Swept } from './find-devices.ts';
import { ownAddresses, type UsableInterface, usableInterfaces, withGateways } from './usable-interfaces.ts';

export interface DiscoverOptions {
  settings: Pick<ScannerSettings, 'bind' | 'pingbackPort' | 'seeds' | 'sweep' | 'interfaces' | 'maxHosts'>;
  lan: Lan;
  peers: PeerStore;
  /** Step 4 for one target: probes and records it. */
  look: (target: Target, facts: DeviceFacts | undefined) => Promise<Looked>;
  /** Told after steps 1 and 2. */
  onInterfaces: (found: FoundNetwork) => Promise<void>;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

export interface Looked {
  /** Something answered there, if only by refusing. */
  readonly isLive: boolean;
  readonly isPeer: boolean;
}

export interface FoundNetwork {
  readonly interfaces: readonly UsableInterface[];
  readonly own: ReadonlySet<string>;
  /** Addresses of all default gateways. */
  readonly gateways: ReadonlySet<string>;
}

export interface Discovered extends FoundNetwork, Swept {
  /** Addresses that answered, or from which the system heard just now. */
  readonly live: readonly string[];
  /** Entries of the neighbour table that did neither: memories, or devices behind a firewall. */
  readonly unsure: readonly Neighbour[];
  /** Places where a peer was verified. */
  readonly verified: number;
  readonly tookMs: number;
}

/** One pass of discovery: interfaces, primary gateway of each, devices by ARP, pingback of each as soon as it shows. */
export async function discover(options: DiscoverOptions): Promise<Discovered> {
  const { lan, peers, settings, clock, log, signal } = options;
  const startedAt = clock.monotonic();

  // Step 1: interfaces.
  const interfaces = usableInterfaces(await lan.interfaces(), { wanted: settings.interfaces, bind: settings.bind });

  // Step 2: the primary gateway of each.
  const gateways = await lan.defaultGateways();
  const network: FoundNetwork = {
    interfaces: withGateways(interfaces, gateways),
    own: ownAddresses(interfaces, settings.bind),
    gateways: new Set(gateways.map(({ address }) => address)),
  };
  await options.onInterfaces(network);

  // Step 4 begins with what costs nothing to know, and goes on beside step 3.
  const pingbacks = createPingbacks(network, options);
  const [known, neighbours] = await Promise.all([peers.listPeers().catch(() => []), lan.neighbours()]);
  const used = new Set(interfaces.filter((one) => one.used).map(({ name }) => name));
  const near = neighbours.filter((one) => one.interface === undefined || used.has(one.interface));
  pingbacks.known({ known, neighbours: near });

  // Step 3: devices by ARP.
  const swept = await findDevices({
    ...{ lan, log, signal, maxHosts: settings.maxHosts },
    interfaces: settings.sweep ? network.interfaces : [],
    near: [...near, ...known.flatMap(({ addresses }) => addresses)].map(({ address }) => address),
    onDevice: pingbacks.device,
  });
  const looked = await pingbacks.all();
  return { ...network, ...swept, ...looked, tookMs: Math.round(clock.monotonic() - startedAt) };
}

/** Step 4: the pingback of every candidate, each place once. */
function createPingbacks(network: FoundNetwork, { settings, look, log }: DiscoverOptions) {
  const own = { own: network.own, pingbackPort: settings.pingbackPort };
  const running = new Map<string, Promise<Looked>>();
  const live = new Set<string>();
  const remembered = new Map<string, Neighbour>();

  const begin = (target: Target, neighbour: Neighbour | undefined) => {
    if (neighbour?.fresh) live.add(target.address);
    else if (neighbour) remembered.set(target.address, neighbour);
    if (running.has(placeKey(target)) || judgePlace(target, own) !== 'ok') return;
    const facts = neighbour && { ...neighbour, isDefaultGateway: network.gateways.has(neighbour.address) };
    const lost = (error: unknown) => {
      log.debug({ err: error, address: target.address }, 'what a device said is lost: the store is away');
      return { isLive: false, isPeer: false };
    };
    const looking = look(target, facts).catch(lost);
    running.set(placeKey(target), looking);
    looking.then(({ isLive }) => isLive && live.add(target.address));
  };

  return {
    known: ({
      known,
      neighbours,
    }: {
      known: Parameters<typeof gatherCandidates>[0]['known'];
      neighbours: Neighbour[];
    }) => {
      const sources = { ...own, known, asked: [], seeds: settings.seeds };
      const { targets, refused } = gatherCandidates({
        ...sources,
        neighbours: neighbours.map(({ address }) => address),
      });
      if (refused.length > 0) log.debug({ addresses: refused.map(({ address }) => address) }, 'no private addresses');
      for (const target of targets)
        begin(
          target,
          neighbours.find(({ address }) => address === target.address),
        );
    },
    device: (neighbour: Neighbour) =>
      begin({ address: neighbour.address, pingbackPort: settings.pingbackPort, source: 'sweep' }, neighbour),
    all: async () => {
      const all = await Promise.all(running.values());
      const unsure = [...remembered.values()].filter(({ address }) => !live.has(address));
      return { live: [...live], unsure, verified: all.filter(({ isPeer }) => isPeer).length };
    },
  };
}
