import { randomBytes } from 'node:crypto';
import { release } from 'node:os';
import type { Identity } from '@kith/identity';
import type { Lan, NetworkChange } from '@kith/lan';
import {
  createDuty,
  forget,
  type MembershipEvent,
  type PeerStore,
  type ReplicaRegistry,
  strangersToForget,
  untilAborted,
} from '@kith/membership';
import { isWildcard } from '@kith/net';
import { type Clock, codeOf, every, type Log, type Metrics, type Startable } from '@kith/service';
import { LOOKS_AT_ONCE, PROBES_AT_ONCE, type ScannerSettings, WATCH_AT_ONCE } from './config.ts';
import { confirmDevices } from './discover/confirm-devices.ts';
import { type Discovered, discover, type FoundNetwork, type Looked } from './discover/discover.ts';
import { createSweeps, type SweepReason } from './discover/sweeps.ts';
import { concernsUsed, ownAddresses, usableInterfaces } from './discover/usable-interfaces.ts';
import type { Target } from './probe/candidates.ts';
import { type OwnDelay, openOwnDelay } from './probe/own-delay.ts';
import { createProbe, type Probe } from './probe/probe.ts';
import { type DeviceTable, openDeviceTable } from './record/device-table.ts';
import { type DeviceFacts, sightingOf } from './record/reconcile.ts';
import { createRecorder, type Recorder } from './record/recorder.ts';
import { createRemarkLog } from './report/remark-log.ts';
import { createScanMetrics, type ScanMetrics } from './report/scan-metrics.ts';
import { NETWORK_CHANGED, statusOf, sweepEvent } from './report/status.ts';
import { createSlots } from './slots.ts';
import { createGatewayAnswers } from './watch/gateway-answers.ts';
import { createLookBacks } from './watch/look-backs.ts';
import { createPeerWatch, type PeerWatch } from './watch/watch-peers.ts';

export { type ScannerSettings, scannerSettings } from './config.ts';

export interface ScannerOptions {
  settings: ScannerSettings;
  identity: Pick<Identity, 'id'>;
  peers: PeerStore;
  lan: Lan;
  /** Where several scanners of one node agree which of them works; without it this is the only one. */
  replicas?: ReplicaRegistry | undefined;
  clock: Clock;
  log: Log;
  /** Without it nothing is counted. */
  metrics?: Metrics | undefined;
}
type Counting = ScannerOptions & { counts: ScanMetrics | undefined };

/** Finds devices, proves which are peers, keeps membership. It listens nowhere. */
export function createScanner(options: ScannerOptions): Startable {
  const counting = { ...options, counts: options.metrics && createScanMetrics(options.metrics, options.peers) };
  return options.replicas ? oneOfSeveral(counting, options.replicas) : onlyOne(counting);
}

/** Waits while another scanner of this node works; takes over when it ends or is gone. */
function oneOfSeveral(options: Counting, registry: ReplicaRegistry): Startable {
  const { clock, log } = options;
  const holder = randomBytes(8).toString('hex');
  const duty = createDuty({
    ...{ registry, name: 'scanner', holder, clock },
    // Every change of a peer is one atomic step, so that two for a moment do no harm; and what is seen meanwhile counts.
    whileAway: 'go on',
    work: async (signal) => {
      const working = await startScanner(options);
      await untilAborted(signal);
      await working.stop();
    },
    onError: (error) => log.warn({ err: error, code: codeOf(error) }, 'the scanner could not begin: trying again'),
    onChange: (isHeld) => log.info({ holder }, isHeld ? 'this scanner works' : 'this scanner waits'),
  });
  return {
    name: 'scanner',
    start: async () => {
      log.info({ holder }, 'waits for its turn to scan');
      duty.start();
    },
    stop: duty.stop,
  };
}

function onlyOne(options: Counting): Startable {
  let running: { stop(): Promise<void> } | undefined;
  return {
    name: 'scanner',
    start: async () => {
      running = await startScanner(options);
    },
    stop: async () => running?.stop(),
  };
}

async function startScanner({ settings, identity, peers, lan, clock, log, counts }: Counting) {
  // A start that fails takes back what it had begun, as the stop does: last begun, first ended.
  await using begun = new AsyncDisposableStack();
  const stopping = new AbortController();
  const { signal } = stopping;
  const end = () => stopping.abort(new Error('stopped'));
  const localAddress = isWildcard(settings.bind) ? undefined : settings.bind;
  const uncounted = createProbe({
    selfId: identity.id,
    localAddress,
    monotonic: () => clock.monotonic(),
  });
  const probe = counts?.counted(uncounted) ?? uncounted;
  const inSlots = (count: number): Probe => {
    const slots = createSlots(count);
    return (place, one) => slots(() => probe(place, one));
  };
  const watchProbe = inSlots(WATCH_AT_ONCE);
  const ownDelay: OwnDelay = openOwnDelay();
  begun.defer(ownDelay.close);
  const devices: DeviceTable = await openDeviceTable({ peers, clock, log });
  begun.defer(devices.flush);
  const recorder: Recorder = createRecorder({ peers, devices, probe: watchProbe, clock, log });
  const gatewayAnswers = createGatewayAnswers({ localAddress });
  const watching = { peers, probe: watchProbe, gatewayAnswers, recorder, ownDelay, clock, log };
  const watch: PeerWatch = createPeerWatch(watching);

  const lookWith = (slotted: Probe) => {
    return async (target: Target, facts?: DeviceFacts): Promise<Looked> => {
      const probed = await slotted(target, { signal });
      if (signal.aborted) return { isLive: false, isPeer: false };
      const peer = await recorder.record(target, probed, facts);
      return { isLive: probed.answer !== 'silent', isPeer: peer !== undefined };
    };
  };

  let network: FoundNetwork = { interfaces: [], own: ownAddresses([], settings.bind), gateways: new Set() };
  let last: (Discovered & { at: number }) | undefined;
  const tellRemarks = createRemarkLog(log);
  const writeStatus = (isSweeping: boolean) => {
    const scanner = statusOf({ network, last, isSweeping, settings, kernel: release() });
    tellRemarks(scanner.remarks);
    return peers
      .writeStatus({ scanner })
      .catch((error) => log.debug({ err: error }, 'the scanner’s status is not written: the store is away'));
  };

  const confirm = async ({ unsure, gateways }: Discovered) => {
    // Other systems keep old entries for many minutes without a question.
    if (process.platform !== 'linux') return;
    const confirmed = await confirmDevices({ unsure, lan, clock, signal }).catch(() => []);
    for (const one of confirmed) {
      devices.note(sightingOf(one.address, undefined, { ...one, isDefaultGateway: gateways.has(one.address) }));
    }
  };
  const lookInSweep = lookWith(inSlots(PROBES_AT_ONCE));
  const pass = async (why: SweepReason) => {
    if (why === 'network') await peers.addEvents([NETWORK_CHANGED]);
    const found = await discover({
      ...{ settings, lan, peers, clock, log, signal },
      look: lookInSweep,
      onInterfaces: async (now) => {
        network = now;
        await writeStatus(true);
      },
    });
    if (signal.aborted) return;
    last = { ...found, at: clock.now() };
    counts?.swept(found);
    await writeStatus(false);
    await devices.expire();
    for (const id of strangersToForget(await peers.listPeers(), clock.now())) {
      await peers.changePeer(id, (current) => (current ? forget(current, clock.now()) : NOTHING));
    }
    await peers.addEvents([sweepEvent(found)]);
    void confirm(found);
    if (found.tableFulls > 0) log.warn({ tableFulls: found.tableFulls }, 'the neighbour table was full in the sweep');
  };
  const sweeps = createSweeps({ pass, intervalMs: settings.sweepIntervalMs, clock, log, signal });
  const lookBack = createLookBacks({
    look: lookWith(inSlots(LOOKS_AT_ONCE)),
    own: () => ({ own: network.own, pingbackPort: settings.pingbackPort }),
    ...{ clock, log, signal },
  });

  begun.defer(() => watch.stop().catch((error) => log.debug({ err: error }, 'the watch ended with an error')));
  begun.defer(await peers.followCandidates(lookBack));
  const onEvent = ({ type, message, peer, address }: MembershipEvent) => {
    if (type === 'peer-clone') log.error({ peer, address }, message);
  };
  begun.defer(await peers.followEvents(onEvent));
  begun.defer(end);
  // Known peers first: they are asked before the first address of the sweep is.
  await watch.start();
  const lookAnew = (change: NetworkChange) => {
    const { type } = change;
    log.info(change, type === 'wake' ? 'the machine has slept' : 'the network has changed');
    watch.hurry(true);
    sweeps.trigger(type === 'wake' ? 'wake' : 'network');
  };
  const onChange = async (change: NetworkChange) => {
    if (change.type === 'wake') return lookAnew(change);
    const now = usableInterfaces(await lan.interfaces(), { wanted: settings.interfaces, bind: settings.bind });
    if (concernsUsed(change.interfaces, { before: network.interfaces, now })) return lookAnew(change);
    network = { ...network, own: ownAddresses(now, settings.bind) };
  };
  begun.defer(lan.watchChanges((change) => void onChange(change).catch(() => lookAnew(change))));
  const turn = async () => ownDelay.turn();
  const loops = [sweeps.run(), every(turn, { intervalMs: 1000, clock, signal, onError: () => {} })];
  begun.defer(async () => {
    end();
    await Promise.allSettled(loops);
  });
  const running = begun.move();
  return { stop: () => running.disposeAsync() };
}

const NOTHING = { peer: undefined, events: [] };
