import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { entranceSchema, passSchema, sessionSchema, shortId } from '@kith/wire';
import { introduce, type NodeOptions, startNode } from '../gateway-rig.ts';
import { exchange, ok, startRawUpstream } from '../raw-http.ts';

/** A node where the kernel's word does not count, as on systems that do not tell, and what its web app was asked. */
async function start(t: TestContext, options: NodeOptions = {}) {
  const app = await startRawUpstream(t, ({ socket }) => socket.write(ok()));
  const dataDirectory = tempDirectory(t);
  const settings = { ownerUids: 'none', exchangeUrl: app.origin, ...options.settings } as const;
  const node = await startNode(t, { ...options, dataDirectory, settings });
  const host = `localhost:${node.port}`;
  const ask = (line: string, fields: Record<string, string> = {}, body = '') => {
    const all = { host, connection: 'close', 'content-length': String(body.length), ...fields };
    const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return exchange(t, node.port, `${line} HTTP/1.1\r\n${head.join('')}\r\n${body}`);
  };
  const json = { 'content-type': 'application/json' };
  const post = (path: string, fields: Record<string, string>, body: unknown) =>
    ask(`POST ${path}`, { ...json, ...fields }, JSON.stringify(body));
  const token = readFileSync(join(dataDirectory, 'owner-token'), 'utf8').trim();
  const byToken = { authorization: `Bearer ${token}` };
  const enter = async () => {
    const { url } = entranceSchema.parse(JSON.parse((await post('/_kith/entrance', byToken, {})).body));
    const once = url.split('#enter=')[1] ?? '';
    return { url, once, answer: await post('/_kith/session', {}, { once }) };
  };
  const session = async () => {
    const { session: text } = sessionSchema.parse(JSON.parse((await enter()).answer.body));
    return { authorization: `Bearer ${text}` };
  };
  const passFor = async (url: string) =>
    passSchema.parse(JSON.parse((await post('/_kith/pass', await session(), { url })).body)).url;
  return { app, node, host, ask, post, byToken, enter, session, passFor, dataDirectory };
}

test('a link of the owner’s becomes a session, once; the web app never sees what showed the owner', async (t) => {
  const { app, ask, post, enter, byToken } = await start(t);
  assert.equal((await ask('GET /api/status')).status, 401);
  assert.equal((await post('/_kith/entrance', {}, {})).status, 401, 'only the owner makes links');
  const { url, once, answer } = await enter();
  assert.match(url, /^http:\/\/localhost:\d+\/#enter=/);
  const { session } = JSON.parse(answer.body);
  const again = await post('/_kith/session', {}, { once });
  assert.equal(again.status, 401);
  assert.match(JSON.parse(again.body).message, /kith open/);
  for (const authorization of [`Bearer ${session}`, byToken.authorization]) {
    assert.equal((await ask('GET /api/status', { authorization })).status, 200);
    assert.equal(app.requests.at(-1)?.field('authorization'), undefined);
    assert.equal(app.requests.at(-1)?.field('kith-role'), 'owner');
  }
  await ask('GET /api/status', { ...byToken, authorization: `${byToken.authorization}, x` });
  assert.equal((await ask('GET /x', { authorization: `Bearer ${session}x` })).status, 401);
});

test('whoever shows nothing gets the page without anything in it, as anybody', async (t) => {
  const { app, ask } = await start(t);
  for (const path of ['/', '/?q=1', '/kith.svg', '/assets/index-1a2b.js']) {
    assert.equal((await ask(`GET ${path}`)).status, 200, path);
    assert.equal(app.requests.at(-1)?.field('kith-role'), 'anybody');
  }
  const asked = app.requests.length;
  for (const line of [
    'POST /',
    'GET /index.html',
    'GET /assets/../api/status',
    'GET /assets/a/b',
    'GET //',
    'DELETE /',
  ]) {
    assert.equal((await ask(line)).status, 401, line);
  }
  const socket = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'x',
  };
  assert.equal((await ask('GET /', socket)).status, 401, 'a WebSocket');
  assert.equal(app.requests.length, asked, 'nothing else reaches the web app');
});

test('an address with a pass is opened without a header, and only that one; the pass is passed on to nobody', async (t) => {
  const { app, ask, passFor, host } = await start(t);
  const { pathname, search } = new URL(await passFor(`http://${host}/api/documents/1/content?x=1`));
  assert.equal((await ask(`GET ${pathname}${search}`)).status, 200);
  assert.equal(app.requests.at(-1)?.line, 'GET /api/documents/1/content?x=1 HTTP/1.1');
  assert.equal((await ask(`POST ${pathname}${search}`)).status, 401, 'it reads, and changes nothing');
  assert.equal((await ask(`GET ${pathname.replace('1', '2')}${search}`)).status, 401);
  assert.equal((await ask('GET /x?kith-pass=')).status, 401);
});

test('a peer’s app is entered by a pass, then by a cookie of that host alone', async (t) => {
  const { node, ask, passFor } = await start(t);
  const { app, node: ben } = await start(t, { name: 'ben', address: '127.0.0.2' });
  await introduce(node, ben, { trust: 'trusted' });
  await introduce(ben, node, { trust: 'trusted' });
  const host = `ben.localhost:${node.port}`;
  assert.equal((await ask('GET /', { host })).status, 401);
  const { pathname, search } = new URL(await passFor(`http://${host}/`));
  const entered = await ask(`GET ${pathname}${search}`, { host });
  assert.equal(entered.status, 303);
  assert.equal(entered.headers.location, '/');
  const cookie = entered.headers['set-cookie'] ?? '';
  assert.match(cookie, /; HttpOnly; SameSite=Lax$/);
  assert.doesNotMatch(cookie, /domain/i, 'of that host alone');
  const [value = ''] = cookie.split(';');
  assert.equal((await ask('GET /x', { host, cookie: `a=b; ${value}` })).status, 200);
  assert.equal(app.requests.at(-1)?.field('cookie'), undefined, 'the peer never sees it');
  for (const other of ['localhost', `ada.localhost:${node.port}`, '127.0.0.1']) {
    assert.equal((await ask('GET /api/status', { host: other, cookie: value })).status, 401, other);
  }
});

test('a web app of one’s own is entered under this node’s own name, never under localhost by a cookie', async (t) => {
  const app = await startRawUpstream(t, ({ socket }) => socket.write(ok('wiki')));
  const { node, post, byToken, ask } = await start(t, { settings: { upstream: app.origin } });
  assert.equal((await ask('GET /')).status, 401, 'it may hold anything');
  const { url } = entranceSchema.parse(JSON.parse((await post('/_kith/entrance', byToken, {})).body));
  const host = `${shortId(node.identity.id)}.localhost:${node.port}`;
  assert.ok(url.startsWith(`http://${host}/?kith-pass=`), url);
  const { pathname, search } = new URL(url);
  const entered = await ask(`GET ${pathname}${search}`, { host });
  const cookie = entered.headers['set-cookie']?.split(';')[0] ?? '';
  assert.equal((await ask('GET /page', { host, cookie })).body, 'wiki');
  assert.equal(app.requests.at(-1)?.field('kith-role'), 'owner');
  assert.equal((await ask('GET /_kith/node', { host, cookie })).status, 400, 'the app’s pages are not the owner');
});

test('a proxy is nobody, whoever runs it, unless it was given the token', async (t) => {
  const { ask, byToken } = await start(t);
  const through = { 'x-forwarded-for': '192.168.1.9' };
  assert.equal((await ask('GET /api/status', through)).status, 403);
  assert.equal((await ask('GET /api/status', { ...through, ...byToken })).status, 200);
});

test('a renewed token ends what was opened with the old one', async (t) => {
  const { ask, post, session, byToken } = await start(t);
  const before = await session();
  assert.equal((await post('/_kith/token/renew', before, {})).status, 204);
  assert.equal((await ask('GET /api/status', before)).status, 401);
  assert.equal((await ask('GET /api/status', byToken)).status, 401);
});
