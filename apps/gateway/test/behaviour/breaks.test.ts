import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { waitFor } from '@kith/testing';
import { ok, readAnswer } from '../raw-http.ts';
import { behaviour } from './planes.ts';

const codeOf = (body: string) => JSON.parse(body).error as string;

behaviour(
  'the asker goes away before the answer: the web app is told, for GET and POST',
  () => {},
  async (plane) => {
    for (const head of ['GET /x HTTP/1.1', 'POST /x HTTP/1.1\r\nContent-Length: 2']) {
      const before = plane.upstream.requests.length;
      const socket = await plane.open();
      socket.write(`${head}\r\nHost: ${plane.host}\r\n\r\n${head.startsWith('POST') ? 'ab' : ''}`);
      const request = await waitFor(() => plane.upstream.requests[before], { what: 'the request' });
      const closed = once(request.socket, 'close', { signal: AbortSignal.timeout(60_000) });
      socket.destroy();
      await closed;
    }
  },
);

behaviour(
  'the asker goes away in the middle of the answer: the web app is told',
  ({ socket }) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome'),
  async (plane) => {
    const socket = await plane.open();
    socket.write(`GET /x HTTP/1.1\r\nHost: ${plane.host}\r\n\r\n`);
    await once(socket, 'data');
    const closed = once(plane.upstream.requests[0]?.socket ?? socket, 'close', { signal: AbortSignal.timeout(60_000) });
    socket.destroy();
    await closed;
  },
);

behaviour(
  'nobody listens: 502, or 503 where replicas may come back, with what to do, as JSON or as a page, and nothing of the inside',
  () => {},
  async (plane) => {
    await new Promise((resolve) => plane.upstream.server.close(resolve));
    const status = plane.isReplica ? 503 : 502;
    const answer = await plane.ask('GET /x');
    assert.equal(answer.status, status);
    assert.equal(codeOf(answer.body), plane.isReplica ? 'exchange_away' : 'upstream_unreachable');
    assert.ok(!answer.body.includes('127.0.0.1'));
    const page = await plane.ask('GET /x', 'Accept: text/html\r\nSec-Fetch-Mode: navigate\r\n');
    assert.equal(page.status, status);
    assert.match(page.headers['content-type'] ?? '', /text\/html/);
    assert.match(page.body, /<h1>/);
  },
);

behaviour(
  'no answer in time: 504',
  () => {},
  async (plane) => {
    const answer = await plane.ask('GET /x');
    assert.equal(answer.status, 504);
    assert.equal(codeOf(answer.body), 'upstream_timeout');
  },
);

behaviour(
  'garbage instead of HTTP: 502',
  ({ socket }) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  async (plane) => {
    const answer = await plane.ask('POST /x', 'Content-Length: 0\r\n');
    assert.equal(answer.status, 502);
    assert.equal(codeOf(answer.body), 'upstream_broke');
  },
);

behaviour(
  'the answer breaks off in its body: the connection is cut, so that nobody takes it for whole',
  ({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nsome');
    setTimeout(() => socket.destroy(), 50);
  },
  async (plane) => {
    const socket = await plane.open();
    socket.write(`GET /x HTTP/1.1\r\nHost: ${plane.host}\r\n\r\n`);
    const answer = await readAnswer(socket);
    assert.equal(answer.status, 200);
    assert.equal(answer.body, 'some');
  },
);

/** Requests answered on each connection to the web app. */
const answered = new WeakMap<Socket, number>();

behaviour(
  'a kept connection is closed as a request is sent: a GET goes once more on a fresh one, a POST never',
  ({ socket }) => {
    const before = answered.get(socket) ?? 0;
    answered.set(socket, before + 1);
    if (before === 0) socket.write(ok());
    else socket.destroy();
  },
  async (plane) => {
    const lines = () =>
      plane.upstream.requests
        .splice(0)
        .map(({ line }) => line.slice(0, -9))
        // A replica that broke off is asked at once whether it is still there.
        .filter((line) => line !== 'GET /healthz');
    assert.equal((await plane.ask('GET /first')).status, 200);
    assert.equal((await plane.ask('GET /second')).status, 200);
    assert.deepEqual(lines(), ['GET /first', 'GET /second', 'GET /second']);
    assert.equal((await plane.ask('GET /third')).status, 200);
    assert.equal((await plane.ask('POST /fourth', 'Content-Length: 0\r\n')).status, 502);
    assert.deepEqual(lines(), ['GET /third', 'POST /fourth']);
  },
);

behaviour(
  'an early answer to a large upload arrives',
  ({ socket, line }) => {
    if (line.startsWith('POST'))
      socket.end('HTTP/1.1 413 Content Too Large\r\ncontent-length: 5\r\nconnection: close\r\n\r\nlarge');
  },
  async (plane) => {
    const socket = await plane.open();
    socket.write(`POST /x HTTP/1.1\r\nHost: ${plane.host}\r\nContent-Length: 10000000000\r\n\r\n`);
    const piece = Buffer.alloc(64 * 1024);
    const more = () => {
      if (!socket.destroyed && socket.writable && socket.write(piece)) setImmediate(more);
    };
    socket.on('drain', more);
    more();
    const answer = await readAnswer(socket);
    assert.equal(answer.status, 413);
    assert.equal(answer.body, 'large');
  },
);

behaviour(
  'a head and then nothing: 502, for none of it was passed on yet',
  ({ socket }) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n'),
  async (plane) => {
    const answer = await plane.ask('GET /x');
    assert.equal(answer.status, 502);
    assert.equal(codeOf(answer.body), 'upstream_broke');
  },
);
