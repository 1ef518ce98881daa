import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { MembershipEvent } from '@kith/membership';
import { peerStoreCompliance } from '@kith/membership/compliance';
import { createCollector } from '@kith/membership/compliance/collector';
import { replicaRegistryCompliance } from '@kith/membership/compliance/replica-registry';
import { sampleEvent, samplePeer } from '@kith/membership/compliance/samples';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { openRedisPeerStore, openRedisReplicaRegistry } from '../src/index.ts';
import { quietLog } from './quiet-log.ts';
import { startRedis, type TestRedis } from './redis-server.ts';

const skip = skipUnless(hasBinary('redis-server') && hasBinary('redis-cli'), 'no redis-server and redis-cli');
const clock = { now: () => Date.now() };

// One Cluster for the whole file: making one takes seconds. Ended with the process's last test.
let nodes: TestRedis[] = [];
const endings: (() => Promise<void> | void)[] = [];
const lasting = { after: (end: () => Promise<void> | void) => void endings.push(end) };
const cluster = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
test('a Cluster of three masters is made', { skip }, async () => {
  nodes = await Promise.all([1, 2, 3].map(() => startRedis(lasting, { arguments: cluster })));
  const places = nodes.map(({ host, port }) => `${host}:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...places, '--cluster-yes'], { stdio: 'ignore', timeout: 300_000 });
  const isWhole = () => nodes.every((node) => /cluster_state:ok/.test(node.cli('CLUSTER', 'INFO')));
  await waitFor(isWhole, { what: 'the Cluster', timeoutMs: 20_000 });
});
const options = () => ({
  url: `redis+cluster://${nodes.map(({ host, port }) => `${host}:${port}`).join(',')}`,
  log: quietLog,
  keyPrefix: `kith-${randomUUID()}`,
});

peerStoreCompliance(
  'redis cluster',
  async () => {
    const fixed = options();
    const open = () => openRedisPeerStore({ ...fixed, clock });
    return { store: await open(), second: open, reopen: open };
  },
  { skip },
);
replicaRegistryCompliance(
  'redis cluster',
  async () => {
    const fixed = options();
    return { registry: await openRedisReplicaRegistry(fixed), second: await openRedisReplicaRegistry(fixed) };
  },
  { skip },
);

test('all keys of a node lie in one slot, on one master', { skip }, async () => {
  const fixed = options();
  const store = await openRedisPeerStore({ ...fixed, clock });
  for (const peer of [1, 2, 3, 4].map((number) => samplePeer(number))) {
    await store.changePeer(peer.id, () => ({ peer, events: [{ type: 'sweep', message: 'x' }] }));
  }
  await store.close();
  const keys = nodes.map((node) => node.cli('KEYS', `{${fixed.keyPrefix}}:*`).split('\n').filter(Boolean).length);
  assert.deepEqual(
    keys.toSorted((a, b) => a - b),
    [0, 0, 7],
  );
});

test('a master is killed, its replica takes over, and store and followers go on', { skip }, async () => {
  const fixed = options();
  const store = await openRedisPeerStore({ ...fixed, clock });
  endings.push(() => store.close());
  const seen = createCollector<MembershipEvent>();
  await store.followEvents(seen.listener);
  const peer = samplePeer(1);
  await store.changePeer(peer.id, () => ({ peer, events: [sampleEvent(1)] }));
  await seen.until(1);
  const key = `{${fixed.keyPrefix}}:events`;
  const master = nodes.find((node) => node.cli('KEYS', key) === key);
  assert.ok(master);
  const replica = await startRedis(lasting, { arguments: cluster });
  const place = ({ host, port }: TestRedis) => `${host}:${port}`;
  const asReplica = ['--cluster-slave', '--cluster-master-id', master.cli('CLUSTER', 'MYID')];
  const words = ['--cluster', 'add-node', place(replica), place(master), ...asReplica];
  execFileSync('redis-cli', words, { stdio: 'ignore', timeout: 300_000 });
  // Killed before the others know the replica, it could not be elected.
  const others = nodes.filter((node) => node !== master);
  const isKnown = () => others.every((node) => node.cli('CLUSTER', 'NODES').includes(replica.host));
  const isFollowing = () => /master_link_status:up/.test(replica.cli('INFO', 'replication'));
  await waitFor(() => isKnown() && isFollowing(), { what: 'the replica', timeoutMs: 20_000 });
  await master.stop();
  const write = () => store.addEvents([sampleEvent(2)]).then(() => true);
  await waitFor(write, { what: 'the new master', timeoutMs: 30_000 });
  assert.deepEqual(await store.listPeers(), [peer]);
  await seen.until(2);
  assert.deepEqual(seen.items, await store.readEvents({ limit: 10 }));
});

test('the Cluster is taken down', { skip }, async () => {
  for (const end of endings.reverse()) await end();
});
