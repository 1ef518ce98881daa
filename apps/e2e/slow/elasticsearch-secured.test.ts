import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { documentSettings, openDocuments } from '@kith/backend-documents';
import { parseQuery } from '@kith/documents';
import { sampleDocument, sampleFile } from '@kith/documents/compliance';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { hasBinary, skipUnless, tempDirectory } from '@kith/testing';
import { elasticsearchHome, elasticsearchServer, needsElasticsearchHome } from '../src/nodes/elasticsearch-server.ts';
import { openSeparateNode } from '../src/nodes/separate-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip =
  skipUnless(hasBinary('redis-server'), 'needs redis-server') ||
  skipUnless(hasBinary('openssl'), 'needs openssl') ||
  skipUnless(elasticsearchHome !== '', needsElasticsearchHome);

/** An authority and a certificate of its making for one address. */
function makeCertificate(folder: string, host: string): { authority: string; key: string; certificate: string } {
  const at = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2'];
  openssl('req', '-x509', ...made, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=kith test authority');
  openssl(
    'req',
    ...made.slice(0, 3),
    '-keyout',
    at('server.key'),
    '-out',
    at('server.csr'),
    '-subj',
    '/CN=elasticsearch',
  );
  writeFileSync(at('names'), `subjectAltName=IP:${host}\n`);
  const signed = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names')];
  openssl('x509', '-req', '-in', at('server.csr'), '-out', at('server.pem'), '-days', '2', ...signed);
  return { authority: at('ca.pem'), key: at('server.key'), certificate: at('server.pem') };
}

/** As Elasticsearch keeps passwords in its file of users. */
function passwordHash(password: string): string {
  const salt = randomBytes(32);
  const hash = pbkdf2Sync(password, salt, 10_000, 32, 'sha512');
  return `{PBKDF2}10000$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** What docs/operations.md says that Kith needs. */
const ROLE = `
kith:
  cluster: [monitor]
  indices:
    - names: ["kith-*"]
      privileges: [manage, read, write]
nothing:
  cluster: [monitor]
`;

async function startSecured(t: TestContext) {
  const host = freeAddress();
  const { authority, key, certificate } = makeCertificate(tempDirectory(t), host);
  const password = randomBytes(12).toString('hex');
  const tls = 'xpack.security.http.ssl';
  const server = elasticsearchServer({
    name: 'secured',
    host,
    settings: [
      'discovery.type: single-node',
      'xpack.security.enabled: true',
      `${tls}.enabled: true`,
      `${tls}.key: server.key`,
      `${tls}.certificate: server.pem`,
    ],
    files: {
      'server.key': readFileSync(key, 'utf8'),
      'server.pem': readFileSync(certificate, 'utf8'),
      'roles.yml': ROLE,
      users: ['kith', 'other'].map((user) => `${user}:${passwordHash(password)}\n`).join(''),
      users_roles: 'kith:kith\nnothing:other\n',
    },
  });
  t.after(() => server.close());
  await server.start();
  return { url: server.url, authority, password };
}

async function open(t: TestContext, env: Record<string, string>) {
  const settings = { ...readSettings(documentSettings, env), dataDirectory: tempDirectory(t) };
  const documents = await openDocuments(settings, { log: silentLog, clock: systemClock });
  t.after(() => documents.close());
  return documents;
}
const asked = { query: parseQuery('water'), candidates: 5, snippets: 0 };

test('TLS and users of a real Elasticsearch', { skip }, async (t) => {
  const { url, authority, password } = await startSecured(t);
  const { authority: other } = makeCertificate(tempDirectory(t), freeAddress());
  const right = {
    KITH_ELASTICSEARCH_URL: url,
    KITH_ELASTICSEARCH_CA_FILE: authority,
    KITH_ELASTICSEARCH_USERNAME: 'kith',
    KITH_ELASTICSEARCH_PASSWORD: password,
  };
  const refusals: [string, Record<string, string>, RegExp][] = [
    ['no authority', { KITH_ELASTICSEARCH_CA_FILE: '' }, /not trusted.*KITH_ELASTICSEARCH_CA_FILE/],
    ['another authority', { KITH_ELASTICSEARCH_CA_FILE: other }, /not trusted.*KITH_ELASTICSEARCH_CA_FILE/],
    ['no TLS', { KITH_ELASTICSEARCH_URL: url.replace('https', 'http') }, /KITH_ELASTICSEARCH_URL/],
    ['a wrong password', { KITH_ELASTICSEARCH_PASSWORD: 'wrong' }, /refuses this user.*KITH_ELASTICSEARCH_PASSWORD/],
    [
      'a wrong API key',
      { KITH_ELASTICSEARCH_API_KEY: 'd3Jvbmc6a2V5' },
      /refuses this user.*KITH_ELASTICSEARCH_API_KEY/,
    ],
    ['a user without rights', { KITH_ELASTICSEARCH_USERNAME: 'other' }, /does not allow this user/],
  ];

  await t.test('the rights in the manual are enough for everything', async () => {
    const { index, files, close } = await open(t, right);
    await index.put([sampleDocument({ text: 'water' }), sampleDocument({ text: 'water, too' })]);
    await files.putFiles([sampleFile({})]);
    assert.equal((await index.search(asked)).matches, 2);
    assert.equal((await index.list({ limit: 5 })).length, 2);
    assert.equal((await index.statistics()).documents, 2);
    assert.deepEqual((await index.health()).findings, []);
    await close();
  });

  for (const [what, changed, message] of refusals)
    await t.test(`${what} is said, with what to do`, async () => {
      const { index, close } = await open(t, { ...right, ...changed });
      await assert.rejects(index.search(asked), { code: 'index_away', message });
      const { findings } = await index.health();
      assert.match(findings[0]?.message ?? '', message);
      await close();
    });

  await t.test('an authority that is no certificate stops the start', async () => {
    const file = join(tempDirectory(t), 'ca.pem');
    await assert.rejects(open(t, { ...right, KITH_ELASTICSEARCH_CA_FILE: file }), /KITH_ELASTICSEARCH_CA_FILE.*ENOENT/);
    writeFileSync(file, 'no certificate');
    await assert.rejects(open(t, { ...right, KITH_ELASTICSEARCH_CA_FILE: file }), /holds no certificate/);
  });
});

/** Answers everything as a server that knows no such user, and counts. */
async function openRefusing(t: TestContext) {
  let requests = 0;
  const users = new Set<string | undefined>();
  const server = createServer(({ headers: { authorization } }, answer) => {
    requests += 1;
    users.add(authorization);
    const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
    answer.writeHead(401, headers).end(JSON.stringify({ error: { type: 'security_exception' }, status: 401 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, users, requests: () => requests };
}

test('a refused user brings no storm of requests, and no secret into the log', { skip }, async (t) => {
  const refusing = await openRefusing(t);
  const [inUrl, apiKey] = [randomBytes(12).toString('hex'), randomBytes(12).toString('base64')];
  const node = await openSeparateNode({
    env: {
      KITH_ELASTICSEARCH_URL: `http://kith:${inUrl}@127.0.0.1:${refusing.port}`,
      KITH_ELASTICSEARCH_API_KEY: apiKey,
    },
  });
  t.after(() => node.close());
  const share = join(node.folder, 'share');
  mkdirSync(share);
  for (let i = 0; i < 50; i++) writeFileSync(join(share, `${i}.txt`), `Text ${i}.`);
  await node.start('gateway');
  const exchange = await node.start('exchange', { KITH_SHARE: share });
  const before = refusing.requests();
  await pause(5_000);
  const asked = refusing.requests() - before;
  t.diagnostic(`${asked} requests in 5 s, ${exchange.output().split('\n').length} lines in the log`);
  assert.ok(asked < 100, `${asked} requests in 5 s`);
  const owner = node.owner();
  assert.match((await owner.ask('/api/status')).body.toString(), /refuses this user/);
  assert.equal((await owner.search('text')).coverage[0]?.status, 'index-away');
  assert.deepEqual([...refusing.users], [`ApiKey ${apiKey}`], 'the key goes before the user in the URL');
  const log = exchange.output();
  assert.match(log, /refuses this user/);
  const basic = (name: string) => Buffer.from(`kith:${name}`).toString('base64');
  for (const secret of [inUrl, apiKey, basic(inUrl)]) assert.ok(!log.includes(secret), 'no secret in the log');
});
