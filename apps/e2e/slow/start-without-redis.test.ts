import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { openSeparateNode } from '../src/nodes/separate-node.ts';

const [elasticsearch = ''] = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',');
const skip =
  skipUnless(hasBinary('redis-server'), 'needs redis-server') ||
  skipUnless(elasticsearch !== '', 'needs Elasticsearch: KITH_TEST_ELASTICSEARCH_URL');

test('services that start while Redis is away do their work once it is there', { skip }, async (t) => {
  const node = await openSeparateNode({ elasticsearch });
  t.after(() => node.close());
  node.redis.signal('SIGSTOP');
  const services = await Promise.all(
    (['pingback', 'scanner', 'gateway', 'exchange'] as const).map((app) => node.start(app)),
  );
  const whoAreYou = `http://${node.address}:5800/?nonce=${randomBytes(16).toString('hex')}`;
  const pingback = await fetch(whoAreYou);
  assert.equal(pingback.status, 200, 'who this node is needs no store');
  const { instance } = (await pingback.json()) as { instance: string };
  node.redis.signal('SIGCONT');
  const owner = node.owner();
  await waitFor(async () => (await owner.search('anything')).coverage[0]?.status === 'answered', {
    what: 'the first answer',
    timeoutMs: 15_000,
  });
  await waitFor(() => node.redisCli('HGET', 'kith:status', 'self').includes(instance), {
    what: 'the pingback to tell the others who it is',
  });
  await waitFor(() => node.redisCli('HGET', 'kith:lease:scanner', 'holder'), { what: 'the scanner to work' });
  for (const service of services) assert.ok(service.isRunning(), service.name);
});
