import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OwnerProof, openIdentity } from '@kith/identity';
import { createMemoryPeerStore, createMemoryReplicaRegistry } from '@kith/membership';
import { readSettings, silentLog, startInOrder } from '@kith/service';
import { createFakeClock, takenPort, tempDirectory } from '@kith/testing';
import { createGateway } from '../src/app.ts';
import { gatewaySettings } from '../src/config.ts';

test('a gateway whose port is taken says so, and stops looking for replicas', async (t) => {
  const clock = createFakeClock();
  const port = await takenPort(t);
  const gateway = createGateway({
    settings: readSettings(gatewaySettings, {
      KITH_BIND: '127.0.0.1',
      KITH_GATEWAY_PORT: String(port),
      KITH_UPSTREAM: 'replicas',
    }),
    identity: await openIdentity(tempDirectory(t)),
    owner: new OwnerProof({ dataDirectory: tempDirectory(t), ownerUids: [] }),
    peers: createMemoryPeerStore({ clock }),
    replicas: createMemoryReplicaRegistry({ clock }),
    clock,
    log: silentLog,
  });
  await assert.rejects(startInOrder([gateway]), {
    code: 'cannot_listen',
    message: /already in use.*KITH_GATEWAY_PORT/,
  });
  assert.equal(clock.sleeping, 0);
});
