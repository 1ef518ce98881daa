import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { checkCommitment, checkNumber, openIdentity } from '@kith/identity';
import { createFakeClock, type FakeClock, tempDirectory, waitFor } from '@kith/testing';
import type { ComparisonView } from '@kith/wire';
import { introduce, type Node, startNode } from '../gateway-rig.ts';
import { handConnection, handServer, ownerOf } from './owners.ts';

const trustIn = async (node: Node, other: Node) => (await node.peers.getPeer(other.identity.id))?.trust;
const until = (node: Node, what: string, isSo: (view: ComparisonView) => unknown) =>
  waitFor(
    async () => {
      const view = await ownerOf(node).view();
      return isSo(view) ? view : undefined;
    },
    { what },
  );

/** A node and a peer that plays by hand, whose id is smaller so that it begins. */
async function byHand(t: TestContext, clock?: FakeClock) {
  const ana = await startNode(t, { name: 'ana', ...(clock ? { clock } : {}) });
  let identity = await openIdentity(tempDirectory(t));
  while (identity.id > ana.identity.id) identity = await openIdentity(tempDirectory(t));
  const eve: Node = { name: 'eve', identity, peers: ana.peers, port: 1, address: '127.0.0.3', stop: async () => {} };
  await introduce(ana, eve);
  const nonce = randomBytes(32).toString('base64url');
  const commitment = checkCommitment({ id: identity.id, nonce });
  const connect = () => handConnection(t, ana, identity);
  return { ana, eve, nonce, commitment, connect, owner: ownerOf(ana) };
}

test('an exchange by hand, as docs/protocol.md says', async (t) => {
  const { ana, eve, nonce, commitment, connect, owner } = await byHand(t);
  const { say } = await connect();
  assert.deepEqual((await say('knock', {})).body, { open: false });
  assert.equal((await say('commit', { commitment })).body.error, 'comparison_not_open');
  await owner.open(eve);
  assert.deepEqual((await say('knock', {})).body, { open: true });
  const theirs = { id: ana.identity.id, nonce: String((await say('commit', { commitment })).body.nonce) };
  assert.equal((await owner.view()).open?.number, undefined, 'no number before it is revealed');
  assert.deepEqual(await say('reveal', { nonce }), { status: 200, body: {} });
  assert.equal((await owner.view()).open?.number, checkNumber({ id: eve.identity.id, nonce }, theirs));
  assert.deepEqual(await say('say', { same: true }), { status: 200, body: {} });
  assert.equal((await owner.view()).open?.otherSaidSame, true);
});

const breaks: [what: string, run: (hand: Awaited<ReturnType<typeof byHand>>, clock: FakeClock) => Promise<unknown>][] =
  [
    [
      'the connection is closed after the commitment',
      async ({ connect, commitment }) => {
        const { say, close } = await connect();
        await say('commit', { commitment });
        close();
      },
    ],
    [
      'another nonce is revealed',
      async ({ connect, commitment }) => {
        const { say } = await connect();
        await say('commit', { commitment });
        assert.equal((await say('reveal', { nonce: 'B'.repeat(43) })).status, 400);
      },
    ],
    [
      'a second commitment comes',
      async ({ connect, commitment }) => {
        const { say } = await connect();
        await say('commit', { commitment });
        assert.equal((await say('commit', { commitment })).status, 409);
      },
    ],
    [
      'a second commitment comes after the number',
      async ({ connect, commitment, nonce }) => {
        const { say } = await connect();
        await say('commit', { commitment });
        await say('reveal', { nonce });
        assert.equal((await say('commit', { commitment })).status, 409);
      },
    ],
    [
      'the reveal comes over another connection',
      async ({ connect, commitment, nonce }) => {
        const [one, other] = [await connect(), await connect()];
        await one.say('commit', { commitment });
        assert.equal((await other.say('reveal', { nonce })).status, 400);
      },
    ],
    [
      'nothing is revealed for ten seconds',
      async ({ connect, commitment }, clock) => {
        await (await connect()).say('commit', { commitment });
        await clock.advance(10_000);
      },
    ],
  ];
for (const [what, run] of breaks) {
  test(`a failed try: ${what}; three of them close comparisons for ten minutes`, async (t) => {
    const clock = createFakeClock();
    const hand = await byHand(t, clock);
    const { eve, owner, connect, commitment } = hand;
    for (let i = 0; i < 3; i += 1) {
      await owner.open(eve);
      await run(hand, clock);
      const { last, open } = await until(hand.ana, 'the end', (view) => view.open === undefined);
      assert.deepEqual([last?.end, open], ['broken-off', undefined]);
    }
    await assert.rejects(owner.open(eve), {
      code: 'comparisons_closed',
      message: /somebody may be standing between.* 10 more minutes/,
    });
    assert.equal((await (await connect()).say('commit', { commitment })).status, 409);
    const events = await waitFor(
      async () => {
        const all = await owner.events();
        return all.some(({ type }) => type === 'comparisons-closed') && all;
      },
      { what: 'the event' },
    );
    assert.equal(events.filter(({ type }) => type === 'peer-comparison').length, 3);
    assert.match(
      events.find(({ type }) => type === 'comparisons-closed')?.message ?? '',
      /^Somebody may be standing between you and/,
    );
    await clock.advance(600_000);
    await owner.open(eve);
  });
}

test('refused without an open comparison, as often as somebody likes, it counts as nothing', async (t) => {
  const { eve, connect, commitment, nonce, owner } = await byHand(t);
  const { say } = await connect();
  for (let i = 0; i < 20; i += 1) {
    assert.equal((await say('commit', { commitment })).body.error, 'comparison_not_open');
    assert.equal((await say('reveal', { nonce })).body.error, 'comparison_not_open');
    assert.equal((await say('say', { same: false })).status, 200);
  }
  await owner.open(eve);
  assert.equal((await owner.events()).filter(({ type }) => type === 'peer-comparison').length, 0);
});

test('two minutes are the end: without a number of nothing, with one of a failed try', async (t) => {
  const clock = createFakeClock();
  const { ana, eve, connect, commitment, nonce, owner } = await byHand(t, clock);
  await owner.open(eve);
  await clock.advance(119_000);
  assert.equal((await owner.view()).open?.secondsLeft, 1);
  await clock.advance(1_000);
  assert.equal((await owner.view()).last?.end, 'time-is-up');
  await owner.open(eve);
  const { say } = await connect();
  await say('commit', { commitment });
  await say('reveal', { nonce });
  await clock.advance(120_000);
  await assert.rejects(owner.same(eve, '000000'), { code: 'comparison_not_open' });
  assert.equal((await owner.view()).last?.end, 'time-is-up');
  assert.equal(await trustIn(ana, eve), 'pending');
  const failed = await waitFor(async () => (await owner.events()).filter(({ type }) => type === 'peer-comparison'), {
    what: 'events',
  });
  assert.equal(failed.length, 1);
});

test('this side begins: an answerer that holds its last answer back knows the number, and that is a failed try', async (t) => {
  const clock = createFakeClock();
  const ana = await startNode(t, { name: 'ana', clock });
  let identity = await openIdentity(tempDirectory(t));
  while (identity.id < ana.identity.id) identity = await openIdentity(tempDirectory(t));
  const revealed = Promise.withResolvers<void>();
  const port = await handServer(t, identity, {
    address: '127.0.0.3',
    answer: (what) => {
      if (what === 'knock') return { open: true };
      if (what === 'commit') return { nonce: 'A'.repeat(43) };
      revealed.resolve();
      return undefined;
    },
  });
  const eve: Node = { name: 'eve', identity, peers: ana.peers, port, address: '127.0.0.3', stop: async () => {} };
  await introduce(ana, eve);
  await ownerOf(ana).open(eve);
  await revealed.promise;
  assert.equal((await ownerOf(ana).view()).open?.number, undefined, 'not shown before the other side has answered');
  await clock.advance(10_000);
  const { last } = await until(ana, 'the end', (view) => view.open === undefined);
  assert.equal(last?.end, 'broken-off');
  const failed = (await ownerOf(ana).events()).filter(({ type }) => type === 'peer-comparison');
  assert.equal(failed.length, 1);
});
