import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchPageSchema } from '@kith/wire';
import { goodAnswer, honest, knowPeer, send, startFakeGateway } from '../fake-gateway.ts';
import { idOf, startExchange } from '../running-exchange.ts';

test('a peer that counts more documents than it states is left out, with the reason, and changes nobody’s order', async (t) => {
  const gateway = await startFakeGateway(t);
  const node = await startExchange(t, { env: { KITH_GATEWAY_URL: gateway.url } });
  await node.post('Mine', 'the tide here, and the moon');
  gateway.peer(idOf('b'), await honest({ Ours: 'tide tide' }));
  await knowPeer(node.peers, idOf('b'), { documents: { count: 1, version: 1 } });
  const search = async () => searchPageSchema.parse(await node.json('/api/search?q=tide+moon'));
  const before = await search();

  const lie = { ...goodAnswer(), documents: 5_000_000, totalLength: 50_000_000, df: [1, 1], matches: 1 };
  const [candidate] = lie.candidates;
  gateway.peer(idOf('c'), send({ ...lie, candidates: [{ ...candidate, tf: [4, 1], snippet: undefined }] }));
  await knowPeer(node.peers, idOf('c'), { documents: { count: 3, version: 1 } });
  const after = await search();
  const liar = after.coverage.find(({ id }) => id === idOf('c'));
  assert.equal(liar?.status, 'broken-answer');
  assert.match(liar?.message ?? '', /counts 5000000 documents and states 3/);
  const seen = ({ results, documents }: typeof before) => [
    results.map(({ title, score }) => [title, score]),
    documents,
  ];
  assert.deepEqual(seen(after), seen(before));
});
