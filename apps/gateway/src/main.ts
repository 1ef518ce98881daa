import { openPeerStore, openReplicaRegistry, peerStoreSettings } from '@kith/backend';
import { OwnerProof, openIdentity } from '@kith/identity';
import { ConfigError, resource, runService } from '@kith/service';
import { createGateway } from './app.ts';
import { gatewaySettings, REPLICAS } from './config.ts';

const exitCode = await runService({
  name: 'gateway',
  settings: { ...gatewaySettings, ...peerStoreSettings },
  env: process.env,
  operations: { port: 5806, bind: ({ bind }) => bind, owner: (values) => new OwnerProof(values) },
  open: async (settings, { log, clock, metrics }) => {
    const hasReplicas = settings.upstream === REPLICAS;
    if (hasReplicas && settings.redisUrl === undefined) {
      throw new ConfigError(['KITH_UPSTREAM is "replicas", which are registered in Redis: set KITH_REDIS_URL too']);
    }
    const identity = await openIdentity(settings.dataDirectory);
    const peers = await openPeerStore(settings, { log, clock });
    const replicas = hasReplicas ? await openReplicaRegistry(settings, { log, clock }) : undefined;
    return [
      resource('peer store', peers, () => peers.readStatus()),
      ...(replicas ? [resource('replica registry', replicas)] : []),
      createGateway({ settings, identity, owner: new OwnerProof(settings), peers, replicas, clock, log, metrics }),
    ];
  },
});
process.exit(exitCode);
