import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const HASH = 'a'.repeat(64);
/** Whom a page of another site makes ask, as a browser says it. */
const elsewhere = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'object' };

const asked: [port: number, path: string, headers?: Record<string, string>, method?: string][] = [
  [5805, '/'],
  [5805, '/assets/nothing.js'],
  [5805, '/kith.svg'],
  [5805, '/api/status'],
  [5805, '/api/documents'],
  [5805, `/api/documents/${HASH}`],
  [5805, `/api/documents/${HASH}/content`, {}, 'HEAD'],
  [5805, '/api/search?q=heron'],
  [5805, '/api/search?q='],
  [5805, '/api/search?q=heron', { accept: 'text/event-stream' }],
  [5805, '/_kith/node'],
  [5805, '/_kith/nothing'],
  [5805, '/_kith/session', {}, 'POST'],
  [5805, '/peers/nobody/x'],
  [5805, '/peers/nobody'],
  [5805, '/', { host: 'evil.example' }],
  [5805, '/', { 'x-forwarded-for': '192.168.1.9' }],
  [5805, '/', elsewhere],
  [5800, '/'],
  [5800, '/nothing'],
  [5800, `/?nonce=${'x'.repeat(22)}`],
  [5809, '/healthz'],
  [5809, '/readyz'],
  [5809, '/metrics'],
  [5809, '/nothing'],
  [5810, '/'],
  [5810, '/readyz'],
];

test('every answer of every listener says that no other site embeds it, that its type is not guessed, and who keeps it', async (t) => {
  const host = freeAddress();
  const env = { KITH_BIND: host, KITH_SWEEP: 'off' };
  const node = await startKithNode({ data: tempDirectory(t), name: 'ana', env, door: { host, port: 5805 } });
  t.after(() => node.kill());
  for (const [port, path, headers = {}, method = 'GET'] of asked) {
    const answer = await new Promise<Record<string, unknown>>((resolve, reject) => {
      const one = request({ host, port, path, method, headers, agent: false });
      one.on('error', reject).on('response', (got) => {
        got.destroy();
        resolve(got.headers);
      });
      one.end();
    });
    const what = `${method} :${port}${path} ${JSON.stringify(headers)}`;
    assert.equal(answer['cross-origin-resource-policy'], 'same-origin', what);
    assert.equal(answer['x-content-type-options'], 'nosniff', what);
    assert.match(String(answer['cache-control']), /no-store|no-cache|immutable/, what);
  }
  for (const port of [5800, 5805, 5809, 5810]) {
    const socket = connect({ host, port });
    socket.write('this is not HTTP\r\n\r\n');
    const answer = await text(socket);
    assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*cross-origin-resource-policy: same-origin/, `${port}: ${answer}`);
  }
});

test('what a page of another site asks for is refused, there or not, at every listener', async (t) => {
  const host = freeAddress();
  const env = { KITH_BIND: host, KITH_SWEEP: 'off' };
  const node = await startKithNode({ data: tempDirectory(t), name: 'ana', env, door: { host, port: 5805 } });
  t.after(() => node.kill());
  const hash = await node.post('heron', 'The heron stands in the reeds.');
  const paths = [
    `/api/documents/${hash}`,
    `/api/documents/${HASH}`,
    '/api/search?q=heron',
    '/_kith/peers',
    '/kith.svg',
  ];
  for (const path of paths) {
    for (const site of ['cross-site', 'same-site']) {
      const { status, body } = await node.ask(path, { headers: { ...elsewhere, 'sec-fetch-site': site } });
      assert.equal(status, 403, path);
      assert.equal(JSON.parse(body.toString()).error, 'wrong_origin');
    }
  }
  for (const at of [`5800/?nonce=${'x'.repeat(22)}`, '5809/readyz', '5809/metrics']) {
    assert.equal((await fetch(`http://${host}:${at}`, { headers: elsewhere })).status, 403, at);
  }
});
