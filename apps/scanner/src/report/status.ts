import type { ScannerStatus } from '@kith/membership';
import { isLoopback } from '@kith/net';
import type { ScannerSettings } from '../config.ts';
import type { Discovered, FoundNetwork } from '../discover/discover.ts';
import { nameRemarks, remarksOf } from './remarks.ts';

export const NETWORK_CHANGED = {
  type: 'network-changed',
  message: 'This machine’s network has changed: its addresses are looked at anew.',
} as const;

export function sweepEvent({ addresses, live, verified, tookMs }: Discovered) {
  return {
    type: 'sweep',
    message: `Looked at ${addresses} addresses in ${(tookMs / 1000).toFixed(1)} s: ${live.length} devices, ${verified} of them peers.`,
    data: { addresses, devices: live.length, peers: verified, tookMs },
  } as const;
}

export interface StatusFacts {
  network: FoundNetwork;
  last: (Discovered & { readonly at: number }) | undefined;
  isSweeping: boolean;
  settings: Pick<ScannerSettings, 'bind' | 'sweep' | 'nameAsSet'>;
  /** Release of the system's kernel. */
  kernel: string;
}

/** What the owner and `kith doctor` are told of the scanner's work. */
export function statusOf({ network, last, isSweeping, settings, kernel }: StatusFacts): ScannerStatus {
  const interfaces = network.interfaces.map(({ subnets: _subnets, ...one }) => one);
  const isLoopbackOnly = isLoopback(settings.bind);
  const remarks = remarksOf({
    interfaces,
    defaultGateways: [...network.gateways],
    live: last?.live,
    tableFulls: last?.tableFulls ?? 0,
    partly: last?.partly ?? [],
    unsent: last?.unsent,
    sweeps: settings.sweep,
    kernel,
  });
  return {
    interfaces,
    sweeping: isSweeping,
    ...(last ? { lastSweepAt: last.at, sweepMs: last.tookMs } : {}),
    // Bound to loopback on purpose, as in the demo: it is no fault that there is no network.
    remarks: [...nameRemarks(settings.nameAsSet), ...(isLoopbackOnly ? [] : remarks)],
  };
}
