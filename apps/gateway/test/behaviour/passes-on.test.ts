import assert from 'node:assert/strict';
import { ok, readAnswer } from '../raw-http.ts';
import { behaviour } from './planes.ts';

behaviour(
  'a plain answer comes through',
  ({ socket }) => socket.write(ok('hello', 'x-one: 1\r\nx-one: 2\r\n')),
  async (plane) => {
    const answer = await plane.ask('GET /x');
    assert.equal(answer.status, 200);
    assert.equal(answer.body, 'hello');
    assert.equal(answer.headers['x-one'], '1, 2');
  },
);

behaviour(
  'the raw path is kept as it is',
  ({ socket }) => socket.write(ok()),
  async (plane) => {
    await plane.ask('GET /a%2Fb//c/../d?x=%zz&y=/../');
    assert.equal(plane.upstream.requests[0]?.line, 'GET /a%2Fb//c/../d?x=%zz&y=/../ HTTP/1.1');
  },
);

behaviour(
  'an absolute-form target is refused',
  ({ socket }) => socket.write(ok()),
  async (plane) => {
    assert.equal((await plane.ask('GET http://elsewhere.example/x')).status, 400);
    assert.equal(plane.upstream.requests.length, 0);
  },
);

behaviour(
  'a body of known length, of unknown length, and a text body come through',
  (request, rest) => {
    if (rest.toString('latin1').endsWith('end') || rest.toString('latin1').endsWith('0\r\n\r\n')) {
      return request.socket.write(ok(rest.toString('latin1').replaceAll(/[\r\n]/g, '|')));
    }
    let body = rest.toString('latin1');
    request.socket.on('data', (chunk) => {
      body += chunk.toString('latin1');
      if (/end(\r\n0\r\n\r\n)?$/.test(body)) request.socket.write(ok(body.replaceAll(/[\r\n]/g, '|')));
    });
  },
  async (plane) => {
    const json = await plane.ask('POST /x', 'Content-Length: 8\r\nContent-Type: application/json\r\n', '{"a":end');
    assert.equal(json.body, '{"a":end');
    const text = await plane.ask('PUT /x', 'Content-Length: 5\r\nContent-Type: text/plain\r\n', 'a end');
    assert.equal(text.body, 'a end');
    const strange = await plane.ask('PATCH /x', 'Content-Length: 5\r\nContent-Type: ;;\r\n', 'a end');
    assert.equal(strange.body, 'a end');
    const chunked = await plane.ask('POST /x', 'Transfer-Encoding: chunked\r\n', '5\r\na end\r\n0\r\n\r\n');
    assert.match(chunked.body, /a end/);
  },
);

behaviour(
  'a GET keeps its body',
  (request, rest) => request.socket.write(ok(`${request.field('content-length')}:${rest}`)),
  async (plane) => assert.equal((await plane.ask('GET /x', 'Content-Length: 5\r\n', 'hello')).body, '5:hello'),
);

behaviour(
  'methods of WebDAV and others are passed on, TRACE is not',
  ({ line, socket }) => socket.write(ok(line.split(' ')[0])),
  async (plane) => {
    for (const method of ['PROPFIND', 'MKCOL', 'REPORT', 'OPTIONS', 'DELETE', 'QUERY']) {
      assert.equal((await plane.ask(`${method} /x`)).body, method);
    }
    assert.equal((await plane.ask('TRACE /x')).status, 405);
    assert.ok(plane.upstream.requests.every(({ line }) => !line.startsWith('TRACE')));
  },
);

behaviour(
  'HEAD, 204 and 304 keep their head and have no body',
  ({ line, socket }) => {
    if (line.startsWith('HEAD')) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1234\r\n\r\n');
    else if (line.includes('/204')) socket.write('HTTP/1.1 204 No Content\r\nx-a: b\r\n\r\n');
    else socket.write('HTTP/1.1 304 Not Modified\r\ncontent-length: 1234\r\netag: "x"\r\n\r\n');
  },
  async (plane) => {
    const head = await plane.ask('HEAD /x');
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '1234', '']);
    const empty = await plane.ask('GET /204');
    assert.deepEqual([empty.status, empty.headers['x-a'], empty.body], [204, 'b', '']);
    const same = await plane.ask('GET /304', 'If-None-Match: "x"\r\n');
    assert.deepEqual([same.status, same.headers.etag, same.body], [304, '"x"', '']);
  },
);

behaviour(
  'Expect: 100-continue is answered here and not passed on',
  (request, rest) => request.socket.write(ok(`${request.field('expect')} ${rest.length}`)),
  async (plane) => {
    const answer = await plane.ask('POST /x', 'Expect: 100-continue\r\nContent-Length: 2\r\n', 'ab');
    assert.match(answer.text, /^HTTP\/1\.1 100 Continue/);
    assert.equal(answer.status, 200);
    assert.match(answer.body, /^undefined/);
  },
);

behaviour(
  'a stream comes through piece by piece, and its head before the first piece',
  ({ socket, line }) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n');
    if (line.includes('now')) socket.write('5\r\nfirst\r\n');
  },
  async (plane) => {
    const socket = await plane.open();
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    const until = (part: string) =>
      new Promise<void>((resolve) => {
        const look = () => text.includes(part) && resolve();
        socket.on('data', look);
        look();
      });
    socket.write(`GET /later HTTP/1.1\r\nHost: ${plane.host}\r\n\r\n`);
    await until('text/event-stream');
    plane.upstream.requests[0]?.socket.write('5\r\nfirst\r\n');
    await until('first');
    plane.upstream.requests[0]?.socket.write('6\r\nsecond\r\n');
    await until('second');
  },
);

behaviour(
  'a 503 of the web app is its answer: it is asked once',
  ({ socket }) => socket.write('HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 4\r\n\r\nbusy'),
  async (plane) => {
    const answer = await plane.ask('GET /x');
    assert.deepEqual([answer.status, answer.headers['retry-after'], answer.body], [503, '1', 'busy']);
    assert.equal(plane.upstream.requests.length, 1);
  },
);

behaviour(
  'requests sent one behind the other are answered in order',
  ({ socket, line }) => socket.write(ok(line.split(' ')[1])),
  async (plane) => {
    const socket = await plane.open();
    const request = (path: string, fields = '') => `GET ${path} HTTP/1.1\r\nHost: ${plane.host}\r\n${fields}\r\n`;
    socket.write(request('/one') + request('/two') + request('/three', 'Connection: close\r\n'));
    const { text } = await readAnswer(socket);
    assert.deepEqual(
      [...text.matchAll(/\r\n\r\n(\/[a-z]+)/g)].map(([, path]) => path),
      ['/one', '/two', '/three'],
    );
  },
);

behaviour(
  'small and large bodies of every byte value come through unchanged',
  ({ socket, line }) => {
    const body = everyByte(Number(line.split('/')[1]?.split(' ')[0]));
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  },
  async (plane) => {
    for (const length of [0, 1, 256, 16_384, 16_385, 100_000]) {
      const { body } = await plane.ask(`GET /${length}`);
      assert.ok(Buffer.from(body, 'latin1').equals(everyByte(length)), `${length} bytes`);
    }
  },
);
const everyByte = (length: number) => Buffer.from(Array.from({ length }, (_, i) => i % 256));
