import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { parseQuery } from '@kith/documents';
import { cutAnywhere, fuzz, type Random, seededRandom } from '@kith/testing';
import { searchPageSchema } from '@kith/wire';
import { type Dispatcher, Pool } from 'undici';
import { askPeer, type PeerOutcome } from '../../src/search/ask-peer.ts';
import { type Participant, pageOf, type Settled } from '../../src/search/search-state.ts';
import { idOf, KEY, SELF } from '../running-exchange.ts';
import { honestAnswer, makeAnswer } from './attack-answers.ts';

const QUERIES = ['tide', 'tide moon', '"red tide"', 'tide -moon harbour'];
const HELD = 'every page whole and finite, no peer’s words on it but titles and snippets';
const OWN_HASH = 'e'.repeat(64);

test('a peer may answer a search with anything: the page stays whole', async (t) => {
  await fuzz(t, HELD, {
    cases: 50_000,
    make: (random) => random.int(2 ** 32),
    check: async (seed) => {
      const random = seededRandom(seed);
      const q = random.pick(QUERIES);
      const { status, body } = makeAnswer(random, parseQuery(q).clauses.length);
      const pieces = cutAnywhere(random, body);
      isWhole(random, q, await ask(q, inProcess(status, pieces)));
    },
  });
});

test('the same over a connection that ends, lies about its length or breaks off', async (t) => {
  const served = await serveCases(t);
  await fuzz(t, HELD, {
    cases: 8_000,
    atOnce: 8,
    make: (random) => random.int(2 ** 32),
    check: async (seed) => {
      const q = seededRandom(seed).pick(QUERIES);
      isWhole(seededRandom(seed), q, await ask(q, served, seed));
    },
  });
});

function ask(q: string, gateway: Dispatcher, seed = 0): Promise<PeerOutcome> {
  return askPeer(idOf('b'), {
    ...{ gateway, internalKey: KEY, query: parseQuery(q), signal: new AbortController().signal },
    // The server learns from the version which case it is to send.
    request: { analyser: seed, query: q, prefix: false, limit: 20 },
  });
}

/** The part of a dispatcher that is used, answering without a socket: an answer's reading is what is tried. */
function inProcess(statusCode: number, pieces: readonly Buffer[]): Dispatcher {
  const request = async () => ({ statusCode, body: Readable.from(pieces, { objectMode: false }) });
  return { request } as unknown as Dispatcher;
}

/** The page with this answer, an honest peer's and the own one: whole, and the same whoever answered first. */
function isWhole(random: Random, q: string, outcome: PeerOutcome): void {
  const query = parseQuery(q);
  const people: Participant[] = [
    { id: SELF, name: 'ana', self: true },
    { id: idOf('b'), name: 'liar', self: false },
    { id: idOf('c'), name: 'honest', self: false },
  ];
  const mine = honestAnswer(random, query.clauses.length);
  const first = mine.candidates[0];
  if (first) first.hash = OWN_HASH;
  const theirs = honestAnswer(random, query.clauses.length);
  const outcomes: Settled[] = [
    { outcome: { status: 'answered', answer: mine }, ms: 1 },
    { outcome, ms: 2 },
    { outcome: { status: 'answered', answer: theirs }, ms: 3 },
  ];
  const entries = people.map(({ id }, i) => [id, outcomes[i] as Settled] as const);
  const page = (order: typeof entries) =>
    pageOf({ text: q, query, limit: 100, participants: people, settled: new Map(order) }, { tookMs: 3, final: true });
  const shown = page(entries);
  assert.deepEqual(page(entries.toReversed()), shown);
  const text = JSON.stringify(shown);
  assert.ok(text.length < 2_000_000);
  assert.deepEqual(searchPageSchema.parse(JSON.parse(text)), JSON.parse(text));
  assert.ok(
    shown.results.every(({ score }) => Number.isFinite(score)),
    'a score that is no number',
  );
  assert.equal(new Set(shown.results.map(({ hash }) => hash)).size, shown.results.length);
  if (first) assert.ok(shown.results.some(({ hash, holders }) => hash === OWN_HASH && holders[0]?.self));
  const told = shown.coverage[1];
  assert.ok(told && !/[<\p{Cc}]|passwd/u.test(told.message ?? ''), told?.message);
}

/** A server whose answer to a question is the case that the question names. */
async function serveCases(t: TestContext): Promise<Dispatcher> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    const { query, analyser } = JSON.parse(text) as { query: string; analyser: number };
    const random = seededRandom(analyser);
    const { status, body } = makeAnswer(random, parseQuery(query).clauses.length);
    const end = random.int(10);
    const length = end === 0 ? body.length + 1 + random.int(9) : end === 1 ? random.int(body.length + 1) : body.length;
    const head = `HTTP/1.1 ${status} OK\r\ncontent-type: application/json\r\n`;
    const whole =
      end === 2
        ? `${head}transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\nzz\r\n\r\n`
        : `${head}content-length: ${length}\r\n\r\n${body}`;
    const { socket } = response;
    for (const piece of cutAnywhere(random, Buffer.from(whole))) socket?.write(piece);
    end === 3 ? socket?.resetAndDestroy() : socket?.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 8 });
  t.after(async () => {
    await pool.destroy();
    server.closeAllConnections();
    server.close();
  });
  return pool;
}
