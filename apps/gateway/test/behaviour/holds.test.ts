import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readAnswer } from '../raw-http.ts';
import { behaviour } from './planes.ts';

const MIB = 1 << 20;
const GIB = 1 << 30;
const PIECE = Buffer.alloc(256 * 1024, 'x');

behaviour(
  '1 GiB flows down in constant memory',
  ({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${GIB}\r\n\r\n`);
    let left = GIB;
    const more = () => {
      while (left > 0 && !socket.destroyed) {
        left -= PIECE.length;
        if (!socket.write(PIECE)) return void socket.once('drain', more);
      }
    };
    more();
  },
  async (plane) => {
    const socket = await plane.open();
    const before = process.memoryUsage().rss;
    let most = 0;
    let bytes = 0;
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if ((bytes & 0xffffff) < chunk.length) most = Math.max(most, process.memoryUsage().rss);
    });
    socket.write(`GET /x HTTP/1.1\r\nHost: ${plane.host}\r\nConnection: close\r\n\r\n`);
    await once(socket, 'close');
    assert.ok(bytes > GIB, `${bytes} bytes`);
    assert.ok(most - before < 200 * MIB, `${Math.round((most - before) / MIB)} MiB more`);
  },
);

behaviour(
  'a slow reader holds the web app back',
  ({ socket }) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${GIB}\r\n\r\n`);
    const more = () => {
      while (!socket.destroyed && socket.write(PIECE));
    };
    socket.on('drain', more);
    more();
  },
  async (plane, t) => {
    const socket = await plane.open();
    socket.write(`GET /x HTTP/1.1\r\nHost: ${plane.host}\r\n\r\n`);
    await once(socket, 'readable');
    const upstream = plane.upstream.requests[0]?.socket;
    assert.ok(upstream);
    // Steady when nothing more was taken for ten looks in a row.
    let last = -1;
    for (let still = 0; still < 10; ) {
      await new Promise((resolve) => setImmediate(() => setTimeout(resolve, 20)));
      const sent = upstream.bytesWritten - upstream.writableLength;
      still = sent === last ? still + 1 : 0;
      last = sent;
    }
    t.diagnostic(`${Math.round(last / MIB)} MiB under way`);
    assert.ok(last < 64 * MIB, `${last} bytes were taken for a reader that reads nothing`);
  },
);

behaviour(
  '256 MiB flow up in constant memory, and the answer comes after the last byte',
  (request, rest) => {
    let got = rest.length;
    const look = () => got >= 256 * MIB && request.socket.write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\ndone');
    request.socket.on('data', (chunk: Buffer) => {
      got += chunk.length;
      look();
    });
  },
  async (plane) => {
    const socket = await plane.open();
    const before = process.memoryUsage().rss;
    socket.write(`PUT /x HTTP/1.1\r\nHost: ${plane.host}\r\nConnection: close\r\nContent-Length: ${256 * MIB}\r\n\r\n`);
    const answer = readAnswer(socket);
    for (let left = 256 * MIB; left > 0; left -= PIECE.length) if (!socket.write(PIECE)) await once(socket, 'drain');
    assert.equal((await answer).body, 'done');
    assert.ok(process.memoryUsage().rss - before < 200 * MIB);
  },
);
