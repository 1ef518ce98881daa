import { openPeerStore, openReplicaRegistry, peerStoreSettings } from '@kith/backend';
import { documentSettings, openDocuments } from '@kith/backend-documents';
import { OwnerProof, openIdentity } from '@kith/identity';
import { resource, runService } from '@kith/service';
import { createExchange } from './app.ts';
import { exchangeSettings } from './config.ts';
import { createSoleReplica } from './replicas/sole-replica.ts';

const exitCode = await runService({
  name: 'exchange',
  settings: { ...exchangeSettings, ...peerStoreSettings, ...documentSettings },
  env: process.env,
  operations: { port: 5811, bind: ({ exchangeBind }) => exchangeBind, owner: (values) => new OwnerProof(values) },
  open: async (settings, { log, clock, metrics }) => {
    const { id, internalKey } = await openIdentity(settings.dataDirectory);
    const peers = await openPeerStore(settings, { log, clock });
    const { index, files, close } = await openDocuments(settings, { log, clock });
    const replicas = settings.redisUrl === undefined ? undefined : await openReplicaRegistry(settings, { log, clock });
    const self = { id, name: settings.name };
    const parts = { settings, self, internalKey, peers, documents: index, files, replicas };
    return [
      resource('peer store', peers, () => peers.readStatus()),
      resource('documents', { close }, () => index.statistics()),
      ...(replicas ? [resource('replica registry', replicas)] : []),
      ...(replicas && settings.elasticsearchUrls.length === 0
        ? [createSoleReplica({ registry: replicas, clock, log })]
        : []),
      createExchange({ ...parts, clock, log, metrics }),
    ];
  },
});
process.exit(exitCode);
