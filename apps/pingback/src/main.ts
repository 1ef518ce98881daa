import { randomBytes } from 'node:crypto';
import { openPeerStore, peerStoreSettings } from '@kith/backend';
import { nextIncarnation, OwnerProof, openIdentity } from '@kith/identity';
import { createLan } from '@kith/lan';
import { resource, runService } from '@kith/service';
import { createPingback, pingbackSettings } from './app.ts';

const exitCode = await runService({
  name: 'pingback',
  settings: { ...pingbackSettings, ...peerStoreSettings },
  env: process.env,
  operations: { port: 5801, bind: ({ bind }) => bind, owner: (values) => new OwnerProof(values) },
  open: async (settings, { log, clock }) => {
    const identity = await openIdentity(settings.dataDirectory);
    const incarnation = await nextIncarnation(settings.dataDirectory, {
      onDamage: (sentence) => log.warn({}, sentence),
    });
    const instance = randomBytes(8).toString('hex');
    const peers = await openPeerStore(settings, { log, clock });
    const lan = createLan({ clock, log });
    const { neighbours } = lan;
    return [
      resource('peer store', peers, () => peers.readStatus()),
      resource('lan', lan),
      createPingback({ settings, identity, incarnation, instance, peers, neighbours, clock, log }),
    ];
  },
});
process.exit(exitCode);
