import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createMemoryDocumentIndex, createMemoryFileCatalogue } from '@kith/documents';
import { createMemoryPeerStore, createMemoryReplicaRegistry } from '@kith/membership';
import { readSettings, silentLog, startInOrder } from '@kith/service';
import { createFakeClock, takenPort, tempDirectory } from '@kith/testing';
import { createExchange, exchangeSettings } from '../src/app.ts';
import { KEY, SELF } from './running-exchange.ts';

test('an exchange whose port is taken stops what it had started', async (t) => {
  const clock = createFakeClock();
  const data = join(tempDirectory(t), 'data');
  mkdirSync(data);
  const registry = createMemoryReplicaRegistry({ clock });
  const exchange = createExchange({
    settings: readSettings(exchangeSettings, {
      KITH_DATA: data,
      KITH_EXCHANGE_PORT: String(await takenPort(t)),
    }),
    self: { id: SELF, name: 'ana' },
    internalKey: KEY,
    peers: createMemoryPeerStore({ clock }),
    documents: createMemoryDocumentIndex(),
    files: createMemoryFileCatalogue(),
    replicas: registry,
    clock,
    log: silentLog,
  });
  await assert.rejects(startInOrder([exchange]), { code: 'EADDRINUSE' });
  assert.equal(clock.sleeping, 0);
  assert.deepEqual(await registry.list('exchange'), []);
});
