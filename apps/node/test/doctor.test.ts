import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { interfaceTowards, isNearby } from '../src/cli/nearby-address.ts';
import { command } from './command.ts';
import { fakeGateway, json } from './fake-gateway.ts';

test('a store and an index that are away are named, each with a remedy', async (t) => {
  const url = await fakeGateway(t, {}, (request, response) => {
    const store = request.url?.startsWith('/_kith/');
    response.statusCode = 503;
    json(
      response,
      store ? { error: 'store_away', message: 'Redis is away.' } : { error: 'index_away', message: 'No index.' },
    );
  });
  const { code, stdout } = await command(['doctor', '--json', '--node', url], { cwd: tempDirectory(t) });
  const checks = JSON.parse(stdout).checks as { name: string; verdict: string; remedy?: string }[];
  assert.equal(code, 1);
  assert.deepEqual(
    checks.slice(0, 2).map(({ name, verdict }) => [name, verdict]),
    [
      ['peer store', 'failed'],
      ['documents', 'failed'],
    ],
  );
  assert.match(checks[0]?.remedy ?? '', /KITH_REDIS_URL/);
  assert.match(checks[1]?.remedy ?? '', /KITH_ELASTICSEARCH_URL/);
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

for (const [address, expected] of [
  ['192.168.1.20', true],
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['8.8.8.8', false],
  ['fe80::1%eth0', true],
  ['fd12::1', true],
  ['2001:db8::1', false],
  ['::ffff:8.8.8.8', false],
  ['ben', false],
] as const) {
  test(`${address} is ${expected ? '' : 'not '}of a local network`, () => assert.equal(isNearby(address), expected));
}

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
