import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { createProbe, type Probe } from '../src/probe/probe.ts';
import { newIdentity, nonceOf, serve, servePeer, signedAnswer } from './signed-answers.ts';

const ADDRESS = '127.0.0.21';

async function newProbe(t: TestContext): Promise<Probe> {
  const { id } = await newIdentity(t);
  return createProbe({ selfId: id, localAddress: undefined, monotonic: () => performance.now() });
}

test('a proven answer is a peer', async (t) => {
  const identity = await newIdentity(t);
  const asked: string[] = [];
  const pingbackPort = await servePeer(t, { identity, address: ADDRESS, onAsked: ({ from }) => asked.push(from) });
  const { id: selfId } = await newIdentity(t);
  const probe = createProbe({ selfId, localAddress: '127.0.0.22', monotonic: () => performance.now() });
  const probed = await probe({ address: ADDRESS, pingbackPort });
  assert.equal(probed.answer, 'peer');
  assert.ok('reply' in probed && probed.reply.id === identity.id);
  assert.deepEqual(asked, ['127.0.0.22']);
});

test('the own identity at an address is told apart', async (t) => {
  const identity = await newIdentity(t);
  const pingbackPort = await servePeer(t, { identity, address: ADDRESS });
  const probe = createProbe({ selfId: identity.id, localAddress: undefined, monotonic: () => performance.now() });
  assert.equal((await probe({ address: ADDRESS, pingbackPort })).answer, 'self');
});

const json = (body: unknown, status = 200): RequestListener => {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
};

test('whatever is not a proven pingback is a device with its reason', async (t) => {
  const identity = await newIdentity(t);
  const probe = await newProbe(t);
  const right = (url: string | undefined) => signedAnswer(identity, { nonce: nonceOf(url), address: ADDRESS });
  const answering = (change: (url: string | undefined) => unknown): RequestListener => {
    return (request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(change(request.url)));
    };
  };
  const hosts: [string, RequestListener, string, RegExp][] = [
    [
      'VNC page',
      (_q, a) => a.setHeader('content-type', 'text/html').end('<title>TightVNC</title>\u001b[31m'),
      'other-service',
      /^HTTP 200, text\/html: TightVNC +\[31m$/,
    ],
    [
      'redirect',
      (_q, a) => a.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'other-service',
      /it sends elsewhere/,
    ],
    [
      'gzip bomb',
      (_q, a) =>
        a
          .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
          .end(gzipSync(Buffer.alloc(1 << 20))),
      'other-service',
      /compressed \(gzip\)/,
    ],
    [
      '1 GB',
      (_q, a) => a.writeHead(200, { 'content-type': 'application/json', 'content-length': 1e9 }).write('{'),
      'other-service',
      /1000000000 bytes/,
    ],
    [
      'without end',
      (_q, a) => {
        a.setHeader('content-type', 'application/json');
        const more = () => a.write('x'.repeat(1000), (error) => error || setImmediate(more));
        more();
      },
      'other-service',
      /an answer without end/,
    ],
    ['silence', () => {}, 'silent', /no whole answer in time/],
    ['slow drops', (_q, a) => void a.write('{'), 'silent', /no whole answer in time/],
    ['other JSON', json({ hello: 1 }), 'other-service', /JSON of something else/],
    ['half a JSON', json('{"kith":1,'), 'other-service', /JSON of something else/],
    ['version 2', json({ kith: 2 }), 'other-version', /version 2, this node 1/],
    ['broken', answering((url) => ({ ...right(url), gatewayPort: 0 })), 'broken-protocol', /^gatewayPort/],
    ['forged name', answering((url) => ({ ...right(url), name: 'eve' })), 'wrong-signature', /signature does not hold/],
    [
      'old answer',
      answering(() => signedAnswer(identity, { nonce: 'x'.repeat(22), address: ADDRESS })),
      'wrong-signature',
      /another question/,
    ],
    [
      'passed on',
      answering((url) => signedAnswer(identity, { nonce: nonceOf(url), address: '127.0.0.99' })),
      'wrong-signature',
      /another address/,
    ],
    ['error page', json({ error: 'too_many_requests' }, 429), 'other-service', /^HTTP 429/],
  ];
  const results = await Promise.all(
    hosts.map(async ([name, listener, answer, detail]) => {
      const probed = await probe({ address: ADDRESS, pingbackPort: await serve(t, ADDRESS, listener) });
      return { name, probed, answer, detail };
    }),
  );
  for (const { name, probed, answer, detail } of results) {
    assert.equal(probed.answer, answer, name);
    assert.match('detail' in probed ? probed.detail : '', detail, name);
  }
});

test('what is not even HTTP is a device too', async (t) => {
  const probe = await newProbe(t);
  const talk = async (onSocket: (socket: Socket) => void) => {
    const server = createServer(onSocket);
    await new Promise<void>((resolve) => server.listen(0, ADDRESS, resolve));
    t.after(() => server.close());
    return probe({ address: ADDRESS, pingbackPort: (server.address() as { port: number }).port });
  };
  const quiet = (socket: Socket) => socket.on('error', () => {});
  const rfb = await talk((socket) => quiet(socket).write('RFB 003.008\n'));
  assert.deepEqual([rfb.answer, 'detail' in rfb && /does not speak HTTP/.test(rfb.detail)], ['other-service', true]);
  const closed = await talk((socket) => quiet(socket).destroy());
  assert.equal(closed.answer, 'other-service');
  const headers = await talk((socket) => quiet(socket).write(`HTTP/1.1 200 OK\r\nfill: ${'x'.repeat(9000)}\r\n\r\n`));
  assert.equal(headers.answer, 'other-service');
  const nobody = await probe({ address: ADDRESS, pingbackPort: 9 });
  assert.deepEqual(
    [nobody.answer, 'detail' in nobody && nobody.detail],
    ['refused', 'nothing listens on the pingback port'],
  );
});
