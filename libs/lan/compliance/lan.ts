import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lan, Neighbour } from '../src/lan.ts';

/** What the suite is told about the network that the LAN under test looks at; all addresses lie in `subnet`. */
export interface LanFacts {
  /** Name of the one interface that is used. */
  interface: string;
  /** A /24. */
  subnet: string;
  own: string;
  defaultGateway: string;
  /** All that answer to ARP, the default gateway among them. */
  there: readonly string[];
  /** An address of the subnet at which there is nobody. */
  nobody: string;
}

/** What every `Lan` does, whatever system it reads; run against the memory LAN and against Linux in a namespace. */
export function lanCompliance(name: string, facts: LanFacts, open: () => Lan): void {
  const check = (what: string, run: (lan: Lan) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const lan = open();
      // Waiting parts of a LAN do not keep a process alive; this test does.
      const hold = setInterval(() => {}, 1000);
      try {
        await run(lan);
      } finally {
        await lan.close();
        clearInterval(hold);
      }
    });
  const sweepAll = async (lan: Lan, seen: Neighbour[] = [], signal?: AbortSignal) => {
    const onNeighbour = (one: Neighbour) => void seen.push(one);
    return lan.sweep({ interface: facts.interface, subnet: facts.subnet, onNeighbour, ...(signal ? { signal } : {}) });
  };
  const sorted = (all: Iterable<string>) => [...all].sort();

  check('used interfaces come first, each with a reason', async (lan) => {
    const all = await lan.interfaces();
    assert.deepEqual(
      all.filter(({ used }) => used).map(({ name: one }) => one),
      [facts.interface],
    );
    assert.equal(all[0]?.used, true);
    assert.deepEqual(all[0]?.sweepable, [facts.subnet]);
    assert.ok(all[0]?.addresses.some(({ address, isPrivate }) => address === facts.own && isPrivate));
    for (const one of all) assert.ok(one.reason.length > 0 && (one.used || one.sweepable.length === 0), one.name);
  });

  check('the primary default gateway of the interface', async (lan) => {
    const gateways = (await lan.defaultGateways()).filter(({ family }) => family === 4);
    assert.deepEqual(
      gateways.map((one) => `${one.interface} ${one.address}`),
      [`${facts.interface} ${facts.defaultGateway}`],
    );
  });

  check('a sweep finds all that are there, each told once, never this machine', async (lan) => {
    const seen: Neighbour[] = [];
    const result = await sweepAll(lan, seen);
    assert.deepEqual(sorted(seen.map(({ address }) => address)), sorted(facts.there));
    assert.deepEqual([result.asked, result.left, result.found], [253, 0, facts.there.length]);
    for (const one of seen) assert.match(one.mac, /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
    const known = await lan.neighbours();
    for (const address of facts.there)
      assert.ok(
        known.some((one) => one.address === address),
        address,
      );
    assert.ok(!known.some((one) => one.address === facts.own || one.address === facts.nobody));
  });

  check('one address is looked up, known before or not; nobody is undefined', async (lan) => {
    for (const address of [facts.there[0] ?? '', facts.there[0] ?? '']) {
      assert.equal((await lan.lookUp(address))?.address, address);
    }
    assert.equal(await lan.lookUp(facts.nobody), undefined);
  });

  check('nothing is sent to an address that is not private, or past the own cable', async (lan) => {
    await assert.rejects(lan.lookUp('8.8.8.8'), { code: 'not_private' });
    await assert.rejects(lan.lookUp('example.org'), { code: 'not_private' });
    const onNeighbour = () => assert.fail('nobody can be found');
    const to = (subnet: string, name = facts.interface) => lan.sweep({ interface: name, subnet, onNeighbour });
    await assert.rejects(to('8.8.8.0/24'), { code: 'not_private' });
    await assert.rejects(to('10.255.0.0/24'), { code: 'bad_sweep' });
    await assert.rejects(to('fe80::/64'), { code: 'bad_sweep' });
    await assert.rejects(to(facts.subnet, 'nosuch0'), { code: 'bad_sweep' });
    await assert.rejects(to('everything'), { code: 'bad_sweep' });
  });

  check('a limit leaves the rest unasked and says so', async (lan) => {
    const result = await lan.sweep({ ...facts, onNeighbour: () => {}, maxHosts: 10 });
    assert.deepEqual([result.asked, result.left], [10, 243]);
  });

  check('an aborted sweep resolves with what was done; closing ends one too', async (lan) => {
    await sweepAll(lan, [], AbortSignal.abort());
    const running = sweepAll(lan);
    await lan.close();
    await running;
    await lan.close();
  });
}
