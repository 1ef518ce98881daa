import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { waitFor } from '@kith/testing';
import { ok } from '../raw-http.ts';
import { behaviour } from './planes.ts';

/** Deterministic, so that a failure can be repeated (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const chance = random(20261124);
const later = (socket: Socket, act: () => void) => setTimeout(() => !socket.destroyed && act(), chance() * 30).unref();

/** A web app that fails in every way it can. */
const ANSWERS: ((socket: Socket) => void)[] = [
  (socket) => socket.write(ok('fine')),
  (socket) => socket.destroy(),
  (socket) => socket.resetAndDestroy(),
  (socket) => later(socket, () => socket.destroy()),
  (socket) => socket.end('garbage'),
  (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\nhalf'),
  (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n');
    later(socket, () => socket.destroy());
  },
  (socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot-a-length\r\n');
  },
  (socket) => socket.write('HTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n\r\n'),
  (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(20_000)}\r\n`),
  (socket) => socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${8 << 20}\r\n\r\n${'x'.repeat(8 << 20)}`),
];

behaviour(
  '200 requests that break off on every side leave a gateway that works and holds nothing',
  ({ socket, line }) => {
    if (line.includes('/last')) return void socket.write(ok('still here'));
    ANSWERS[Math.floor(chance() * ANSWERS.length)]?.(socket);
  },
  async (plane, t) => {
    const one = async (number: number) => {
      const socket = await plane.open();
      socket.resume();
      const isPost = number % 3 === 0;
      const length = isPost ? `Content-Length: ${number % 2 === 0 ? 2 : 1 << 20}\r\n` : '';
      const upgrade = number % 7 === 0 ? 'Connection: Upgrade\r\nUpgrade: websocket\r\n' : 'Connection: close\r\n';
      socket.write(
        `${isPost && number % 7 !== 0 ? 'POST' : 'GET'} /x HTTP/1.1\r\nHost: ${plane.host}\r\n${upgrade}${number % 7 === 0 ? '' : length}\r\n${isPost ? 'ab' : ''}`,
      );
      if (chance() < 0.4) later(socket, () => socket.destroy());
      else if (chance() < 0.2) later(socket, () => socket.resetAndDestroy());
      setTimeout(() => socket.destroy(), 1_500).unref();
      if (!socket.closed) await once(socket, 'close').catch(() => {});
    };
    for (let batch = 0; batch < 5; batch += 1) {
      await Promise.all(Array.from({ length: 40 }, (_, i) => one(batch * 40 + i)));
    }
    const answer = await waitFor(
      async () => {
        const last = await plane.ask('GET /last');
        return last.status === 200 && last;
      },
      { what: 'the gateway to answer again' },
    );
    assert.equal(answer.body, 'still here');
    // The time after which a stop cuts what is under way never comes.
    t.mock.timers.enable({ apis: ['setTimeout'] });
    await plane.first.stop();
    await plane.last.stop();
    t.mock.timers.reset();
  },
);
