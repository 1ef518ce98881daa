import { openPeerStore, openReplicaRegistry, peerStoreSettings } from '@kith/backend';
import { OwnerProof, openIdentity } from '@kith/identity';
import { createLan } from '@kith/lan';
import { resource, runService } from '@kith/service';
import { createScanner, scannerSettings } from './app.ts';

const exitCode = await runService({
  name: 'scanner',
  settings: { ...scannerSettings, ...peerStoreSettings },
  env: process.env,
  operations: { port: 5802, bind: ({ bind }) => bind, owner: (values) => new OwnerProof(values) },
  open: async (settings, { log, clock, metrics }) => {
    const identity = await openIdentity(settings.dataDirectory);
    const peers = await openPeerStore(settings, { log, clock });
    const replicas = settings.redisUrl === undefined ? undefined : await openReplicaRegistry(settings, { log, clock });
    const lan = createLan({ include: settings.interfaces, clock, log });
    return [
      resource('peer store', peers, () => peers.readStatus()),
      ...(replicas ? [resource('replica registry', replicas)] : []),
      resource('lan', lan),
      createScanner({ settings, identity, peers, replicas, lan, clock, log, metrics }),
    ];
  },
});
process.exit(exitCode);
