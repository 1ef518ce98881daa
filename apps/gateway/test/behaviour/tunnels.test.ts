import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { waitFor } from '@kith/testing';
import { readAnswer, type SeenRequest } from '../raw-http.ts';
import { behaviour, type Plane } from './planes.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const handshake = ({ host }: Plane, fields = '') =>
  `GET /ws?a=%zz HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${fields}\r\n`;

function switchTo({ socket, field }: SeenRequest): void {
  const accept = createHash('sha1')
    .update(`${field('sec-websocket-key')}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\nSet-Cookie: a=b\r\n\r\n`,
  );
}

behaviour(
  'a WebSocket opens only after the web app has switched, and then carries bytes both ways',
  () => {},
  async (plane) => {
    const socket = await plane.open();
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.write(`${handshake(plane, 'Kith-Role: owner\r\nX-Forwarded-For: 1.2.3.4\r\n'.slice(0, 18))}early bytes`);
    const request = await waitFor(() => plane.upstream.requests[0], { what: 'the handshake' });
    assert.equal(text, '', 'nothing is promised before the web app has answered');
    assert.equal(request.line, 'GET /ws?a=%zz HTTP/1.1');
    assert.equal(request.field('upgrade'), 'websocket');
    assert.equal(request.field('kith-role'), plane.name === 'owner plane' ? 'owner' : 'peer');
    let arrived = '';
    request.socket.on('data', (chunk) => {
      arrived += chunk.toString('latin1');
    });
    switchTo(request);
    await waitFor(() => text.includes('\r\n\r\n'), { what: '101' });
    assert.match(text, /^HTTP\/1\.1 101 /);
    assert.match(text, /sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
    assert.equal(/set-cookie/i.test(text), plane.name === 'owner plane');
    await waitFor(() => arrived === 'early bytes', { what: 'what was sent early' });
    request.socket.write('down');
    socket.write(' up');
    await waitFor(() => text.endsWith('down') && arrived.endsWith(' up'), { what: 'bytes both ways' });
    const closed = once(request.socket, 'close', { signal: AbortSignal.timeout(60_000) });
    socket.destroy();
    await closed;
  },
);

behaviour(
  'a web app that refuses the WebSocket is quoted',
  ({ socket }) => socket.write('HTTP/1.1 401 Unauthorized\r\ncontent-length: 4\r\n\r\nnope'),
  async (plane) => {
    const socket = await plane.open();
    socket.write(handshake(plane));
    const answer = await readAnswer(socket);
    assert.equal(answer.status, 401);
    assert.equal(answer.body, 'nope');
  },
);

behaviour(
  'a WebSocket where nobody listens: 502, or 503 where replicas may come back',
  () => {},
  async (plane) => {
    await new Promise((resolve) => plane.upstream.server.close(resolve));
    const socket = await plane.open();
    socket.write(handshake(plane));
    assert.equal((await readAnswer(socket)).status, plane.isReplica ? 503 : 502);
  },
);

behaviour(
  'a page of another site cannot open a WebSocket, and a handshake has no body',
  ({ socket }) => socket.write('HTTP/1.1 500 No\r\n\r\n'),
  async (plane) => {
    for (const fields of [
      'Origin: http://evil.example\r\n',
      'Sec-Fetch-Site: cross-site\r\n',
      'Content-Length: 3\r\n',
    ]) {
      const socket = await plane.open();
      socket.write(`${handshake(plane, fields)}abc`);
      assert.ok([400, 403].includes((await readAnswer(socket)).status), fields);
    }
    assert.equal(plane.upstream.requests.length, 0);
  },
);
