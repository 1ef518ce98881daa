import assert from 'node:assert/strict';
import { viaEntry } from '../../src/plan/via.ts';
import { ok } from '../raw-http.ts';
import { behaviour } from './planes.ts';

const FORGED = [
  'Kith-Role: owner',
  'KITH-PEER: aaaa',
  'kith_role: owner',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Port: 1',
  'X_Forwarded_For: 10.0.0.1',
  'X-Original-URL: /admin',
  'X-Client-IP: 10.0.0.1',
  'Proxy-Authorization: Basic eDp5',
  'TE: trailers',
  'Keep-Alive: timeout=5',
  'Upgrade: h2c',
  'HTTP2-Settings: AAMAAABkAAQAAP__',
  'X-Mine: kept',
  'X-Named: dropped',
];

behaviour(
  'forged identity, forwarding and hop-by-hop fields do not reach the web app',
  ({ socket }) => socket.write(ok()),
  async (plane) => {
    const fields = `${FORGED.join('\r\n')}\r\nConnection: x-named, upgrade, http2-settings\r\n`;
    assert.equal((await plane.ask('GET /x', fields)).status, 200);
    const request = plane.upstream.requests[0];
    assert.ok(request);
    for (const line of FORGED) {
      const [name = '', value = ''] = line.split(': ');
      if (name !== 'X-Mine') assert.ok(!request.head.includes(`${name}: ${value}`), line);
    }
    assert.equal(request.field('x-mine'), 'kept');
    assert.equal(request.field('kith-role'), plane.name === 'owner plane' ? 'owner' : 'peer');
    assert.equal(request.field('kith-peer'), plane.name === 'owner plane' ? undefined : plane.first.identity.id);
    const key = plane.isReplica ? plane.last.identity.internalKey : undefined;
    assert.equal(request.field('kith-key'), key, 'only the own exchange gets the internal key');
    assert.equal(request.field('x-forwarded-proto'), plane.name === 'owner plane' ? 'http' : 'https');
    assert.equal(request.field('x-forwarded-host'), plane.host);
    assert.equal(request.field('x-forwarded-for'), '127.0.0.1');
    const own = viaEntry(plane.last.identity.id);
    assert.equal(
      request.field('via'),
      plane.name === 'owner plane' ? own : `${viaEntry(plane.first.identity.id)}, ${own}`,
    );
    assert.equal(request.field('host'), plane.isReplica ? 'exchange.invalid' : new URL(plane.upstream.origin).host);
  },
);

behaviour(
  'response fields named in Connection, hop-by-hop and kith-* fields do not come back',
  ({ socket }) =>
    socket.write(
      ok(
        'ok',
        'Connection: close, X-Secret\r\nX-Secret: 1\r\nKeep-Alive: timeout=1\r\nkith-key: k\r\nProxy-Authenticate: Basic\r\nX-Open: 1\r\n',
      ),
    ),
  async (plane) => {
    const { headers, status } = await plane.ask('GET /x');
    assert.equal(status, 200);
    for (const name of ['x-secret', 'keep-alive', 'kith-key', 'proxy-authenticate'])
      assert.ok(!(name in headers), name);
    assert.equal(headers['x-open'], '1');
  },
);

behaviour(
  'cookies stay on one machine',
  ({ socket }) => socket.write(ok('ok', 'Set-Cookie: a=b\r\nSet-Cookie: c=d\r\nClear-Site-Data: "*"\r\n')),
  async (plane) => {
    const { headers } = await plane.ask('GET /x', 'Cookie: owner=secret\r\n');
    const isOwn = plane.name === 'owner plane';
    assert.equal(plane.upstream.requests[0]?.field('cookie'), isOwn ? 'owner=secret' : undefined);
    assert.equal(headers['set-cookie'], isOwn ? 'a=b, c=d' : undefined);
    assert.equal(headers['clear-site-data'], isOwn ? '"*"' : undefined);
  },
);

behaviour(
  'a redirect to the web app itself leads to the same place here',
  ({ socket, line, field }) =>
    socket.write(
      `HTTP/1.1 302 Found\r\ncontent-length: 0\r\nlocation: ${line.includes('out') ? 'http://elsewhere.example/' : `http://${field('host')}/next?a`}\r\n\r\n`,
    ),
  async (plane) => {
    assert.equal((await plane.ask('GET /x')).headers.location, '/next?a');
    assert.equal((await plane.ask('GET /out')).headers.location, 'http://elsewhere.example/');
  },
);
