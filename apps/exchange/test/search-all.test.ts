import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createMemoryPeerStore } from '@kith/membership';
import { systemClock } from '@kith/service';
import { waitFor } from '@kith/testing';
import { type Coverage, type SearchPage, searchPageSchema } from '@kith/wire';
import { type Behaviour, goodAnswer, honest, knowPeer, refuse, send, stall, startFakeGateway } from './fake-gateway.ts';
import { asPeer, idOf, KEY, startExchange } from './running-exchange.ts';

async function startWith(t: TestContext, behaviours: Record<string, Behaviour>, env: Record<string, string> = {}) {
  const gateway = await startFakeGateway(t);
  const peers = createMemoryPeerStore({ clock: systemClock });
  for (const [letter, behaviour] of Object.entries(behaviours)) {
    gateway.peer(idOf(letter), behaviour);
    await knowPeer(peers, idOf(letter));
  }
  const node = await startExchange(t, { peers, env: { KITH_GATEWAY_URL: gateway.url, ...env } });
  const search = async (q: string) => searchPageSchema.parse(await node.json(`/api/search?q=${encodeURIComponent(q)}`));
  return { node, gateway, peers, search };
}
/** Time for the honest ones on a busy machine; the stalled one is given up after it. */
const PATIENT = { KITH_SEARCH_PEER_TIMEOUT_MS: '3000', KITH_SEARCH_TIMEOUT_MS: '3500' };
const statuses = (page: SearchPage) => Object.fromEntries(page.coverage.map(({ id, status }) => [id[0], status]));
const coverageOf = (page: SearchPage, letter: string) =>
  page.coverage.find(({ id }) => id === idOf(letter)) as Coverage;

test('the answers of all nodes make one list with holders and coverage', async (t) => {
  const { node, peers, search } = await startWith(t, {
    b: await honest({ 'Tide and moon': 'the tide follows the moon', Other: 'nothing' }),
    c: await honest({ 'Tide and moon': 'the tide follows the moon' }),
  });
  await knowPeer(peers, idOf('d'), { state: 'dead', lastSeenAt: 1234 });
  await knowPeer(peers, idOf('e'), { state: 'left', lastSeenAt: 99 });
  await knowPeer(peers, idOf('f'), { trust: 'pending' });
  await node.post('Harbour', 'at low tide the harbour is dry');
  const page = await search('tide');
  assert.deepEqual(statuses(page), { a: 'answered', b: 'answered', c: 'answered', d: 'away', e: 'away' });
  assert.deepEqual([page.final, page.matches, page.documents], [true, 3, 4]);
  const held = page.results.map(({ title, holders }) => [title, holders.map(({ name }) => name)]);
  assert.deepEqual(held, [
    ['Tide and moon', ['peer b', 'peer c']],
    ['Harbour', ['ana']],
  ]);
  assert.deepEqual(coverageOf(page, 'd'), {
    ...{ id: idOf('d'), name: 'peer d', self: false, status: 'away', lastSeenAt: 1234 },
    message: 'It does not answer any more. Its documents were not searched.',
  });
  const here = searchPageSchema.parse(await node.json('/api/search?q=tide&scope=here'));
  assert.deepEqual([here.results.length, here.coverage.length], [1, 1]);
});

test('a stalled peer delays nobody: the others show while it is asked, and the whole ends without it', async (t) => {
  const names = ['b', 'c', 'd', 'e', 'f'];
  const answers = await Promise.all(names.map(async (name) => [name, await honest({ [name]: 'low tide' })] as const));
  const { node, gateway } = await startWith(t, { ...Object.fromEntries(answers), g: stall }, PATIENT);
  await node.post('warm', 'up');
  await node.json('/api/search?q=warm&scope=here');
  const answer = await node.ask('/api/search?q=tide', { headers: { accept: 'text/event-stream' } });
  const events: { name: string; page: SearchPage }[] = [];
  let text = '';
  for await (const part of answer.body as ReadableStream<Uint8Array>) {
    text += Buffer.from(part).toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const match = /^event: (\w+)\ndata: (.*)$/.exec(block);
      if (!match) continue;
      const page = searchPageSchema.parse(JSON.parse(match[2] ?? ''));
      events.push({ name: match[1] ?? '', page });
    }
  }
  const withAll = events.find(({ page }) => page.results.length === 5);
  assert.equal(withAll?.name, 'results');
  assert.ok(withAll);
  assert.deepEqual(coverageOf(withAll.page, 'g').status, 'asking');
  const last = events.at(-1);
  assert.ok(last?.name === 'done');
  assert.deepEqual(statuses(last.page), {
    ...Object.fromEntries(['a', ...names].map((name) => [name, 'answered'])),
    g: 'timed-out',
  });
  await waitFor(() => gateway.waiting() === 0, { what: 'the call to the stalled peer to be given up' });
});

test('whoever goes away takes the calls along', async (t) => {
  const never = { KITH_SEARCH_PEER_TIMEOUT_MS: '60000', KITH_SEARCH_TIMEOUT_MS: '60000' };
  const { node, gateway } = await startWith(t, { b: stall, c: stall }, never);
  const leaving = new AbortController();
  const asked = fetch(`${node.url}/api/search?q=tide`, {
    headers: { 'kith-key': KEY, 'kith-role': 'owner' },
    signal: leaving.signal,
  });
  await waitFor(() => gateway.waiting() === 2, { what: 'both peers to be asked' });
  leaving.abort();
  await assert.rejects(asked);
  await waitFor(() => gateway.waiting() === 0, { what: 'the calls to be given up' });
});

test('refusals are told apart, and a peer’s own words are not shown', async (t) => {
  const { search } = await startWith(t, {
    b: refuse(403, 'not_trusted_by_peer'),
    c: refuse(403, 'peer_blocked'),
    d: refuse(421, 'other_version'),
    e: refuse(503, 'index_away'),
    f: refuse(502, 'peer_unreachable'),
    g: refuse(504, 'upstream_timeout'),
    h: refuse(500, 'toString'),
    i: refuse(418, 'teapot'),
  });
  const page = await search('tide');
  assert.deepEqual(statuses(page), {
    ...{ a: 'answered', b: 'not-trusted-there', c: 'not-trusted-there', d: 'other-version', e: 'index-away' },
    ...{ f: 'unreachable', g: 'timed-out', h: 'unreachable', i: 'broken-answer' },
  });
  assert.doesNotMatch(JSON.stringify(page), /Not you/);
});

test('hostile answers are named as such and change nothing', async (t) => {
  const good = goodAnswer();
  const [candidate] = good.candidates;
  const spoilt = (change: object) => send({ ...good, candidates: [{ ...candidate, ...change }] });
  const hostile: Record<string, Behaviour> = {
    b: send('not JSON'),
    c: send([]),
    d: send({ ...good, documents: 2 ** 53 }),
    e: send({ ...good, df: [0] }),
    f: send({ ...good, matches: 0 }),
    g: spoilt({ hash: '../../etc/passwd' }),
    h: spoilt({ title: 'line\nbreak' }),
    i: spoilt({ tf: [9] }),
    j: spoilt({ snippet: { text: 'tide', marks: [[3, 900]] } }),
    k: send({ ...good, candidates: Array.from({ length: 400 }, () => candidate) }),
    l: send(' '.repeat(1_100_000)),
    m: (_body, response) => response.write('{"analyser":1,') && response.socket?.destroy(),
    n: (_body, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.from([0x1f, 0x8b, 8])),
    o: (_body, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    p: (_body, response) => response.socket?.end('SSH-2.0-nonsense\r\n'),
    q: send({ ...good, analyser: 7 }),
    r: (_body, response) => {
      const drip = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(drip));
    },
    s: spoilt({ title: '<img src=x onerror=alert(1)>', __proto__: { polluted: 1 } }),
  };
  const { node, search } = await startWith(t, hostile);
  await node.post('Mine', 'the tide here');
  const page = await search('tide');
  assert.deepEqual(
    page.results.map(({ title }) => title),
    ['<img src=x onerror=alert(1)>', 'Mine'],
    'what is well formed is text and shown as text',
  );
  const { m, p, q, r, s, a, ...others } = statuses(page);
  assert.deepEqual(new Set(Object.values(others)), new Set(['broken-answer']));
  assert.deepEqual([a, q, r, s], ['answered', 'other-version', 'timed-out', 'answered']);
  assert.ok(
    [m, p].every((status) => status === 'unreachable' || status === 'broken-answer'),
    `${m} ${p}`,
  );
  assert.equal(({} as { polluted?: number }).polluted, undefined);
});

test('a peer is answered by the agreed form, within its rate', async (t) => {
  const node = await startExchange(t, { env: { KITH_PEER_SEARCH_RATE: '3' } });
  await node.post('Tide table', 'high tide at noon');
  const ask = (body: unknown, from = 'b') =>
    node.ask('/api/peer/search', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...asPeer(idOf(from)) },
    });
  const request = { analyser: 1, query: 'tide', limit: 10 };
  const answer = (await (await ask(request)).json()) as Record<string, unknown>;
  assert.deepEqual([answer.documents, answer.df, answer.matches], [1, [1], 1]);
  assert.equal((await ask({ ...request, analyser: 2 })).status, 421);
  assert.equal((await ask({ ...request, query: '-x' })).status, 400);
  assert.equal((await ask({ ...request, limit: 1e9 })).status, 400);
  const many = await Promise.all(Array.from({ length: 10 }, () => ask(request)));
  assert.ok(many.some(({ status }) => status === 429));
  assert.equal((await ask(request, 'c')).status, 200, 'another peer has a rate of its own');
});

test('a search for nothing is refused before a stream begins', async (t) => {
  const node = await startExchange(t);
  for (const q of ['', '%20', '-only', `${'x'.repeat(600)}`]) {
    const answer = await node.ask(`/api/search?q=${q}`, { headers: { accept: 'text/event-stream' } });
    assert.equal(answer.status, 400, q);
    await answer.body?.cancel();
  }
});

test('peers are searched that were last known, while the peer store is away or hangs', async (t) => {
  const { gateway, peers } = await startWith(t, { b: await honest({ 'Tide and moon': 'the tide follows the moon' }) });
  let asked = 0;
  let list = async () => {
    const all = await peers.listPeers();
    asked += 1;
    return all;
  };
  const node = await startExchange(t, {
    peers: { ...peers, listPeers: () => list() },
    env: { KITH_GATEWAY_URL: gateway.url },
  });
  const search = async () => searchPageSchema.parse(await node.json('/api/search?q=tide'));
  await waitFor(() => asked > 0, { what: 'the list to be read at the start' });
  list = () => Promise.reject(new Error('away'));
  assert.equal(statuses(await search()).b, 'answered');
  list = () => new Promise(() => {});
  assert.equal(statuses(await search()).b, 'answered');
});
