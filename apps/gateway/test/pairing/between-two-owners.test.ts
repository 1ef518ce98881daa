import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { checkCommitment, checkNumber, type Identity, openIdentity } from '@kith/identity';
import { createFakeClock, tempDirectory, waitFor } from '@kith/testing';
import { introduce, type Node, startNode } from '../gateway-rig.ts';
import { handConnection, ownerOf } from './owners.ts';

const IDENTITIES = 300;
/** Both victims draw three numbers at most; each draw meets the one number that stands at the other side. */
const PAIRS_MAX = 5;

/** Two owners whose nodes reach only the attacker, who shows himself to each under many identities. */
async function victims(t: TestContext) {
  const clock = createFakeClock();
  const ana = await startNode(t, { name: 'ana', clock });
  const bob = await startNode(t, { name: 'bob', address: '127.0.0.2', clock });
  const faces: Node[] = [];
  for (let i = 0; i < IDENTITIES; i += 1) {
    const identity = await openIdentity(tempDirectory(t));
    faces.push({ name: `pc${i}`, identity, peers: ana.peers, port: 1, address: '127.0.0.3', stop: async () => {} });
  }
  for (const face of faces) for (const victim of [ana, bob]) await introduce(victim, face);
  return { clock, ana, bob, faces };
}

/** Draws a number as somebody in the middle does: he knows it before the victim, and may break off or go on. */
async function draw(t: TestContext, victim: Node, { identity }: { identity: Identity }) {
  const mine = { id: identity.id, nonce: randomBytes(32).toString('base64url') };
  const connection = await handConnection(t, victim, identity);
  const { status, body } = await connection.say('commit', { commitment: checkCommitment(mine) });
  if (status !== 200) return { status, number: undefined, show: undefined, ...connection };
  const number = checkNumber(mine, { id: victim.identity.id, nonce: String(body.nonce) });
  return { status, number, show: () => connection.say('reveal', { nonce: mine.nonce }), ...connection };
}

test(
  'somebody in the middle with 300 identities gets no pair of equal numbers, and both owners are told',
  { timeout: 180_000 },
  async (t) => {
    const { clock, ana, bob, faces } = await victims(t);

    // Nobody has opened anything: whatever he begins is refused, and what the owners see of it is bounded.
    const statuses = new Map<number, number>();
    for (const [index, face] of faces.entries()) {
      for (const victim of [ana, bob]) {
        const { status, say, close } = await draw(t, victim, face);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        assert.deepEqual((await say('knock', {})).body, { open: false });
        close();
      }
      if (index % 30 === 29) await clock.advance(5 * 60_000);
    }
    assert.deepEqual([...statuses], [[409, 2 * IDENTITIES]]);
    for (const victim of [ana, bob]) {
      const knocks = (await ownerOf(victim).events()).filter(({ type }) => type === 'peer-knock');
      assert.ok(knocks.length <= 10, `${knocks.length} knocks were shown`);
    }

    // Now both owners compare, each with a face that he takes for the other, and begin again as often as they can.
    const [atAna, atBob, ...others] = faces as [Node, Node, ...Node[]];
    let pairs = 0;
    const standing: { ana?: string | undefined; bob?: string | undefined } = {};
    const closed = new Set<Node>();
    const tryAt = async (who: 'ana' | 'bob', victim: Node, face: Node) => {
      try {
        await ownerOf(victim).open(face);
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'comparisons_closed');
        closed.add(victim);
        return;
      }
      // The crowd behind him opens nothing: only the one that the owner chose is answered.
      for (const other of others.slice(0, 20)) {
        const { status, close } = await draw(t, victim, other);
        assert.equal(status, 409);
        close();
      }
      const drawn = await draw(t, victim, face);
      assert.equal(drawn.status, 200);
      standing[who] = drawn.number;
      const facing = who === 'ana' ? standing.bob : standing.ana;
      if (facing !== undefined) pairs += 1;
      assert.notEqual(drawn.number, facing, 'a pair of equal numbers');
      return drawn;
    };
    while (closed.size < 2) {
      for (const [who, victim, face] of [
        ['ana', ana, atAna],
        ['bob', bob, atBob],
      ] as const) {
        const drawn = await tryAt(who, victim, face);
        if (!drawn) continue;
        // Not the number that he needs: he breaks off before the owner sees it.
        drawn.close();
        await waitFor(async () => (await ownerOf(victim).view()).open === undefined, { what: 'the comparison to end' });
      }
    }
    assert.ok(pairs <= PAIRS_MAX, `${pairs} pairs`);
    for (const victim of [ana, bob]) {
      const view = await ownerOf(victim).view();
      assert.equal(view.open, undefined);
      assert.ok((view.closedForSeconds ?? 0) > 0);
      const events = await waitFor(
        async () => {
          const all = await ownerOf(victim).events();
          return all.some(({ type }) => type === 'comparisons-closed') && all;
        },
        { what: 'the event' },
      );
      assert.match(events.find(({ type }) => type === 'comparisons-closed')?.message ?? '', /standing between/);
      for (const { trust } of await victim.peers.listPeers()) assert.equal(trust, 'pending');
    }
  },
);

test(
  'an owner who has a number keeps it, and another one is drawn on the other side at most three times',
  { timeout: 60_000 },
  async (t) => {
    const { ana, bob, faces } = await victims(t);
    const [atAna, atBob] = faces as [Node, Node, ...Node[]];
    await ownerOf(ana).open(atAna);
    const first = await draw(t, ana, atAna);
    await first.show?.();
    assert.equal((await ownerOf(ana).view()).open?.number, first.number);
    let draws = 0;
    for (let isOpen = true; isOpen; ) {
      isOpen = await ownerOf(bob)
        .open(atBob)
        .then(
          () => true,
          () => false,
        );
      if (!isOpen) break;
      const { number, close } = await draw(t, bob, atBob);
      assert.notEqual(number, first.number);
      draws += 1;
      close();
      await waitFor(async () => (await ownerOf(bob).view()).open === undefined, { what: 'the comparison to end' });
    }
    assert.equal(draws, 3);
    assert.equal((await ownerOf(ana).view()).open?.number, first.number);
  },
);
