import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { cutAnywhere, fuzz, makeEventStream, seededRandom } from '@kith/testing';
import { createApi } from '../src/ask/api.ts';
import { CliError } from '../src/output/exit-codes.ts';

test('whatever a node streams, the command line reads events or says in a sentence what is wrong', async (t) => {
  const url = await serveStreams(t);
  const api = createApi({ url, start: 'kith start' });
  await fuzz(t, 'events, or one sentence and an exit code', {
    cases: 8_000,
    atOnce: 8,
    make: (random) => random.int(2 ** 32),
    check: async (seed) => {
      try {
        for await (const { name } of api.events(`/${seed}`)) assert.equal(typeof name, 'string');
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        assert.match(error.message, /^[A-Z]\P{Cc}*\.$/u);
      }
    },
  });
});

/** Answers `/<seed>` with the stream of that seed, in pieces, whole or broken off. */
async function serveStreams(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const random = seededRandom(Number(request.url?.slice(1)));
    response.writeHead(random.chance(0.95) ? 200 : 503, { 'content-type': 'text/event-stream' });
    for (const piece of cutAnywhere(random, makeEventStream(random))) response.write(piece);
    random.chance(0.1) ? response.destroy() : response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
