import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { tempDirectory } from '@kith/testing';
import { openPeerStore, openReplicaRegistry, peerStoreSettings as settings } from '../src/index.ts';

const needs = { log: silentLog, clock: systemClock };

test('with no URL the peers are a file in the data directory, and the process is its own only replica', async (t) => {
  const dataDirectory = tempDirectory(t);
  const values = { ...readSettings(settings, {}), dataDirectory };
  const peers = await openPeerStore(values, needs);
  const replicas = await openReplicaRegistry(values, needs);
  t.after(() => Promise.all([peers.close(), replicas.close()]));
  assert.deepEqual(await peers.listPeers(), []);
  assert.ok(existsSync(join(dataDirectory, 'peers.sqlite')));
  assert.ok(await replicas.acquire({ name: 'folders', holder: 'me', ttlMs: 1000 }));
});

test('with a Redis URL nothing is in a file; a Redis that is away is an error of each call', async (t) => {
  const dataDirectory = tempDirectory(t);
  const values = { ...readSettings(settings, { KITH_REDIS_URL: `unix://${dataDirectory}/none.sock` }), dataDirectory };
  const [peers, replicas] = await Promise.all([openPeerStore(values, needs), openReplicaRegistry(values, needs)]);
  t.after(() => Promise.all([peers.close(), replicas.close()]));
  await assert.rejects(peers.listPeers(), { code: 'store_away' });
  await assert.rejects(replicas.list('exchange'), { code: 'store_away' });
  assert.ok(!existsSync(join(dataDirectory, 'peers.sqlite')));
});

test('passwords and the authority come from files', (t) => {
  const directory = tempDirectory(t);
  const fileOf = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const values = readSettings(settings, {
    KITH_REDIS_URL: 'rediss://host',
    KITH_REDIS_PASSWORD_FILE: fileOf('password', 'open sesame\n'),
    KITH_REDIS_SENTINEL_PASSWORD_FILE: fileOf('sentinel', 'other'),
    KITH_REDIS_CA_FILE: fileOf('ca.pem', '-----BEGIN CERTIFICATE-----'),
  });
  assert.equal(values.redisPassword, 'open sesame');
  assert.equal(values.redisSentinelPassword, 'other');
  assert.equal(values.redisCa, '-----BEGIN CERTIFICATE-----');
});

test('a wrong URL is refused with what is accepted, and without the password that it holds', () => {
  assert.throws(
    () => readSettings(settings, { KITH_REDIS_URL: 'http://:secret@host' }),
    ({ message }: Error) => {
      assert.match(message, /KITH_REDIS_URL.*accepted: redis:\/\/host:6379/);
      assert.doesNotMatch(message, /secret/);
      return true;
    },
  );
});
