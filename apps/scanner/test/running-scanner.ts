import { createServer } from 'node:net';
import type { TestContext } from 'node:test';
import type { Lan } from '@kith/lan';
import { createMemoryPeerStore, type PeerStore } from '@kith/membership';
import { type Clock, type Log, type Metrics, readSettings, silentLog, systemClock } from '@kith/service';
import { createScanner, scannerSettings } from '../src/app.ts';
import { newIdentity } from './signed-answers.ts';

export interface RunningScanner {
  peers: PeerStore;
  stop(): Promise<void>;
}

/** A port that is free on every loopback address, for all pingbacks of one made-up LAN. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A scanner with a store in memory, stopped after the test. */
export async function startScanner(
  t: TestContext,
  {
    lan,
    port,
    env = {},
    metrics,
    log = silentLog,
    clock = systemClock,
  }: { lan: Lan; port: number; env?: Record<string, string>; metrics?: Metrics; log?: Log; clock?: Clock },
): Promise<RunningScanner> {
  const peers = createMemoryPeerStore({ clock: systemClock });
  const settings = readSettings(scannerSettings, { KITH_PINGBACK_PORT: String(port), ...env });
  const identity = await newIdentity(t);
  const scanner = createScanner({ settings, identity, peers, lan, clock, log, metrics });
  await scanner.start();
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= scanner.stop();
    return stopping;
  };
  t.after(stop);
  return { peers, stop };
}
