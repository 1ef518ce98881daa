import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { MembershipEvent } from '@kith/membership';
import { createCollector } from '@kith/membership/compliance/collector';
import { sampleEvent, samplePeer } from '@kith/membership/compliance/samples';
import { hasBinary, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { openRedisPeerStore } from '../src/index.ts';
import { quietLog } from './quiet-log.ts';
import { ownAddress, startRedis } from './redis-server.ts';

const skip = skipUnless(hasBinary('redis-server') && hasBinary('redis-cli'), 'no redis-server and redis-cli');

async function startSentinel(t: TestContext, master: { host: string; port: number }) {
  const directory = tempDirectory(t);
  const host = ownAddress();
  const file = join(directory, 'sentinel.conf');
  const lines = [
    `bind ${host}`,
    'port 26379',
    `dir ${directory}`,
    `sentinel monitor kith ${master.host} ${master.port} 1`,
    'sentinel down-after-milliseconds kith 500',
    'sentinel failover-timeout kith 3000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn('redis-server', [file, '--sentinel'], { stdio: 'ignore' });
  t.after(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  });
  return { host, port: 26379 };
}

test('Sentinel: the master is killed, the replica takes over, and store and followers go on', { skip }, async (t) => {
  const master = await startRedis(t);
  const follow = ['--replicaof', master.host, String(master.port), '--repl-diskless-sync-delay', '0'];
  const replica = await startRedis(t, { arguments: follow });
  await waitFor(() => /master_link_status:up/.test(replica.cli('INFO', 'replication')), {
    what: 'the replica to follow',
    timeoutMs: 15_000,
  });
  const address = await startSentinel(t, master);
  const store = await waitFor(
    async () => {
      const opened = await openRedisPeerStore({
        // The first one does not answer.
        url: `redis+sentinel://${ownAddress()},${address.host}:${address.port}/kith`,
        clock: { now: () => Date.now() },
        log: quietLog,
      });
      t.after(() => opened.close());
      return opened;
    },
    { what: 'the Sentinel' },
  );
  await waitFor(() => store.listPeers().then(() => true), { what: 'the master', timeoutMs: 10_000 });
  const seen = createCollector<MembershipEvent>();
  await store.followEvents(seen.listener);
  const peer = samplePeer(1);
  await store.changePeer(peer.id, () => ({ peer, events: [sampleEvent(1)] }));
  await seen.until(1);
  await waitFor(() => replica.cli('EXISTS', `kith:peer:${peer.id}`) === '1', { what: 'the replica to have it' });
  await waitFor(() => /num-slaves\n1/.test(sentinelSays(address, replica)), {
    what: 'the Sentinel to know the replica',
    timeoutMs: 15_000,
  });
  await master.stop();
  await waitFor(() => store.addEvents([sampleEvent(2)]).then(() => true), {
    what: 'the new master',
    timeoutMs: 20_000,
  });
  assert.deepEqual(await store.listPeers(), [peer]);
  assert.equal(replica.cli('ROLE').split('\n')[0], 'master');
  await seen.until(2);
  assert.deepEqual(seen.items, await store.readEvents({ limit: 10 }));
});

function sentinelSays(
  { host, port }: { host: string; port: number },
  any: { cli(...words: string[]): string },
): string {
  // A later -h and -p of redis-cli count.
  return any.cli('-h', host, '-p', String(port), 'SENTINEL', 'MASTER', 'kith');
}
