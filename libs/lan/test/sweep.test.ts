import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '@kith/service';
import { createLan as createNetwork, hasBinary, isRoot, skipUnless } from '@kith/testing';
import type { LanInterface, Neighbour } from '../src/index.ts';
import { createPace } from '../src/neighbours/pace.ts';
import { createPoke } from '../src/neighbours/poke.ts';
import { sweep } from '../src/neighbours/sweep.ts';
import { program, type Swept } from './lan-in-namespace.ts';

const skip = skipUnless(process.platform === 'linux' && isRoot() && hasBinary('ip'), 'needs root and ip on Linux');

test('a poke refuses any address that is not private, and sends nothing of that batch', async () => {
  assert.throws(() => createPoke({ from: '8.8.8.8' }), { code: 'not_private' });
  const poke = createPoke({ from: '127.0.0.1' });
  await assert.rejects(poke.send(['127.0.0.2', '203.0.113.1']), { code: 'not_private' });
  await assert.rejects(poke.send(['127.0.0.2', 'localhost']), { code: 'not_private' });
  poke.close();
});

test('a poke of more addresses than one socket holds goes on with another', async () => {
  const poke = createPoke({ from: '127.0.0.1' });
  const many = Array.from({ length: 450 }, (_, i) => `127.0.${i >> 8}.${i & 255}`);
  await poke.send(many);
  poke.close();
  poke.close();
});

test('a poke from an address that this machine does not have is an error, not a hang', async () => {
  await assert.rejects(createPoke({ from: '10.255.254.253' }).send(['10.255.254.1']), { code: 'bad_sweep' });
});

const loopback: LanInterface = {
  ...{ name: 'lo', kind: 'loopback', used: true, reason: 'for this test', sweepable: [] },
  addresses: [{ address: '127.0.0.1', family: 4, prefix: 8, subnet: '127.0.0.0/8', isPrivate: true }],
};

test('after a full table the same addresses are asked again, slower, and the result tells', async () => {
  let reads = 0;
  let table: Neighbour[] = [];
  const seen: string[] = [];
  const slowed: number[] = [];
  const pace = createPace({ clock: systemClock, burst: 1000, perSecond: 1000 });
  const result = await sweep(
    { interface: 'lo', subnet: '127.0.9.0/26', onNeighbour: ({ address }) => seen.push(address) },
    [
      {
        ...loopback,
        addresses: [{ ...(loopback.addresses[0] as (typeof loopback.addresses)[0]), address: '127.0.9.1' }],
      },
    ],
    {
      table: { readIpv4: async () => table, read: async () => table, pauseMs: 5 },
      // The second look after a step finds that the table was full.
      readTableFulls: async () => {
        reads += 1;
        return reads >= 3 ? 4 : 3;
      },
      pace: {
        take: pace.take,
        slowDown: () => {
          slowed.push(reads);
          table = [{ address: '127.0.9.7', mac: '02:00:00:00:00:07', fresh: false }];
        },
      },
      clock: systemClock,
      seed: 1,
    },
  );
  assert.deepEqual(slowed, [3]);
  assert.deepEqual([result.asked, result.left, result.tableFull], [61, 0, 1]);
  assert.deepEqual(seen, ['127.0.9.7']);
});

test(
  'a /22: everybody is found though most addresses are empty, and the kernel’s table is never full',
  { skip },
  async (t) => {
    const network = await createNetwork({ hosts: 9, subnet: '10.77.0.0/22' });
    t.after(() => network.close());
    for (const [i, host] of network.hosts.slice(1).entries()) await host.setAddress(network.addressOf(100 + i * 110));
    const { result, seen } = await program<Swept>(network.host(0), 'sweep', 'eth0', network.subnet);
    assert.equal(seen.length, 9);
    assert.deepEqual([result.asked, result.left, result.tableFull], [1021, 0, 0]);
    const isOwn = seen.map(({ address }) => address.startsWith('10.77.0.'));
    const own = isOwn.filter(Boolean).length;
    assert.ok(own >= 2 && isOwn.slice(0, own).every(Boolean), 'the own /24 comes first');
    t.diagnostic(`${(result.elapsedMs / 1000).toFixed(1)} s`);
  },
);

test('what this machine itself does not let out is told, with the system’s code', { skip }, async (t) => {
  const network = await createNetwork({ hosts: 2 });
  t.after(() => network.close());
  const host = network.host(0);
  await host.exec('ip', ['route', 'add', 'prohibit', '10.77.0.128/25']);
  const { result, seen } = await program<Swept>(host, 'sweep', 'eth0', network.subnet);
  assert.deepEqual(
    seen.map(({ address }) => address),
    [network.host(1).address],
  );
  assert.deepEqual(result.unsent, { count: 127, code: 'EACCES' });
});
