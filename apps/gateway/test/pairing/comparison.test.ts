import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { waitFor } from '@kith/testing';
import type { ComparisonView } from '@kith/wire';
import { introduce, type Node, type NodeOptions, startNode } from '../gateway-rig.ts';
import { ownerOf } from './owners.ts';

async function twoNodes(t: TestContext, options: NodeOptions = {}): Promise<[Node, Node]> {
  const ana = await startNode(t, { name: 'ana', ...options });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2', ...options });
  await introduce(ana, bob);
  await introduce(bob, ana);
  return [ana, bob];
}
const trustIn = async (node: Node, other: Node) => (await node.peers.getPeer(other.identity.id))?.trust;
const until = (node: Node, what: string, isSo: (view: ComparisonView) => unknown) =>
  waitFor(
    async () => {
      const view = await ownerOf(node).view();
      return isSo(view) ? view : undefined;
    },
    { what },
  );
const numberOf = async (node: Node) => (await until(node, 'a number', ({ open }) => open?.number)).open?.number ?? '';

for (const first of ['smaller', 'greater'] as const) {
  test(`two owners compare; the ${first} id opens it first`, async (t) => {
    const nodes = await twoNodes(t);
    const [one, other] = nodes.toSorted((a, b) =>
      a.identity.id < b.identity.id === (first === 'smaller') ? -1 : 1,
    ) as [Node, Node];
    await ownerOf(one).open(other);
    const knocked = await until(other, 'a knock', ({ knock }) => knock);
    assert.equal(knocked.knock?.peer.id, one.identity.id);
    assert.ok((await ownerOf(other).events()).some(({ type }) => type === 'peer-knock'));
    assert.equal((await ownerOf(one).view()).open?.step, 'waiting');
    await ownerOf(other).open(one);
    const [mine, theirs] = [await numberOf(one), await numberOf(other)];
    assert.match(mine, /^\d{6}$/);
    assert.equal(mine, theirs);
    await assert.rejects(ownerOf(one).same(other, mine === '111111' ? '222222' : '111111'), { code: 'numbers_differ' });
    assert.equal(await trustIn(one, other), 'pending');
    await ownerOf(one).same(other, mine);
    assert.equal(await trustIn(one, other), 'trusted');
    assert.equal(await trustIn(other, one), 'pending', 'trust is each owner’s own decision');
    await until(other, 'what the other said', ({ open }) => open?.otherSaidSame);
    const ended = await ownerOf(other).same(one, theirs);
    assert.equal(ended.last?.end, 'same');
    assert.equal(await trustIn(other, one), 'trusted');
    await until(one, 'the end', ({ last }) => last?.end === 'same');
  });
}

test('a new number each time, and the same opened twice stays one', async (t) => {
  const [ana, bob] = await twoNodes(t);
  const numbers = new Set<string>();
  for (let i = 0; i < 2; i += 1) {
    await ownerOf(ana).open(bob);
    await ownerOf(ana).open(bob);
    await ownerOf(bob).open(ana);
    numbers.add(await numberOf(ana));
    await ownerOf(ana).cancel(bob);
    await ownerOf(bob).cancel(ana);
  }
  assert.equal(numbers.size, 2);
});

test('different: the peer is blocked on this side, and the other side is told', async (t) => {
  const [ana, bob] = await twoNodes(t);
  await ownerOf(ana).open(bob);
  await ownerOf(bob).open(ana);
  await numberOf(ana);
  await numberOf(bob);
  const said = await ownerOf(ana).different(bob);
  assert.equal(said.last?.end, 'different');
  assert.equal(await trustIn(ana, bob), 'blocked');
  const told = await until(bob, 'what ana said', ({ last }) => last?.end === 'other-says-different');
  assert.match(told.last?.message ?? '', /somebody may be standing between you/);
  assert.equal(await trustIn(bob, ana), 'pending');
});

test('one at a time; without a number there is nothing to say; a blocked peer is not compared with', async (t) => {
  const [ana, bob] = await twoNodes(t);
  const carl = await startNode(t, { name: 'carl', address: '127.0.0.3' });
  await introduce(ana, carl);
  await ownerOf(ana).open(bob);
  await assert.rejects(ownerOf(ana).open(carl), { code: 'comparison_busy', message: /with bob now/ });
  await assert.rejects(ownerOf(ana).same(bob, '123456'), { code: 'comparison_not_open' });
  await assert.rejects(ownerOf(ana).same(carl, '123456'), { code: 'comparison_not_open' });
  await ownerOf(ana).cancel(bob);
  await introduce(ana, bob, { trust: 'blocked' });
  await waitFor(
    () =>
      ownerOf(ana)
        .open(bob)
        .then(
          () => ownerOf(ana).cancel(bob),
          (error) => error.code === 'peer_blocked',
        ) as Promise<unknown>,
    { what: 'the block to be known' },
  );
});
