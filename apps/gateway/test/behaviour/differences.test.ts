import assert from 'node:assert/strict';
import { ok } from '../raw-http.ts';
import { behaviour } from './planes.ts';

/**
 * What @fastify/http-proxy, on the owner plane, cannot do by any of its options, beside what the thin forwarder does. Each
 * is tested as it is, so that a version that can do it is noticed.
 */
const WHY = {
  earlyHints: 'reply-from asks undici for a finished answer and has no place for informational ones',
  trailers: 'reply-from passes the body on as a stream, and drops what undici reads after it',
} as const;

behaviour(
  `103 Early Hints (owner plane: dropped, because ${WHY.earlyHints})`,
  ({ socket }) => {
    socket.write('HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n');
    socket.write(ok());
  },
  async (plane) => {
    const { text, status } = await plane.ask('GET /x');
    assert.equal(status, 200);
    assert.equal(/^HTTP\/1\.1 103 /.test(text), plane.name === 'peer plane');
  },
);

behaviour(
  `trailers (owner plane: dropped, because ${WHY.trailers})`,
  ({ socket }) =>
    socket.write(
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n2\r\nok\r\n0\r\nx-sum: 42\r\n\r\n',
    ),
  async (plane) => {
    const { text, body } = await plane.ask('GET /x');
    assert.equal(body, 'ok');
    assert.equal(/0\r\nx-sum: 42\r\n\r\n$/i.test(text), plane.name === 'peer plane');
  },
);
