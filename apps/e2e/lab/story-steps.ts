import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import type { KithNode } from '../src/nodes/kith-node.ts';
import type { OwnerClient } from '../src/nodes/owner-client.ts';
import { found, isFound, type LabRoom, OUR_OWN } from './lab-room.ts';

/** Machines come up one after the other, share, and search each other. Starts dora. */
export async function storySteps(
  t: TestContext,
  { ana, ben, chidi, say }: Omit<LabRoom, 'dora'>,
  startDora: (share: string) => Promise<KithNode>,
): Promise<KithNode> {
  ana.share('filter.txt', 'Change the ceramic water filter every six months. Boil water when it is cracked.');
  ben.share('camp.md', '# Camp rules\n\nNobody drinks from the river. Water comes from the filter.');
  chidi.share('浄水器.txt', '浄水器のフィルターは半年ごとに交換してください。 Water filter, in Japanese.');

  await t.test('one command brings a machine up, every service healthy', async () => {
    say(`ana: docker compose up, until all are healthy: ${Math.round(await ana.up())} ms`);
    const healthy = (await ana.containers()).filter(({ health }) => health === 'healthy');
    assert.deepEqual(healthy.map(({ service }) => service).sort(), ['elasticsearch', 'redis', ...OUR_OWN].sort());
    await waitFor(() => isFound(ana, 'ceramic'), { what: 'the shared file', timeoutMs: 10_000 });
  });

  await t.test('Elasticsearch answers nobody on the machine who does not know its password', async () => {
    const [{ name = '' } = {}] = await ana.containers('elasticsearch');
    const address = await ana.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', name);
    const curl = ['-sS', '-o', '/dev/null', '-w', '%{http_code}', `http://${address.trim()}:9200/_cat/indices`];
    assert.equal(await ana.host.tool('exec', String(ana.host.number), 'curl', ...curl), '401');
    assert.equal((await ana.compose('exec', '-T', 'elasticsearch', 'curl', ...curl)).trim(), '200');
  });

  /** Both find what only the other has; milliseconds since 1970. */
  const foundEachOther = async (one: OwnerClient, hasOne: string, other: OwnerClient, hasOther: string) => {
    await Promise.all([
      waitFor(() => isFound(one, hasOther), { what: `"${hasOther}" to be found`, timeoutMs: 60_000 }),
      waitFor(() => isFound(other, hasOne), { what: `"${hasOne}" to be found`, timeoutMs: 60_000 }),
    ]);
    return Date.now();
  };

  await t.test('a second machine is found, and its documents with it', async () => {
    const [foundAt] = await Promise.all([foundEachOther(ana, 'ceramic', ben, 'river'), ben.up()]);
    // Docker looks at the health every five seconds: the service itself tells when it was ready.
    const line = /\{.*"msg":"exchange is ready"\}/.exec(await ben.compose('logs', 'exchange'))?.[0] ?? '{}';
    const ms = foundAt - (JSON.parse(line) as { time: number }).time;
    say(`ana and ben find each other's documents ${ms} ms after ben's exchange, the last to start, was ready`);
  });

  const folder = tempDirectory(t);
  writeFileSync(join(folder, 'tea.txt'), 'Tea needs water, and the water of the filter tastes best.');
  const dora = await startDora(folder);
  const readyAt = Date.now();
  await t.test('so is a node that runs in one process', async () => {
    const foundAt = await foundEachOther(ana, 'ceramic', dora, 'tea');
    say(`ana and dora (npm start) find each other's documents ${foundAt - readyAt} ms after dora was ready`);
  });

  await t.test('Compose and embedded nodes show the same results in the same order', async () => {
    await chidi.up();
    const all = [ana, ben, chidi, dora];
    for (const node of all)
      await waitFor(async () => (await found(node, 'water filter')).length === 4, {
        what: 'all four documents',
        timeoutMs: 20_000,
      });
    const orders = await Promise.all(all.map((node) => found(node, 'water filter')));
    for (const order of orders) assert.deepEqual(order, orders[0]);
    say(`"water filter" at all four: ${orders[0]?.map(({ holders }) => holders.join('+')).join(', ')}`);
    for (const node of all) assert.deepEqual((await found(node, '浄水器'))[0]?.holders, ['chidi']);
  });

  await t.test('a hit is opened from the machine that holds it', async () => {
    for (const node of [dora, chidi]) {
      const hit = (await node.search('"ceramic water filter"')).results[0];
      assert.equal(hit?.holders[0]?.name, 'ana');
      const answer = await node.ask(`/peers/${hit?.holders[0]?.id}/api/documents/${hit?.hash}/content`);
      assert.equal(answer.status, 200);
      assert.equal(createHash('sha256').update(answer.body).digest('hex'), hit?.hash);
    }
  });

  await t.test('the command line is one of the images', async () => {
    const peers = await ana.compose('run', '--rm', '-T', 'kith', 'peers');
    for (const name of ['ben', 'chidi', 'dora']) assert.match(peers, new RegExp(`^${name} .*alive +trusted`, 'm'));
    say(`docker compose run --rm kith peers:\n${peers}`);
    say(`docker compose run --rm kith doctor:\n${await ana.compose('run', '--rm', '-T', 'kith', 'doctor')}`);
  });
  return dora;
}
