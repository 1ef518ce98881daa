import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { TestContext } from 'node:test';
import { waitFor } from '@kith/testing';
import { found, isFound, type LabRoom, OUR_OWN } from './lab-room.ts';

/** Machines come up one after the other, share, and search each other. */
export async function storySteps(t: TestContext, { ana, ben, chidi, dora, say }: LabRoom): Promise<void> {
  ana.share('filter.txt', 'Change the ceramic water filter every six months. Boil water when it is cracked.');
  ben.share('camp.md', '# Camp rules\n\nNobody drinks from the river. Water comes from the filter.');
  chidi.share('浄水器.txt', '浄水器のフィルターは半年ごとに交換してください。 Water filter, in Japanese.');

  await t.test('one command brings a machine up, every service healthy', async () => {
    say(`ana: docker compose up, until all are healthy: ${Math.round(await ana.up())} ms`);
    const healthy = (await ana.containers()).filter(({ health }) => health === 'healthy');
    assert.deepEqual(healthy.map(({ service }) => service).sort(), ['elasticsearch', 'redis', ...OUR_OWN].sort());
    await waitFor(() => isFound(ana, 'ceramic'), { what: 'the shared file', timeoutMs: 10_000 });
  });

  await t.test('a second machine is found, and its documents with it', async () => {
    await ben.up();
    const ready = performance.now();
    await Promise.all([
      waitFor(() => isFound(ana, 'river'), { what: 'ana to find what ben has', timeoutMs: 20_000 }),
      waitFor(() => isFound(ben, 'ceramic'), { what: 'ben to find what ana has', timeoutMs: 20_000 }),
    ]);
    say(`ana and ben find each other's documents ${Math.round(performance.now() - ready)} ms after ben was healthy`);
  });

  await t.test('Compose and embedded nodes show the same results in the same order', async () => {
    await chidi.up();
    await dora.post('Tea', 'Tea needs water, and the water of the filter tastes best.');
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
}
