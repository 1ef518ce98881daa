import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@kith/testing';
import type { ComposeService } from '../src/compose/compose-machine.ts';
import { found, isFound, isHealthy, type LabRoom } from './lab-room.ts';

const SERVICES: readonly ComposeService[] = ['pingback', 'scanner', 'gateway', 'exchange', 'redis', 'elasticsearch'];

/** What a machine must survive. */
export async function faultSteps(t: TestContext, room: LabRoom): Promise<void> {
  const { ana, ben, dora, say, seconds } = room;
  const everything = (await found(dora, 'water filter')).length;
  /** All of ana's services are well, she finds the others' documents and they find hers. */
  const isWhole = async () =>
    (await isHealthy(ana)) &&
    (await found(ana, 'water filter')).length === everything &&
    (await found(ben, 'water filter')).length === everything;
  const recovers = async (what: string) => {
    const from = performance.now();
    await waitFor(isWhole, { what: `ana to be whole after ${what}`, timeoutMs: 60_000 });
    say(`${what}: whole again after ${((performance.now() - from) / 1_000).toFixed(1)} s`);
  };

  async function whileStopped<T>(service: ComposeService, body: () => Promise<T>): Promise<T> {
    await ana.compose('stop', service);
    try {
      return await body();
    } finally {
      await ana.compose('start', service);
    }
  }

  await t.test(`Redis stopped for ${seconds / 2} s: everybody still finds everything`, async () => {
    await whileStopped('redis', async () => {
      const until = performance.now() + (seconds / 2) * 1_000;
      let searches = 0;
      while (performance.now() < until) {
        for (const node of [ana, ben, dora]) {
          const page = await node.search('water filter');
          assert.equal(page.results.length, everything, JSON.stringify(page.coverage));
        }
        searches += 3;
        await pause(500);
      }
      say(`${searches} searches without Redis, each with every document`);
    });
    await recovers('Redis stopped');
  });

  await t.test(`Elasticsearch stopped for ${seconds} s: what is shared meanwhile appears afterwards`, async () => {
    const upload = await whileStopped('elasticsearch', async () => {
      const until = performance.now() + seconds * 1_000;
      ana.share('ladder.txt', 'The ladder leans at the north wall.');
      const answer = await ana.ask('/api/documents', { method: 'POST', body: { title: 'anchor', text: 'An anchor.' } });
      say(`upload meanwhile: ${answer.status} ${answer.body.toString().slice(0, 200)}`);
      const page = await ana.search('water filter');
      const own = page.coverage.find(({ self }) => self);
      assert.equal(own?.status, 'index-away');
      assert.equal(page.results.length, everything - 1, 'the others answer');
      const ofAna = (await ben.search('water filter')).coverage.find(({ name }) => name === 'ana');
      assert.equal(ofAna?.status, 'index-away');
      say(`the answer meanwhile: ana: ${own?.message}; at ben: ${ofAna?.message}`);
      await pause(Math.max(0, until - performance.now()));
      return answer;
    });
    await waitFor(() => isFound(ben, 'ladder'), { what: 'what was shared meanwhile', timeoutMs: 90_000 });
    if (upload.status === 201) await waitFor(() => isFound(ben, 'anchor'), { what: 'what was uploaded meanwhile' });
    await recovers('Elasticsearch stopped');
  });

  for (const service of SERVICES) {
    await t.test(`docker compose restart ${service}`, async () => {
      await ana.compose('restart', service);
      await recovers(`restart of ${service}`);
    });
  }

  for (const service of SERVICES) {
    await t.test(`kill -9 of ${service}`, async () => {
      for (const { name } of await ana.containers(service)) await ana.crash(name);
      await recovers(`kill -9 of ${service}`);
    });
  }

  await t.test('a power cut: all killed at once, noticed by the others, whole again by itself', async () => {
    await ana.host.cut();
    await Promise.all((await ana.containers()).map(({ name }) => ana.crash(name)));
    const from = performance.now();
    const stateAt = async (node: typeof dora) => (await node.peers()).find(({ name }) => name === 'ana')?.state;
    await waitFor(async () => (await stateAt(dora)) === 'dead', { what: 'dora to notice', timeoutMs: 12_000 });
    say(`dora noticed after ${((performance.now() - from) / 1_000).toFixed(1)} s`);
    await ana.host.mend();
    await recovers('a power cut');
  });

  await t.test('down and up again: the same node with the same peers and documents', async () => {
    const before = await ana.node();
    const hash = await ana.post('kettle', 'A kettle whistles.');
    await ana.compose('down');
    await ana.up();
    await recovers('down and up');
    assert.equal((await ana.node()).id, before.id);
    assert.ok((await ana.peers()).every(({ trust }) => trust === 'trusted'));
    assert.equal((await ana.ask(`/api/documents/${hash}/content`)).body.toString(), 'A kettle whistles.');
  });
}
