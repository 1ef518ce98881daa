import assert from 'node:assert/strict';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { forget, type PeerStore, seen, trust } from '@kith/membership';
import { sampleId, samplePeer } from '@kith/membership/compliance/samples';
import { tempDirectory } from '@kith/testing';
import { openSqlitePeerStore } from '../src/index.ts';

const clock = { now: () => 1_795_000_000_000 };
const LETTER = 'a letter to my aunt, '.repeat(500);

/** Four peers: trusted, blocked, put back to pending by the owner, undecided. */
async function decided(t: TestContext) {
  const directory = tempDirectory(t);
  const store = await openSqlitePeerStore({ directory, clock });
  const decisions = ['trusted', 'blocked', 'pending', undefined] as const;
  for (const [number, level] of decisions.entries()) {
    const peer = samplePeer(number);
    await store.changePeer(peer.id, () => ({ peer, events: [] }));
    if (level !== undefined) await store.changePeer(peer.id, (current) => trust(current, level, 'owner', 0));
  }
  return { directory, file: join(directory, 'peers.sqlite'), store };
}

async function reopened(directory: string) {
  const told: string[] = [];
  const store = await openSqlitePeerStore({ directory, clock, onDamage: (sentence) => told.push(sentence) });
  return { store, told };
}
const trustOf = async (store: PeerStore) =>
  (await store.listPeers()).map(({ id, trust: level, trustedBy }) => [id, level, trustedBy]);
const OWNERS = [
  [sampleId(0), 'trusted', 'owner'],
  [sampleId(1), 'blocked', undefined],
  [sampleId(2), 'pending', 'owner'],
];

const damages: [name: string, damage: (file: string) => Promise<unknown>][] = [
  ['is no database', (file) => writeFile(file, LETTER)],
  [
    'has damaged pages',
    async (file) => {
      const handle = await open(file, 'r+');
      const { size } = await handle.stat();
      for (let page = 1; page < size / 4096; page += 1)
        await handle.write(Buffer.alloc(2000, 0xee), 0, 2000, page * 4096);
      await handle.close();
    },
  ],
  [
    'is cut off',
    async (file) => {
      const handle = await open(file, 'r+');
      await handle.truncate(9000);
      await handle.close();
    },
  ],
];
for (const [name, damage] of damages) {
  test(`a store that ${name} is begun anew with the owner’s decisions, and it is said`, async (t) => {
    const { directory, file, store } = await decided(t);
    await store.close();
    await damage(file);
    const { store: again, told } = await reopened(directory);
    assert.deepEqual(await trustOf(again), OWNERS);
    const [peer] = await again.listPeers();
    assert.deepEqual([peer?.state, peer?.addresses[0]?.address, peer?.name], ['dead', '10.0.0.0', 'node 0']);
    assert.match(told[0] ?? '', /was damaged and begun anew.*What you decided about 3 peers was read/);
    const [event] = await again.latestEvents(1);
    assert.deepEqual([event?.type, event?.message], ['store-restored', told[0]]);
    assert.ok((await readdir(directory)).some((one) => one.startsWith('peers.sqlite.damaged-')));
    await again.close();
    const third = await reopened(directory);
    assert.deepEqual([await trustOf(third.store), third.told], [OWNERS, []]);
    await third.store.close();
  });
}

for (const [name, lose] of [
  ['deleted', (file: string) => rm(file)],
  ['emptied', (file: string) => writeFile(file, '')],
] as const) {
  test(`a store that was ${name} takes the owner’s decisions from the copy`, async (t) => {
    const { directory, file, store } = await decided(t);
    await store.close();
    await lose(file);
    const { store: again, told } = await reopened(directory);
    assert.deepEqual(await trustOf(again), OWNERS);
    assert.match(told[0] ?? '', /was gone. What you decided about 3 peers was read from .*delete both/);
    await again.close();
  });
}

test('a peer that was put back is believed as soon as it answers', async (t) => {
  const { directory, file, store } = await decided(t);
  await store.close();
  await writeFile(file, LETTER);
  const { store: again } = await reopened(directory);
  const { id, publicKey } = samplePeer(0);
  const reply = {
    id,
    publicKey,
    name: 'node 0',
    gatewayPort: 5805,
    instance: 'x',
    incarnation: 4,
    state: 'running',
  } as const;
  const sighting = { reply, address: '10.0.0.0', pingbackPort: 5800, roundTripMs: 1 };
  const peer = await again.changePeer(id, (current) => seen(current, sighting, clock.now()));
  assert.deepEqual([peer?.state, peer?.trust, peer?.incarnation], ['alive', 'trusted', 4]);
  await again.close();
});

test('where both are damaged, both are kept aside and the owner is told to approve again', async (t) => {
  const { directory, file, store } = await decided(t);
  await store.close();
  await writeFile(file, LETTER);
  await writeFile(join(directory, 'trust.json'), '{"peers": [{"id": "me", "trust": "trusted"}]}');
  const { store: again, told } = await reopened(directory);
  assert.deepEqual(await again.listPeers(), []);
  assert.match(told[0] ?? '', /second copy of the trust is damaged too.*approve each peer again/);
  assert.ok((await readdir(directory)).some((one) => one.startsWith('trust.json.damaged-')));
  await again.close();
});

test('without a copy a damaged store starts too, and says what is lost', async (t) => {
  const { directory, file, store } = await decided(t);
  await store.close();
  await writeFile(file, LETTER);
  await rm(join(directory, 'trust.json'));
  const { store: again, told } = await reopened(directory);
  assert.match(told[0] ?? '', /There was no second copy of the trust: approve each peer again/);
  await again.close();
});

test('the copy follows each decision at once, for this user alone; sightings do not touch it', async (t) => {
  const { directory, store } = await decided(t);
  const copy = join(directory, 'trust.json');
  const before = await stat(copy);
  assert.equal(before.mode & 0o777, 0o600);
  await store.changePeer(sampleId(0), (peer) => ({ peer: peer && { ...peer, missed: 1, lastSeenAt: 5 }, events: [] }));
  assert.equal((await stat(copy)).ino, before.ino);
  await store.changePeer(sampleId(0), (peer) => forget(peer, 0));
  assert.ok(!(await readFile(copy, 'utf8')).includes(sampleId(0)));
  await store.close();
});

test('a decision whose own record is damaged is read from the copy; a forgotten one stays forgotten', async (t) => {
  const { directory, file, store } = await decided(t);
  const stale = await readFile(join(directory, 'trust.json'), 'utf8');
  await store.changePeer(sampleId(1), (peer) => forget(peer, 0));
  await store.close();
  // As a kill between the two writes leaves it.
  await writeFile(join(directory, 'trust.json'), stale);
  const database = new DatabaseSync(file);
  database.prepare('UPDATE peers SET record = ? WHERE id = ?').run('{"name":', sampleId(0));
  database.close();
  const { store: again, told } = await reopened(directory);
  assert.deepEqual(
    (await trustOf(again)).map(([id, level]) => [id, level]),
    [
      [sampleId(0), 'trusted'],
      [sampleId(2), 'pending'],
      [sampleId(3), 'pending'],
    ],
  );
  assert.ok(told.some((one) => one.includes('about 1 peer was read from')));
  assert.ok(!(await readFile(join(directory, 'trust.json'), 'utf8')).includes(sampleId(1)));
  await again.close();
});

test('a copy that cannot be written costs no decision, and is told once', async (t) => {
  const directory = tempDirectory(t);
  await mkdir(join(directory, 'trust.json'));
  const { store, told } = await reopened(directory);
  for (const number of [1, 2]) {
    const peer = samplePeer(number);
    await store.changePeer(peer.id, () => ({ peer, events: [] }));
    assert.equal(
      (await store.changePeer(peer.id, (current) => trust(current, 'blocked', 'owner', 0)))?.trust,
      'blocked',
    );
  }
  assert.equal(told.filter((one) => one.includes('cannot be written')).length, 1);
  await store.close();
});
