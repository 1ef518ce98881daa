import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasBinary, skipUnless, tempDirectory } from '@kith/testing';
import { openSeparateNode } from '../src/nodes/separate-node.ts';
import { freeAddress, startService } from '../src/nodes/service-process.ts';

const skip = skipUnless(hasBinary('redis-server'), 'needs redis-server');

test('replicas without Redis are refused, with what to set', async (t) => {
  const data = tempDirectory(t);
  const env = { HOME: data, KITH_DATA: data, KITH_BIND: freeAddress(), KITH_UPSTREAM: 'replicas' };
  await assert.rejects(startService('gateway', env), /gateway ended with 2:[\s\S]*set KITH_REDIS_URL/);
});

test('two services on one data folder without Redis are refused, with what to set', async (t) => {
  const data = tempDirectory(t);
  const bind = freeAddress();
  const env = { HOME: data, KITH_DATA: data, KITH_EXCHANGE_BIND: bind, KITH_EXCHANGE_PORT: '0' };
  const first = await startService('exchange', { ...env, KITH_OPERATIONS_PORT: 'off' });
  t.after(() => first.kill());
  await assert.rejects(startService('exchange', env), /exchange ended with 1:[\s\S]*KITH_DATA[\s\S]*KITH_REDIS_URL/);
});

test('a second exchange that shares Redis but not the documents is refused', { skip }, async (t) => {
  const node = await openSeparateNode({});
  t.after(() => node.close());
  const first = await node.start('exchange');
  await assert.rejects(
    node.start('exchange', { KITH_DATA: tempDirectory(t) }),
    /exchange ended with 2:[\s\S]*another exchange of this node runs[\s\S]*KITH_ELASTICSEARCH_URL/,
  );
  await first.stop();
  await node.start('exchange');
});
