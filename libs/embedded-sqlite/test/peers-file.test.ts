import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type TestContext, test } from 'node:test';
import { type Peer, trust } from '@kith/membership';
import { fullPeer, sampleId, samplePeer } from '@kith/membership/compliance/samples';
import { tempDirectory } from '@kith/testing';
import { openSqlitePeerStore } from '../src/index.ts';
import { PEERS_MIGRATIONS } from '../src/peers/migrations.ts';
import { createSqlitePeerStore } from '../src/peers/sqlite-peer-store.ts';

const clock = { now: () => Date.now() };

function temporary(t: TestContext): { directory: string; file: string } {
  const directory = tempDirectory(t);
  return { directory, file: join(directory, 'peers.sqlite') };
}

async function filled(t: TestContext, count: number) {
  const place = temporary(t);
  const store = await openSqlitePeerStore({ directory: place.directory, clock });
  for (let number = 0; number < count; number += 1) {
    const peer = fullPeer(number);
    await store.changePeer(peer.id, () => ({ peer, events: [] }));
  }
  await store.close();
  return place;
}

test('a file of a newer Kith is refused and not touched', async (t) => {
  const { directory, file } = await filled(t, 1);
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA user_version = ${PEERS_MIGRATIONS.length + 1}`);
  database.close();
  await assert.rejects(openSqlitePeerStore({ directory, clock }), { code: 'store_newer', message: /update Kith/ });
});

test('a path that cannot be opened is refused with what to do', async (t) => {
  const { directory, file } = temporary(t);
  await mkdir(file);
  await assert.rejects(openSqlitePeerStore({ directory, clock }), { code: 'store_unreadable', message: /write/ });
});

test('one process at a time; reading and backing up by others is possible', async (t) => {
  const { directory, file } = await filled(t, 1);
  const store = await openSqlitePeerStore({ directory, clock });
  await assert.rejects(openSqlitePeerStore({ directory, clock }), { code: 'store_in_use', message: /KITH_DATA/ });
  const reader = new DatabaseSync(file, { readOnly: true });
  assert.equal(reader.prepare('SELECT count(*) AS count FROM peers').get()?.count, 1);
  reader.close();
  await store.close();
  await (await openSqlitePeerStore({ directory, clock })).close();
});

test('a damaged row is left out with its reason, once, and the next sighting replaces it', async (t) => {
  const { directory, file } = await filled(t, 3);
  const database = new DatabaseSync(file);
  database.prepare('UPDATE peers SET record = ? WHERE id = ?').run('{"name":', sampleId(0));
  const other = JSON.stringify({ ...fullPeer(1), trust: 'very' });
  database.prepare('UPDATE peers SET record = ? WHERE id = ?').run(other, sampleId(1));
  database.prepare('INSERT INTO events (at, record) VALUES (1, ?)').run('not JSON');
  database.close();
  await rm(join(directory, 'trust.json'));
  const reasons: string[] = [];
  const onDamage = (sentence: string) => reasons.push(sentence);
  const store = await openSqlitePeerStore({ directory, clock, onDamage });
  for (let round = 0; round < 2; round += 1) {
    assert.deepEqual(await store.listPeers(), [fullPeer(2)]);
    assert.equal(await store.getPeer(sampleId(1)), undefined);
    assert.deepEqual(await store.latestEvents(10), []);
  }
  assert.equal(reasons.length, 2);
  assert.match(reasons[1] ?? '', /damaged.*trust/);
  await store.changePeer(sampleId(1), (current) => ({ peer: current ?? samplePeer(1), events: [] }));
  assert.deepEqual(await store.getPeer(sampleId(1)), samplePeer(1));
  await store.close();
});

test('trust is written with an fsync, sightings without', (t) => {
  const database = new DatabaseSync(':memory:');
  t.after(() => database.close());
  for (const step of PEERS_MIGRATIONS) database.exec(step);
  const statements: string[] = [];
  const exec = database.exec.bind(database);
  t.mock.method(database, 'exec', (sql: string) => {
    statements.push(sql);
    exec(sql);
  });
  const copy = { file: 'none', write: () => {}, read: () => undefined };
  const store = createSqlitePeerStore({ database, clock, copy, onDamage: assert.fail, onClose: () => {} });
  const run = async (rule: (current: Peer | undefined) => Peer | undefined) => {
    statements.length = 0;
    await store.changePeer(sampleId(1), (current) => ({ peer: rule(current), events: [] }));
    return [...statements];
  };
  const plain = ['BEGIN IMMEDIATE', 'COMMIT'];
  const durable = ['PRAGMA synchronous = FULL', ...plain, 'PRAGMA synchronous = NORMAL'];
  return (async () => {
    assert.deepEqual(await run(() => samplePeer(1)), plain);
    assert.deepEqual(await run((peer) => trust(peer, 'blocked', 'owner', 0).peer), durable);
    assert.deepEqual(await run((peer) => peer && { ...peer, missed: 1 }), plain);
    assert.deepEqual(await run((peer) => peer), []);
    assert.deepEqual(await run(() => undefined), durable);
  })();
});

test('what was acknowledged survives kill -9', async (t) => {
  const { directory } = temporary(t);
  const program = `
    import { tempDirectory } from '@kith/testing';
import { openSqlitePeerStore } from ${JSON.stringify(import.meta.resolve('../src/index.ts'))};
    import { samplePeer } from ${JSON.stringify(import.meta.resolve('@kith/membership/compliance/samples'))};
    const store = await openSqlitePeerStore({ directory: ${JSON.stringify(directory)}, clock: { now: () => 1 } });
    for (let number = 0; ; number += 1) {
      const peer = samplePeer(number);
      await store.changePeer(peer.id, () => ({ peer, events: [{ type: 'sweep', message: String(number) }] }));
      await new Promise((resolve) => process.stdout.write(number + '\\n', resolve));
    }`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.split('\n').length > 200) break;
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  const acknowledged = output.split('\n').length - 1;
  const store = await openSqlitePeerStore({ directory, clock });
  const kept = await store.listPeers();
  const events = await store.readEvents({ limit: 10_000 });
  await store.close();
  assert.ok(kept.length >= acknowledged, `${kept.length} kept of ${acknowledged}`);
  assert.equal(events.length, kept.length);
});
