import { openPeerStore, peerStoreSettings } from '@kith/backend';
import { openIdentity } from '@kith/identity';
import { createLog, readSettings, sharedSettings, startInOrder, systemClock } from '@kith/service';
import { createGateway } from './app.ts';
import { gatewaySettings } from './config.ts';

const clock = systemClock;
try {
  const settings = readSettings(
    { ...gatewaySettings, ...peerStoreSettings, logLevel: sharedSettings.logLevel },
    process.env,
  );
  const log = createLog('gateway', settings.logLevel);
  const identity = await openIdentity(settings.dataDirectory);
  const peers = await openPeerStore(settings, { log, clock });
  const gateway = createGateway({ settings, identity, peers, clock, log });
  const store = { name: 'peer store', start: async () => {}, stop: () => peers.close() };
  const running = await startInOrder([store, gateway]);
  log.info({ port: gateway.port(), id: identity.id }, 'the gateway is ready');
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running.stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'the gateway did not stop cleanly');
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
