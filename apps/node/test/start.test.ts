import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipUnless, tempDirectory } from '@kith/testing';
import { nodeViewSchema } from '@kith/wire';
import { ended, nodeEnv, PORTS, runningNode } from './running-node.ts';

test('a first start says where the page is, who it is, what it shares and what to do next; SIGTERM ends it well', async (t) => {
  const data = join(tempDirectory(t), 'new');
  const docs = tempDirectory(t);
  writeFileSync(join(docs, 'note.txt'), 'hello');
  const node = await runningNode(t, { host: 1, data, args: ['--name', 'Ana', '--share', docs] });
  const { id } = nodeViewSchema.parse(await (await fetch(`${node.url}/_kith/node`)).json());
  const text = node.stdout();
  assert.match(text, /^Kith 0\.1\.0 is ready \(\d+\.\d s\)\.$/m);
  assert.match(text, new RegExp(`Page +${node.url.replaceAll('.', '\\.')}/$`, 'm'));
  assert.match(text, new RegExp(`Name +Ana \\(${id.slice(0, 8)}\\)$`, 'm'));
  assert.ok(text.includes(docs));
  assert.match(text, /Start Kith on another machine/);
  assert.equal(JSON.parse(readFileSync(join(data, 'node.json'), 'utf8')).pid, node.pid);
  for (const line of node.stderr().trim().split('\n')) JSON.parse(line);

  assert.equal((await node.end('SIGTERM')).code, 0);
  assert.ok(!existsSync(join(data, 'node.json')));
});

test('killed outright, it starts again as the same node', async (t) => {
  const data = tempDirectory(t);
  const first = await runningNode(t, { host: 2, data });
  const idOf = async () => nodeViewSchema.parse(await (await fetch(`${first.url}/_kith/node`)).json()).id;
  const before = await idOf();
  await first.end('SIGKILL');
  await runningNode(t, { host: 2, data });
  assert.equal(await idOf(), before);
});

test('an index that is away is no reason not to start; the doctor names it', async (t) => {
  const data = tempDirectory(t);
  const env = { KITH_ELASTICSEARCH_URL: 'http://127.0.0.1:9' };
  const node = await runningNode(t, { host: 12, data, env });
  const { code, stdout } = await ended(['doctor'], nodeEnv({ host: 12, data, env: { ...env, KITH_NODE: node.url } }));
  assert.equal(code, 1);
  assert.match(stdout, /FAILED +index +Elasticsearch is not reached.*\(connect ECONNREFUSED 127\.0\.0\.1:9\)\.$/m);
});

test('a data directory that another node uses is refused, with who uses it', async (t) => {
  const data = tempDirectory(t);
  const node = await runningNode(t, { host: 3, data, args: ['--name', 'ana'] });
  const second = await ended(['start'], nodeEnv({ host: 4, data }));
  assert.equal(second.code, 1);
  assert.match(
    second.stderr,
    new RegExp(`uses the data folder ${data}: stop it.*node “ana”, process ${node.pid}, page ${node.url}/`),
  );
});

test('a port in use says by whom, that it is a Kith node, and what to do', async (t) => {
  const node = await runningNode(t, { host: 5, data: tempDirectory(t), args: ['--name', 'ana'] });
  for (const [port, env] of [
    [PORTS.exchange, {}],
    [PORTS.gateway, { KITH_EXCHANGE_PORT: '0' }],
    [PORTS.pingback, { KITH_EXCHANGE_PORT: '0', KITH_GATEWAY_PORT: '0' }],
  ] as const) {
    const second = await ended(['start'], nodeEnv({ host: 5, data: tempDirectory(t), env }));
    assert.equal(second.code, 1, second.stderr);
    assert.match(second.stderr, new RegExp(`Port ${port} \\(\\w+\\) is in use by`));
    if (process.platform === 'linux') assert.match(second.stderr, new RegExp(`process ${node.pid} `));
    assert.match(second.stderr, /A Kith node runs here already: ana \([a-z2-7]{8}\)/);
    assert.doesNotMatch(second.stderr, /at .*\.ts:\d+/);
  }
});

test('wrong settings stop the start with one message and exit code 2, before anything is made', async (t) => {
  const data = join(tempDirectory(t), 'never');
  const env = nodeEnv({ host: 6, data, env: { KITH_SWEEP: 'sometimes', KITH_DAAT: '/tmp' } });
  const { code, stdout, stderr } = await ended(['start', '--gateway-port', 'abc'], env);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /has 3 problem\(s\)/);
  assert.match(stderr, /KITH_DAAT is no setting of Kith: did you mean KITH_DATA\?/);
  assert.match(stderr, /--gateway-port is "abc"/);
  assert.ok(!existsSync(data));
});

test('an address that this machine does not have is named', async (t) => {
  const env = {
    ...nodeEnv({ host: 7, data: tempDirectory(t) }),
    KITH_BIND: '192.0.2.77',
    KITH_EXCHANGE_BIND: '127.0.0.1',
  };
  const { code, stderr } = await ended(['start'], { ...env, KITH_EXCHANGE_PORT: '0' });
  assert.equal(code, 2);
  assert.match(stderr, /no address 192\.0\.2\.77: set KITH_BIND/);
});

test(
  'a data folder that cannot be written is named, with the way out',
  {
    skip: skipUnless(process.platform !== 'win32', 'needs a file system with POSIX rules'),
  },
  async (t) => {
    const folder = tempDirectory(t);
    writeFileSync(join(folder, 'file'), '');
    const { code, stderr } = await ended(['start'], nodeEnv({ host: 8, data: join(folder, 'file', 'data') }));
    assert.equal(code, 1);
    assert.match(stderr, /file.*KITH_DATA/);
    assert.doesNotMatch(stderr, /at .*\.ts:\d+/);
  },
);

test('a damaged identity is never replaced, and the message says what to do', async (t) => {
  const data = tempDirectory(t);
  mkdirSync(join(data, 'identity'));
  writeFileSync(join(data, 'identity/key.pem'), 'nonsense');
  const { code, stderr } = await ended(['start'], nodeEnv({ host: 9, data }));
  assert.equal(code, 1);
  assert.match(stderr, /identity .* is damaged.*backup/);
  assert.equal(readFileSync(join(data, 'identity/key.pem'), 'utf8'), 'nonsense');
});

test('help explains itself and ends with 0', async (t) => {
  const { code, stdout } = await ended(['start', '--help'], nodeEnv({ host: 10, data: tempDirectory(t) }));
  assert.equal(code, 0);
  for (const word of ['--name', '--share', 'KITH_SEEDS', 'Examples:']) assert.ok(stdout.includes(word), word);
});
