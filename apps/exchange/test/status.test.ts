import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createMemoryDocumentIndex,
  createMemoryFileCatalogue,
  type DocumentIndex,
  IndexAwayError,
} from '@kith/documents';
import { createFakeClock } from '@kith/testing';
import { exchangeStatusSchema, type IndexHealth } from '@kith/wire';
import { createIndexState } from '../src/index/index-state.ts';
import { asPeer, type Running, startExchange } from './running-exchange.ts';

const statusOf = async (node: Running) => exchangeStatusSchema.strict().parse(await node.json('/api/status'));
const documentsWith = (change: Partial<DocumentIndex>) => ({
  index: { ...createMemoryDocumentIndex(), ...change },
  files: createMemoryFileCatalogue(),
});
const away = () => Promise.reject(new IndexAwayError('It is away.'));

test('the owner is told of the index, a peer is not', async (t) => {
  const node = await startExchange(t);
  await node.post('one', 'the first');
  const status = await statusOf(node);
  assert.deepEqual([status.documents, status.index], [1, { engine: 'memory', findings: [] }]);
  const seen = await node.json('/api/status', { headers: asPeer() });
  assert.deepEqual(seen, { role: 'peer', name: 'ana', documents: 1, queued: 0 });
});

test('the owner is answered while the index is away, with the reason; a peer is refused', async (t) => {
  const findings: IndexHealth['findings'] = [{ code: 'index_red', message: 'A part has no place.' }];
  let asked = 0;
  const node = await startExchange(t, {
    documents: documentsWith({
      health: async () => ({ engine: 'elasticsearch', findings }),
      statistics: () => {
        asked += 1;
        return away();
      },
    }),
  });
  const before = asked;
  const { documents, problems, index } = await statusOf(node);
  assert.deepEqual([documents, problems, index?.findings], [undefined, undefined, findings]);
  assert.equal(asked, before, 'what would only wait is not asked');
  const refused = await node.ask('/api/status', { headers: asPeer() });
  assert.equal(refused.status, 503);
  assert.deepEqual(await refused.json(), { error: 'index_away', message: 'It is away.' });
});

test('an index that goes away after it was well is said at once', async (t) => {
  const node = await startExchange(t, { documents: documentsWith({ statistics: away }) });
  const { documents, index } = await statusOf(node);
  assert.equal(documents, undefined);
  assert.deepEqual(index?.findings, [{ code: 'index_away', message: 'It is away.' }]);
});

test('an index that hangs costs the owner seconds, not the answer', async (t) => {
  const real = createMemoryDocumentIndex();
  const back = Promise.withResolvers<void>();
  let gate: Promise<void> | undefined;
  const node = await startExchange(t, {
    documents: documentsWith({
      health: () => Promise.resolve(gate).then(() => real.health()),
      statistics: () => Promise.resolve(gate).then(() => real.statistics()),
    }),
  });
  gate = back.promise;
  const asked = Promise.all([statusOf(node), statusOf(node)]);
  const refused = node.ask('/api/status', { headers: asPeer() });
  for (const { index } of await asked) assert.match(index?.findings[0]?.message ?? '', /no answer within 4\.5 s/);
  assert.equal((await refused).status, 503);
  back.resolve();
});

test('the engine is asked once in a while, and one question at a time', async () => {
  const clock = createFakeClock();
  const waiting: ((health: IndexHealth) => void)[] = [];
  const health = () => new Promise<IndexHealth>((done) => waiting.push(done));
  const state = createIndexState({ index: { ...createMemoryDocumentIndex(), health }, clock });
  const first = [state(), state()];
  await clock.advance(100);
  assert.equal(waiting.length, 1);
  waiting[0]?.({ engine: 'sqlite', findings: [] });
  for (const one of first) assert.deepEqual(await one, { engine: 'sqlite', findings: [] });
  await state();
  assert.equal(waiting.length, 1, 'what is known is fresh');
  await clock.advance(2_500);
  const late = state();
  await clock.advance(4_600);
  assert.equal((await late).findings[0]?.code, 'index_away');
  assert.equal((await late).engine, 'sqlite');
  await clock.advance(2_500);
  const again = state();
  await clock.advance(10);
  assert.equal(waiting.length, 2, 'the question that hangs is not put a second time');
  waiting[1]?.({ engine: 'sqlite', findings: [] });
  assert.deepEqual(await again, { engine: 'sqlite', findings: [] });
});
