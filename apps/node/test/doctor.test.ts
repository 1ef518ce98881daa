import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { interfaceTowards } from '../src/doctor/interface-towards.ts';
import { calledAs, startCall } from '../src/output/called-as.ts';
import { command } from './command.ts';
import { fakeGateway, json } from './fake-gateway.ts';

interface Seen {
  readonly name: string;
  readonly verdict: string;
  readonly detail: string;
  readonly remedy?: string;
}
const COMPOSE = 'docker compose run --rm kith';

/** What the doctor says of a gateway that knows no node and no peers, and answers `/api/status` with `status`. */
async function examine(t: TestContext, { status, code = 200, kith }: { status: object; code?: number; kith?: string }) {
  const url = await fakeGateway(t, {}, (request, response) => {
    const store = request.url?.startsWith('/_kith/');
    response.statusCode = store ? 503 : code;
    json(response, store ? { error: 'store_away', message: 'Redis is away.' } : status);
  });
  const cwd = tempDirectory(t);
  const ended = await command(['doctor', '--json', '--node', url], { cwd, ...(kith === undefined ? {} : { kith }) });
  const { checks } = JSON.parse(ended.stdout) as { checks: Seen[] };
  const named = (name: string) => checks.find((one) => one.name === name);
  return { code: ended.code, checks, named };
}

test('a store and an index that are away are named, each with a remedy', async (t) => {
  const { code, named } = await examine(t, { status: { error: 'index_away', message: 'No index.' }, code: 503 });
  assert.equal(code, 1);
  assert.deepEqual([named('peer store')?.verdict, named('documents')?.verdict], ['failed', 'failed']);
  assert.match(named('peer store')?.remedy ?? '', /KITH_REDIS_URL/);
  assert.match(named('documents')?.remedy ?? '', /KITH_ELASTICSEARCH_URL/);
});

test('in a container of Compose every remedy is a command of Compose', async (t) => {
  const { named } = await examine(t, {
    status: { error: 'exchange_away', message: 'None.' },
    code: 503,
    kith: COMPOSE,
  });
  for (const [check, service] of [
    ['peer store', 'redis'],
    ['pingback', 'pingback'],
    ['scanner', 'scanner'],
    ['documents', 'exchange'],
  ] as const)
    assert.match(
      named(check)?.remedy ?? '',
      new RegExp(`docker compose up -d ${service} .*logs ${service}\\)$`),
      check,
    );
});

for (const [code, check, verdict, other, compose] of [
  ['index_away', 'index', 'failed', /_cluster\/health/, /docker compose up -d elasticsearch/],
  ['index_refused', 'index', 'failed', /KITH_ELASTICSEARCH_API_KEY/, /KITH_ELASTICSEARCH_API_KEY/],
  ['index_gone', 'index', 'failed', /start the exchange again\.$/, /docker compose restart exchange/],
  ['index_red', 'index', 'failed', /URL\/_cluster\/allocation\/explain/, /exec elasticsearch curl .*explain/],
  ['index_blocked', 'index', 'failed', /-X PUT .*"write":null/, /exec elasticsearch curl .*"write":null/],
  ['disk_full', 'index disk', 'failed', /Make room.*_cat\/allocation/, /Make room.*docker system df/],
  ['disk_nearly_full', 'index disk', 'warning', /Make room.*_cat\/allocation/, /Make room.*docker system df/],
] as const) {
  test(`what is wrong with the index: ${code}`, async (t) => {
    const index = { engine: 'elasticsearch', findings: [{ code, message: 'So it is.' }] };
    const status = { role: 'owner', name: 'ana', queued: 0, index };
    for (const [kith, remedy] of [
      ['npm run kith --', other],
      [COMPOSE, compose],
    ] as const) {
      const { named } = await examine(t, { status, kith });
      const { detail, verdict: seen, remedy: said = '' } = named(check) ?? { detail: '', verdict: '' };
      assert.deepEqual([seen, detail], [verdict, 'So it is.']);
      assert.match(said, remedy);
      assert.equal(named('documents')?.verdict, 'skipped');
      if (check === 'index disk') assert.equal(named('index')?.verdict, 'ok');
    }
  });
}

test('a node that does not run: what can be looked at is, and the exit code says it', async (t) => {
  const free = createServer();
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
  const { port } = free.address() as AddressInfo;
  await new Promise((done) => free.close(done));
  const url = `http://127.0.0.1:${port}`;
  const env = { KITH_PINGBACK_PORT: String(port) };
  const options = { cwd: tempDirectory(t), env, kith: COMPOSE };
  const { code, stdout } = await command(['doctor', '--node', url], options);
  assert.equal(code, 3);
  assert.match(
    stdout,
    /FAILED +gateway +No node runs at .*docker compose up -d`.*\n +Start it: docker compose up -d gateway/,
  );
  assert.match(stdout, /FAILED +pingback/);
  assert.match(stdout, /ok +clock/);
  const chain = await command(['doctor', '127.0.0.1', '--node', url], options);
  assert.deepEqual([chain.code, chain.stdout], [3, '']);
});

test('how the program is called: KITH_COMMAND, npm, or by its name', () => {
  assert.equal(calledAs({ given: undefined, byNpm: false }), 'kith');
  assert.equal(calledAs({ given: '', byNpm: true }), 'npm run kith --');
  assert.equal(calledAs({ given: ` ${COMPOSE}\n`, byNpm: true }), COMPOSE);
  assert.deepEqual([COMPOSE, 'npm run kith --', 'kith'].map(startCall), [
    'docker compose up -d',
    'npm start',
    'kith start',
  ]);
});

test('a program on the pingback port that is no peer is shown as such', async (t) => {
  const vnc = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<h1>VNC</h1>'));
  await new Promise<void>((done) => vnc.listen(0, '127.0.0.1', done));
  t.after(() => vnc.close());
  const { port } = vnc.address() as { port: number };
  const url = await fakeGateway(t, {}, (_request, response) => {
    response.statusCode = 503;
    json(response, { error: 'store_away', message: 'away' });
  });
  const env = { KITH_PINGBACK_PORT: String(port) };
  const { stdout } = await command(['doctor', '127.0.0.1', '--node', url], { cwd: tempDirectory(t), env });
  assert.match(stdout, /FAILED +identity +what answers there is no peer: it answered with text\/html/);
  assert.match(stdout, /– +trust +not tried/);
});

test('the interface in whose subnet an address lies', () => {
  const one = (address: string, cidr: string) => ({
    address,
    cidr,
    family: 'IPv4' as const,
    netmask: '',
    mac: '',
    internal: false,
  });
  const all = { eth0: [one('192.168.1.7', '192.168.1.7/24')], wlan0: [one('10.0.0.7', '10.0.0.7/8')] };
  assert.deepEqual(interfaceTowards('192.168.1.20', all), {
    interface: 'eth0',
    own: '192.168.1.7',
    cidr: '192.168.1.7/24',
  });
  assert.equal(interfaceTowards('10.200.0.1', all)?.interface, 'wlan0');
  assert.equal(interfaceTowards('172.16.0.1', all), undefined);
});
