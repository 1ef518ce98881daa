import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { createLan, isRoot, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import type { KithNode } from '../src/nodes/kith-node.ts';
import { startOnHost } from '../src/nodes/lan-nodes.ts';

const skip = skipUnless(isRoot() && process.platform === 'linux', 'needs root on Linux for network namespaces');

const texts: Record<string, [string, string]> = {
  ana: ['Water filter', 'Change the ceramic water filter every six months. Boil water when the filter is cracked.'],
  ben: ['Camp rules', 'Nobody drinks from the river. Water comes from the filter at the kitchen.'],
  chidi: ['浄水器の手入れ', '浄水器のフィルターは半年ごとに交換してください。 Water filter, in Japanese.'],
};

async function peerOf(node: KithNode, name: string, state: string, timeoutMs: number) {
  const what = `${node.name} to see ${name} ${state}`;
  return waitFor(async () => (await node.peers()).find((peer) => peer.name === name && peer.state === state), {
    timeoutMs,
    what,
  });
}

test('three machines find, trust, search, lose and find each other again', { skip }, async (t) => {
  const folder = tempDirectory(t);
  const lan = await createLan({ hosts: 4 });
  t.after(() => lan.close());
  const nodes = new Map<string, KithNode>();
  t.after(() => Promise.all([...nodes.values()].map((node) => node.kill())));
  const start = async (name: string, host: number, env = {}) => {
    const node = await startOnHost({ host: lan.host(host), folder, name, env });
    nodes.set(name, node);
    return node;
  };
  const [ana, ben, chidi] = await Promise.all([start('ana', 0), start('ben', 1), start('chidi', 2)]);

  await t.test('each lists the other two as pending; two owners who compare see the same number', async () => {
    for (const node of [ana, ben, chidi]) {
      const others = ['ana', 'ben', 'chidi'].filter((name) => name !== node.name);
      for (const name of others) {
        const seen = await waitFor(async () => (await node.peers()).find((peer) => peer.name === name), {
          timeoutMs: 8000,
          what: `${node.name} to see ${name}`,
        });
        assert.equal(seen.trust, 'pending');
      }
    }
    await ana.openComparison('ben');
    await waitFor(async () => (await ben.comparison()).knock?.peer.name === 'ana', { what: 'ben to be told' });
    await ben.openComparison('ana');
    const numberAt = (node: KithNode) =>
      waitFor(async () => (await node.comparison()).open?.number, { what: `a number at ${node.name}` });
    const [number, theirs] = [await numberAt(ana), await numberAt(ben)];
    assert.match(number, /^\d{6}$/);
    assert.equal(theirs, number);
    await ana.saySame('ben', number);
    const trustAt = async (node: KithNode, of: string) => (await node.peers()).find(({ name }) => name === of)?.trust;
    assert.deepEqual([await trustAt(ana, 'ben'), await trustAt(ben, 'ana')], ['trusted', 'pending']);
    assert.equal((await ben.saySame('ana', theirs)).last?.end, 'same');
    assert.equal(await trustAt(ben, 'ana'), 'trusted');
    for (const [node, of] of [
      [ana, 'ben'],
      [ben, 'ana'],
    ] as const)
      await node.trust(of, 'pending');
  });

  await t.test('a pending peer gets nothing', async () => {
    await ana.post(...(texts.ana ?? ['', '']));
    const answer = await ben.ask('/peers/ana/api/documents');
    assert.equal(answer.status, 403);
    assert.deepEqual((await ben.search('water filter')).results, []);
  });

  await t.test('after approval any of them searches all three, in the same order', async () => {
    await ben.post(...(texts.ben ?? ['', '']));
    await chidi.post(...(texts.chidi ?? ['', '']));
    for (const node of [ana, ben, chidi]) for (const peer of await node.peers()) await node.trust(peer.id);
    const pages = await Promise.all([ana, ben, chidi].map((node) => node.search('water filter')));
    for (const page of pages) {
      assert.equal(
        page.coverage.filter(({ status }) => status === 'answered').length,
        3,
        JSON.stringify(page.coverage),
      );
      assert.deepEqual(
        page.results.map(({ hash }) => hash),
        pages[0]?.results.map(({ hash }) => hash),
      );
      assert.equal(page.results.length, 3);
    }
    const japanese = await ana.search('浄水器');
    assert.deepEqual(
      japanese.results.map(({ holders }) => holders.map(({ name }) => name)),
      [['chidi']],
    );
  });

  await t.test('a hit is opened and downloaded from its holder, whole and in parts', async () => {
    const hit = (await chidi.search('"ceramic water filter"')).results[0];
    assert.equal(hit?.holders[0]?.name, 'ana');
    const url = `/peers/${hit?.holders[0]?.id}/api/documents/${hit?.hash}/content`;
    const whole = await chidi.ask(url);
    assert.equal(whole.status, 200);
    assert.equal(createHash('sha256').update(whole.body).digest('hex'), hit?.hash);
    assert.match(String(whole.headers['content-disposition']), /^attachment/);
    assert.match(String(whole.headers['content-security-policy']), /sandbox/);
    const part = await chidi.ask(url, { headers: { range: 'bytes=7-13' } });
    assert.equal(part.status, 206);
    assert.deepEqual(part.body, whole.body.subarray(7, 14));
  });

  await t.test(
    'a machine that is switched off is noticed within 10 s, and searches say that it was not asked',
    async () => {
      lan.host(1).cut();
      await ben.kill();
      const from = performance.now();
      await Promise.all([peerOf(ana, 'ben', 'dead', 11_000), peerOf(chidi, 'ben', 'dead', 11_000)]);
      t.diagnostic(`dead after ${((performance.now() - from) / 1000).toFixed(1)} s`);
      const page = await ana.search('water filter');
      const ofBen = page.coverage.find(({ name }) => name === 'ben');
      assert.equal(ofBen?.status, 'away');
      assert.equal(ofBen?.ms, undefined);
      assert.equal(page.results.length, 2);
    },
  );

  await t.test('it comes back with another address and is the same, trusted peer', async () => {
    const before = (await ana.peers()).find(({ name }) => name === 'ben');
    lan.host(1).mend();
    const address = await lan.host(1).setAddress(lan.addressOf(77));
    const back = await start('ben', 1);
    for (const node of [ana, chidi]) {
      const peer = await peerOf(node, 'ben', 'alive', 15_000);
      assert.equal(peer.id, before?.id);
      assert.equal(peer.trust, 'trusted');
      assert.equal(peer.addresses[0]?.address, address);
    }
    const page = await waitFor(
      async () => {
        const found = await back.search('water filter');
        return found.results.length === 3 && found;
      },
      { what: 'ben to search all three again', timeoutMs: 10_000 },
    );
    assert.ok(page.final);
  });

  await t.test('one that leaves on purpose is known to have left, at once', async () => {
    await chidi.stop();
    await Promise.all([peerOf(ana, 'chidi', 'left', 2000)]);
  });
});

test('one pairing code: a whole room trusts each other at once', { skip }, async (t) => {
  const folder = tempDirectory(t);
  const lan = await createLan({ hosts: 3 });
  t.after(() => lan.close());
  const { makePairingCode } = await import('@kith/identity');
  const env = { KITH_PAIRING_CODE: makePairingCode() };
  const names = ['ana', 'ben', 'chidi'];
  const nodes = await Promise.all(names.map((name, i) => startOnHost({ host: lan.host(i), folder, name, env })));
  t.after(() => Promise.all(nodes.map((node) => node.kill())));
  for (const node of nodes) {
    await waitFor(async () => (await node.peers()).filter((peer) => peer.trustedBy === 'code').length === 2, {
      what: `${node.name} to trust both others by the code`,
      timeoutMs: 8000,
    });
  }
});
