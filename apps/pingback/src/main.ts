import { randomBytes } from 'node:crypto';
import { openPeerStore, peerStoreSettings } from '@kith/backend';
import { nextIncarnation, openIdentity } from '@kith/identity';
import { createLog, readSettings, startInOrder, systemClock } from '@kith/service';
import { createPingback, pingbackSettings } from './app.ts';

const clock = systemClock;
try {
  const settings = readSettings({ ...pingbackSettings, ...peerStoreSettings }, process.env);
  const log = createLog('pingback', settings.logLevel);
  const identity = await openIdentity(settings.dataDirectory);
  const incarnation = await nextIncarnation(settings.dataDirectory);
  const instance = randomBytes(8).toString('hex');
  const peers = await openPeerStore(settings, { log, clock });
  const pingback = createPingback({ settings, identity, incarnation, instance, peers, clock, log });
  const store = { name: 'peer store', start: async () => {}, stop: () => peers.close() };
  const running = await startInOrder([store, pingback]);
  log.info({ port: pingback.port(), id: identity.id }, 'the pingback is ready');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the pingback did not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
