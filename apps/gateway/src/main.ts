import { openPeerStore, peerStoreSettings } from '@kith/backend';
import { openIdentity } from '@kith/identity';
import { resource, runService } from '@kith/service';
import { createGateway } from './app.ts';
import { gatewaySettings } from './config.ts';

const exitCode = await runService({
  name: 'gateway',
  settings: { ...gatewaySettings, ...peerStoreSettings },
  env: process.env,
  open: async (settings, { log, clock }) => {
    const identity = await openIdentity(settings.dataDirectory);
    const peers = await openPeerStore(settings, { log, clock });
    return [resource('peer store', peers), createGateway({ settings, identity, peers, clock, log })];
  },
});
process.exit(exitCode);
