/** A gateway with its peers in memory, for bench/gateway.ts: `gateway-node.ts <folder> <address> <upstream> [<peer JSON>]`. */

import { createGateway } from '@kith/gateway';
import { OwnerProof, openIdentity } from '@kith/identity';
import { createMemoryPeerStore, seen, trust } from '@kith/membership';
import { systemClock as clock, createLog } from '@kith/service';

const [folder = '', address = '', upstream = '', peerJson] = process.argv.slice(2);
const identity = await openIdentity(folder);
const peers = createMemoryPeerStore({ clock });
if (peerJson) {
  const { id, publicKey, port, at } = JSON.parse(peerJson);
  const reply = {
    id,
    publicKey,
    name: 'other',
    gatewayPort: port,
    instance: '0123456789abcdef',
    incarnation: 1,
    state: 'running',
    documents: { count: 0, version: 0 },
  } as const;
  const sighting = { reply, address: at, pingbackPort: 5800, roundTripMs: 1 };
  await peers.changePeer(id, (current) => seen(current, sighting, Date.now()));
  await peers.changePeer(id, (current) => trust(current, 'trusted', 'owner', Date.now()));
}
const gateway = createGateway({
  settings: {
    dataDirectory: folder,
    ownerUids: [],
    audit: 'off',
    name: 'bench',
    bind: address,
    pingbackPort: 5800,
    gatewayPort: 0,
    exchangePort: 1,
    exchangeUrl: undefined,
    upstream,
    upstreamTimeoutMs: 10_000,
    hosts: [],
    pairingCode: undefined,
  },
  identity,
  owner: new OwnerProof({ dataDirectory: folder, ownerUids: [] }),
  peers,
  clock,
  log: createLog('bench', 'warn'),
});
await gateway.start();
const { id, publicKey, internalKey } = identity;
console.log(JSON.stringify({ id, publicKey, internalKey, port: gateway.port(), at: address, pid: process.pid }));
process.once('SIGTERM', () => void gateway.stop().then(() => process.exit(0)));
