import assert from 'node:assert/strict';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { RequestError } from '../src/http/request-error.ts';
import { searchNode } from '../src/search/search-node.ts';

const page = { query: 'heron', results: [], matches: 0, documents: 3, coverage: [], tookMs: 5 };
const request = { text: 'heron & egret', prefix: true, scope: 'all', limit: 20 } as const;

/** Relative addresses are the page's; here they are those of a server of the test. */
async function serve(t: TestContext, answer: (response: ServerResponse, url: string) => void): Promise<void> {
  const server = createServer((asked, response) => answer(response, asked.url ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const real = globalThis.fetch;
  globalThis.fetch = (path, init) => real(new URL(String(path), `http://127.0.0.1:${port}`), init);
  t.after(() => {
    globalThis.fetch = real;
    server.closeAllConnections();
    server.close();
  });
}

async function pagesOf(signal = new AbortController().signal) {
  const pages = [];
  for await (const one of searchNode(request, signal)) pages.push(one);
  return pages;
}

test('gives each answer and ends with the final one', async (t) => {
  let asked = '';
  await serve(t, (response, url) => {
    asked = url;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: results\ndata: ${JSON.stringify({ ...page, final: false })}\n\n`);
    response.write(`: beat\n\nevent: done\ndata: ${JSON.stringify({ ...page, final: true })}\n\n`);
  });
  assert.deepEqual(
    (await pagesOf()).map(({ final }) => final),
    [false, true],
  );
  assert.equal(asked, '/api/search?q=heron+%26+egret&scope=all&limit=20&prefix=1');
});

test('a refusal is thrown with the words of the node', async (t) => {
  const body = JSON.stringify({ error: 'bad_query', message: 'Use fewer words.' });
  await serve(t, (response) => response.writeHead(400).end(body));
  await assert.rejects(pagesOf(), { status: 400, code: 'bad_query', message: 'Use fewer words.' });
});

test('a failure in the middle, an answer that is none and an early end are thrown', async (t) => {
  const endings: [string, string][] = [
    [`event: failed\ndata: {"error":"internal","message":"It broke."}\n\n`, 'internal'],
    ['event: results\ndata: {"results":"none"}\n\n', 'broken_answer'],
    [': nothing more\n\n', 'network'],
  ];
  let ending = '';
  await serve(t, (response) => response.writeHead(200).end(ending));
  for (const [text, code] of endings) {
    ending = text;
    await assert.rejects(pagesOf(), (error) => error instanceof RequestError && error.code === code);
  }
});

test('a search that is taken back closes its connection', async (t) => {
  let closed: () => void;
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const ended = new AbortController();
  await serve(t, (response) => {
    response.once('close', closed);
    response.writeHead(200).write(`event: results\ndata: ${JSON.stringify({ ...page, final: false })}\n\n`);
  });
  const run = async () => {
    for await (const _one of searchNode(request, ended.signal)) ended.abort();
  };
  await assert.rejects(run(), { name: 'AbortError' });
  await isClosed;
});
