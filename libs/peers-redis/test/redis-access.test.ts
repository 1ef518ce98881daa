import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { MembershipEvent } from '@kith/membership';
import { createCollector } from '@kith/membership/compliance/collector';
import { sampleEvent, samplePeer } from '@kith/membership/compliance/samples';
import { hasBinary, skipUnless, tempDirectory } from '@kith/testing';
import { openRedisPeerStore, openRedisReplicaRegistry, type RedisConnectionOptions } from '../src/index.ts';
import { createLineLog, quietLog } from './quiet-log.ts';
import { ownAddress, startRedis } from './redis-server.ts';

const skip = skipUnless(hasBinary('redis-server') && hasBinary('redis-cli'), 'no redis-server and redis-cli');
const skipTls = skip || skipUnless(hasBinary('openssl'), 'no openssl');
const clock = { now: () => Date.now() };
type Options = Omit<RedisConnectionOptions, 'log'>;

/** Every kind of command once: what the access allows must be enough for all of them. */
async function assertWorks(t: TestContext, options: Options): Promise<void> {
  const store = await openRedisPeerStore({ ...options, clock, log: quietLog });
  t.after(() => store.close());
  const seen = createCollector<MembershipEvent>();
  const candidates = createCollector<unknown>();
  await store.followEvents(seen.listener);
  await store.followCandidates(candidates.listener);
  const peer = samplePeer(1);
  await store.changePeer(peer.id, () => ({ peer, events: [sampleEvent(1)] }));
  await store.noteCandidate({ address: '10.0.0.1', pingbackPort: 5800, source: 'asked' });
  await store.writeStatus({ documents: { count: 1, version: 1 }, self: undefined });
  await store.putDevices([]);
  assert.deepEqual(await store.listPeers(), [peer]);
  assert.equal((await store.readStatus()).documents.count, 1);
  assert.deepEqual(await seen.until(1), await store.readEvents({ limit: 10 }));
  await candidates.until(1);
  const registry = await openRedisReplicaRegistry({ ...options, log: quietLog });
  t.after(() => registry.close());
  assert.ok(await registry.acquire({ name: 'watch', holder: 'a', ttlMs: 1000 }));
}

const refused = (message: RegExp) => ({ code: 'bad_configuration', message });
const open = (options: Options) => openRedisPeerStore({ ...options, clock, log: quietLog });

test(
  'a password, apart or in the URL; a wrong or missing one is refused at once with what to do',
  { skip },
  async (t) => {
    const redis = await startRedis(t, { arguments: ['--requirepass', 's3cret/with@signs'] });
    await assertWorks(t, { url: redis.url, password: 's3cret/with@signs' });
    await open({ url: redis.url.replace('redis://', 'redis://:s3cret%2Fwith%40signs@') }).then((store) =>
      store.close(),
    );
    await assert.rejects(open({ url: redis.url, password: 'wrong' }), refused(/password is wrong/));
    await assert.rejects(open({ url: redis.url }), refused(/wants a password/));
  },
);

test('a user of its own that may touch only kith keys is enough', { skip }, async (t) => {
  const user = ['--user', 'kith', 'on', '>s3cret', '~kith:*', '+@all', '-@admin', '-@dangerous', '+info'];
  const redis = await startRedis(t, { arguments: [...user, '--user', 'default', 'off'] });
  await assertWorks(t, { url: redis.url.replace('redis://', 'redis://kith:s3cret@') });
});

test('a socket in the file system', { skip }, async (t) => {
  const path = join(tempDirectory(t), 'redis.sock');
  await startRedis(t, { arguments: ['--unixsocket', path] });
  await assertWorks(t, { url: `unix://${path}` });
});

test('settings that cannot be right are refused before anything is opened', async () => {
  await assert.rejects(open({ url: 'http://localhost' }), refused(/Accepted: redis:/));
  await assert.rejects(open({ url: 'redis+cluster://127.0.0.1/3' }), refused(/database 0/));
});

test('TLS: the right authority is enough, any other is not believed', { skip: skipTls }, async (t) => {
  const directory = tempDirectory(t);
  const host = ownAddress();
  const file = (name: string) => join(directory, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: directory, stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  for (const name of ['ca', 'other']) {
    openssl('req', '-x509', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.crt`, '-subj', `/CN=${name}`);
  }
  const names = ['-subj', '/CN=redis', '-addext', `subjectAltName=IP:${host}`];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-keyout',
    'redis.key',
    '-out',
    'redis.crt',
    ...names,
  );
  const tls = ['--tls-cert-file', file('redis.crt'), '--tls-key-file', file('redis.key'), '--tls-auth-clients', 'no'];
  const redis = await startRedis(t, {
    host,
    isTls: true,
    scheme: 'rediss://',
    arguments: [...tls, '--requirepass', 'x'],
  });
  await assertWorks(t, { url: redis.url, password: 'x', tls: { ca: readFileSync(file('ca.crt'), 'utf8') } });
  const log = createLineLog();
  const ca = readFileSync(file('other.crt'), 'utf8');
  const store = await openRedisPeerStore({ url: redis.url, password: 'x', tls: { ca }, clock, log });
  t.after(() => store.close());
  await assert.rejects(store.listPeers(), { code: 'store_away' });
  assert.ok(log.lines.some((line) => /away/.test(line)));
});
