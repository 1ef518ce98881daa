import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLan as createNetwork, hasBinary, isRoot, skipUnless } from '@kith/testing';
import type { LanFacts } from '../compliance/lan.ts';
import type { LanInterface } from '../src/index.ts';
import { program, type Swept } from './lan-in-namespace.ts';

const skip = skipUnless(process.platform === 'linux' && isRoot() && hasBinary('ip'), 'needs root and ip on Linux');
const file = (name: string) => join(import.meta.dirname, name);

test('Linux in a namespace keeps the port’s contract', { skip }, async (t) => {
  const network = await createNetwork({ hosts: 3, silent: 2 });
  t.after(() => network.close());
  const facts: LanFacts = {
    interface: 'eth0',
    subnet: network.subnet,
    own: network.host(0).address,
    defaultGateway: network.router.address,
    there: [...network.hosts.slice(1), ...network.silent, network.router].map(({ address }) => address),
    nobody: network.addressOf(200),
  };
  // A process of `node --test` marks its children as its own; this one is not.
  const env = { PATH: process.env.PATH };
  const output = await network
    .host(0)
    .exec(process.execPath, ['--test-reporter=tap', file('compliance-main.ts'), JSON.stringify(facts)], {
      timeoutMs: 50_000,
      env,
    });
  assert.match(output, /^# pass 7$/m);
  assert.match(output, /^# fail 0$/m);
});

test('a /24 with 19 others: all are told', { skip }, async (t) => {
  const network = await createNetwork({ hosts: 7, silent: 12 });
  t.after(() => network.close());
  const { result, seen } = await program<Swept>(network.host(0), 'sweep', 'eth0', network.subnet);
  assert.equal(seen.length, 19);
  assert.deepEqual([result.asked, result.tableFull], [253, 0]);
  const last = Math.max(...seen.map(({ ms }) => ms));
  t.diagnostic(`the last of 19 after ${last.toFixed(0)} ms`);
});

test(
  'a neighbour that left is remembered but not fresh; one that missed the first question is found',
  { skip },
  async (t) => {
    const network = await createNetwork({ hosts: 3 });
    t.after(() => network.close());
    const [here, gone, late] = network.hosts;
    assert.ok(here && gone && late);
    await program(here, 'sweep', 'eth0', network.subnet);
    gone.cut();
    late.cut();
    await here.exec('ip', ['neigh', 'flush', 'dev', 'eth0', late.address]);
    const sweeping = program<Swept>(here, 'sweep', 'eth0', network.subnet);
    setTimeout(() => late.mend(), 700);
    const { seen } = await sweeping;
    assert.equal(seen.find(({ address }) => address === gone.address)?.fresh, false);
    const found = seen.find(({ address }) => address === late.address);
    assert.equal(found?.fresh, true);
  },
);

test('container and other adapters are left out with a reason; two cards are both used', { skip }, async (t) => {
  const [network, other] = await Promise.all([
    createNetwork({ hosts: 1 }),
    createNetwork({ hosts: 2, subnet: '192.168.50.0/24' }),
  ]);
  t.after(() => Promise.all([network.close(), other.close()]));
  const host = network.host(0);
  await host.attach(other, { name: 'eth1', address: other.addressOf(9) });
  await host.addInterface({ name: 'docker0', type: 'bridge', address: '172.17.0.1/16' });
  await host.addInterface({ name: 'br0', type: 'bridge', address: '10.9.0.1/24' });
  await host.addInterface({ name: 'office', type: 'tun', address: '10.8.0.2/24' });
  const all = await program<LanInterface[]>(host, 'interfaces');
  assert.deepEqual(
    all.map(({ name, kind, used }) => `${name} ${kind} ${used}`),
    [
      'eth0 physical true',
      'eth1 physical true',
      'br0 virtual false',
      'docker0 container false',
      'lo loopback false',
      'office vpn false',
    ],
  );
  assert.match(all.find(({ name }) => name === 'docker0')?.reason ?? '', /Docker/);
  const { seen } = await program<Swept>(host, 'sweep', 'eth1', other.subnet);
  assert.deepEqual(seen.map(({ address }) => address).sort(), ['192.168.50.1', '192.168.50.2', '192.168.50.254']);
});
