import type { PeerStore } from '@kith/membership';
import { counter, gaugeBy, type Metrics, seconds } from '@kith/service';
import type { Discovered } from '../discover/discover.ts';
import type { Probe } from '../probe/probe.ts';

export interface ScanMetrics {
  /** The same probe, counted. */
  counted(probe: Probe): Probe;
  swept(found: Pick<Discovered, 'addresses' | 'tableFulls' | 'tookMs'>): void;
}

/** Adds the scanner's figures. To be called once for a registry, however often a scanner begins to work. */
export function createScanMetrics(metrics: Metrics, peers: Pick<PeerStore, 'listPeers'>): ScanMetrics {
  const addresses = counter(metrics, 'kith_scan_addresses_total', 'Addresses that sweeps have tried.');
  const fulls = counter(
    metrics,
    'kith_neighbour_table_full_total',
    'How often the system’s neighbour table was full during a sweep.',
  );
  const sweep = seconds(metrics, 'kith_scan_duration_seconds', 'Duration of a whole sweep.');
  const probes = seconds(metrics, 'kith_peer_probe_seconds', 'Pingback calls, by what answered.', ['answer']);
  gaugeBy(metrics, 'kith_peers', 'Known peers by state.', 'state', async () => {
    const counts: Record<string, number> = { alive: 0, suspect: 0, dead: 0, left: 0 };
    for (const { state } of await peers.listPeers()) counts[state] = (counts[state] ?? 0) + 1;
    return counts;
  });
  return {
    counted: (probe) => async (place, one) => {
      const probed = await probe(place, one);
      probes.observe({ answer: probed.answer }, probed.tookMs / 1000);
      return probed;
    },
    swept: (found) => {
      addresses.inc(found.addresses);
      fulls.inc(found.tableFulls);
      sweep.observe(found.tookMs / 1000);
    },
  };
}
