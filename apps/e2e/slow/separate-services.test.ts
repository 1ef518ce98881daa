import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { killUnderLoad } from '../src/nodes/kill-under-load.ts';
import type { OwnerClient } from '../src/nodes/owner-client.ts';
import { openSeparateNode, type SeparateNode } from '../src/nodes/separate-node.ts';
import type { ServiceProcess } from '../src/nodes/service-process.ts';

const [elasticsearch = ''] = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',');
const skip =
  skipUnless(hasBinary('redis-server'), 'needs redis-server') ||
  skipUnless(elasticsearch !== '', 'needs Elasticsearch: KITH_TEST_ELASTICSEARCH_URL');

/** How many replicas are killed under load. */
const KILLS = Math.ceil(Number(process.env.KITH_TEST_SECONDS ?? 20) / 2);

async function openNode(t: TestContext): Promise<SeparateNode> {
  const node = await openSeparateNode({ elasticsearch });
  t.after(() => node.close());
  return node;
}

const leaseHolder = (node: SeparateNode, name: string) => node.redisCli('HGET', `kith:lease:${name}`, 'holder');
const isFound = async (owner: OwnerClient, words: string) => (await owner.search(words)).results.length > 0;
const replicaIdOf = (exchange: ServiceProcess) => /"replica":"([0-9a-f]{16})"/.exec(exchange.output())?.[1] ?? '';
const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(Math.random() * all.length)];

test(
  'replicas are killed and started at random under load: no request that can be retried fails',
  { skip },
  async (t) => {
    const node = await openNode(t);
    await node.start('gateway');
    const exchanges = await Promise.all(Array.from({ length: 3 }, () => node.start('exchange')));
    const owner = node.owner();
    await waitFor(async () => (await owner.ask('/api/status')).status === 200, { what: 'the first answer' });
    const hash = await owner.post('lanterns', 'Lanterns burn oil. '.repeat(2_000));

    const late: string[] = [];
    const leaving = new Set<ServiceProcess>();
    const harm = async () => {
      const running = exchanges.filter((one) => one.isRunning() && !leaving.has(one));
      const victim = running.length > 1 ? pick(running) : undefined;
      if (victim === undefined) return false;
      leaving.add(victim);
      if (Math.random() < 0.7) await victim.kill();
      else void victim.stop();
      node.start('exchange').then(
        (one) => exchanges.push(one),
        (error) => late.push(String(error)),
      );
      return true;
    };
    const { counts, failures, kept } = await killUnderLoad({
      ...{ owner, kills: KILLS, harm },
      reads: [
        ...['/api/status', '/api/documents?limit=5', '/api/search?q=lanterns&scope=here'],
        `/api/documents/${hash}/content`,
      ],
    });
    t.diagnostic(JSON.stringify(counts));
    assert.deepEqual([...failures, ...late], []);
    for (const one of kept)
      assert.equal((await owner.ask(`/api/documents/${one}/content`)).status, 200, 'what was taken is there');
  },
);

test(
  'a replica that hangs is left within seconds, and the read that it had is answered by another',
  { skip },
  async (t) => {
    const node = await openNode(t);
    await node.start('gateway');
    const one = await node.start('exchange');
    const owner = node.owner();
    await waitFor(async () => (await owner.ask('/api/status')).status === 200, { what: 'the first answer' });
    one.signal('SIGSTOP');
    const reading = owner.ask('/api/status', { timeoutMs: 20_000 });
    await node.start('exchange');
    assert.equal((await reading).status, 200);
    // It is off the list by then, and asked no more.
    for (let n = 0; n < 10; n += 1) assert.equal((await owner.ask('/api/status')).status, 200);
  },
);

test(
  'folders are worked on by one replica: taken over within ten seconds after a kill, at once after a clean stop',
  { skip },
  async (t) => {
    const node = await openNode(t);
    const share = join(node.folder, 'share');
    mkdirSync(share);
    writeFileSync(join(share, 'a.txt'), 'apples');
    const env = { KITH_SHARE: share };
    await node.start('gateway');
    const exchanges = await Promise.all(Array.from({ length: 3 }, () => node.start('exchange', env)));
    const owner = node.owner();
    await waitFor(() => isFound(owner, 'apples'), { what: 'the folder to be indexed', timeoutMs: 20_000 });
    const holderOf = () =>
      exchanges.find((one) => one.isRunning() && replicaIdOf(one) === leaseHolder(node, 'folders'));
    const takeOver = async (end: (holder: ServiceProcess) => Promise<unknown>, fruit: string) => {
      const before = holderOf();
      assert.ok(before, 'one has the lease');
      const from = performance.now();
      const ended = end(before);
      await waitFor(() => holderOf() !== undefined && holderOf() !== before, {
        what: 'the take-over',
        timeoutMs: 10_000,
      });
      t.diagnostic(`taken over after ${Math.round(performance.now() - from)} ms`);
      writeFileSync(join(share, `${fruit}.txt`), fruit);
      await waitFor(() => isFound(owner, fruit), { what: `${fruit} to be indexed`, timeoutMs: 10_000 });
      await ended;
    };
    await takeOver((holder) => holder.kill(), 'bananas');
    const stopped = async (holder: ServiceProcess) => {
      assert.equal(await holder.stop(), 0);
      assert.notEqual(
        leaseHolder(node, 'folders'),
        replicaIdOf(holder),
        'the lease was given back, it did not run out',
      );
    };
    await takeOver(stopped, 'cherries');
  },
);

test('a stream of events stays with its replica, and tells what happens at the others', { skip }, async (t) => {
  const node = await openNode(t);
  await node.start('gateway');
  await Promise.all([node.start('exchange'), node.start('exchange')]);
  const owner = node.owner();
  await waitFor(async () => (await owner.ask('/api/status')).status === 200, { what: 'the first answer' });
  let text = '';
  const stream = request({ host: node.address, port: 5805, path: '/api/events' }, (answer) => {
    answer.on('data', (part) => {
      text += part;
    });
    answer.on('error', () => {});
  });
  stream.on('error', () => {});
  stream.end();
  t.after(() => void stream.destroy());
  await waitFor(() => text.includes('event: shares'), { what: 'the first event' });
  for (let n = 1; n <= 4; n += 1) {
    await owner.post(`note ${n}`, `text ${n}`);
    await waitFor(() => text.includes(`data: {"count":${n},`), { what: `the count ${n}`, timeoutMs: 5_000 });
  }
});

test('of two scanners one works; after a kill the other does within ten seconds', { skip }, async (t) => {
  const node = await openNode(t);
  const [one, two] = await Promise.all([node.start('scanner'), node.start('scanner')]);
  const works = (scanner: ServiceProcess) => scanner.output().includes('this scanner works');
  await waitFor(() => works(one) || works(two), { what: 'one of them to work' });
  const [first, second] = works(one) ? [one, two] : [two, one];
  assert.ok(!works(second));
  const from = performance.now();
  await first.kill();
  await waitFor(() => works(second), { what: 'the other to work', timeoutMs: 10_000 });
  t.diagnostic(`taken over after ${Math.round(performance.now() - from)} ms`);
  assert.equal(await second.stop(), 0);
  assert.equal(leaseHolder(node, 'scanner'), '');
});

test('two gateways of one node serve the same; Redis away for a while costs no request', { skip }, async (t) => {
  const node = await openNode(t);
  await Promise.all([
    node.start('gateway'),
    node.start('gateway', { KITH_GATEWAY_PORT: '5815' }),
    node.start('exchange'),
  ]);
  const [one, two] = [node.owner(5805), node.owner(5815)];
  const hash = await waitFor(() => one.post('ropes', 'A rope holds a boat.').catch(() => undefined), {
    what: 'the exchange',
  });
  assert.equal((await two.ask(`/api/documents/${hash}/content`)).body.toString(), 'A rope holds a boat.');
  assert.equal((await one.node()).id, (await two.node()).id);
  node.redis.signal('SIGSTOP');
  const away = pause(8_000).then(() => true);
  for (let asked = 0; asked <= 10 || !(await Promise.race([away, false])); asked += 1) {
    for (const gateway of [one, two]) assert.equal((await gateway.ask(`/api/documents/${hash}/content`)).status, 200);
  }
  node.redis.signal('SIGCONT');
});
