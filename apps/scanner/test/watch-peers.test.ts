import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { silentLog } from '@kith/service';
import type { GatewayAnswers } from '../src/watch/gateway-answers.ts';
import { createPeerWatch, type PeerWatch } from '../src/watch/watch-peers.ts';
import { createMadeUpLan, idOf, type MadeUpLan, newInstance, replyOf } from './made-up-lan.ts';

const A = '10.0.0.11';
const B = '10.0.0.12';
const C = '10.0.0.13';

interface Watched extends MadeUpLan {
  watch: PeerWatch;
  delay: { now: number };
  states(): Promise<string>;
}

/** Knows a at A, b at B, c at C, all alive, and watches them. */
async function watched(t: TestContext, letters = 'abc', gatewayAnswers?: GatewayAnswers): Promise<Watched> {
  const lan = await createMadeUpLan();
  const places = [A, B, C];
  for (const [index, letter] of [...letters].entries()) {
    const address = places[index] ?? A;
    lan.put(address, replyOf(letter));
    const probed = await lan.probe({ address, pingbackPort: 5800 });
    await lan.recorder.record({ address, pingbackPort: 5800, source: 'asked' }, probed);
  }
  const delay = { now: 0 };
  const { peers, probe, recorder, clock } = lan;
  const options = { peers, probe, recorder, clock, log: silentLog, ownDelay: { ms: () => delay.now } };
  const watch = createPeerWatch({ ...options, random: () => 0.999, ...(gatewayAnswers ? { gatewayAnswers } : {}) });
  await watch.start();
  t.after(async () => {
    const stopped = watch.stop();
    await clock.advance(5000);
    await stopped;
  });
  const states = async () => (await peers.listPeers()).map(({ state }) => state).join(' ');
  return { ...lan, watch, delay, states };
}

test('peers that answer stay alive and are asked every few seconds', async (t) => {
  const lan = await watched(t);
  lan.asked.length = 0;
  await lan.clock.advance(30_000);
  assert.equal(await lan.states(), 'alive alive alive');
  assert.ok(lan.asked.length >= 24 && lan.asked.length <= 36, `${lan.asked.length} probes in 30 s`);
});

test('a silent peer is dead within 10 s, a killed one sooner, the others stay', async (t) => {
  const lan = await watched(t);
  await lan.clock.advance(1000);
  lan.hosts.delete(A);
  lan.refuse(B);
  await lan.clock.advance(5000);
  assert.match(await lan.states(), /^(alive|suspect) dead alive$/);
  await lan.clock.advance(4900);
  assert.equal(await lan.states(), 'dead dead alive');
});

test('a peer whose pingback is kept from answering is not dead while its gateway proves its key', async (t) => {
  let hasGateway = true;
  const lan = await watched(t, 'abc', async ({ id }) => hasGateway && (id === idOf('a') || id === idOf('b')));
  await lan.clock.advance(1000);
  const before = lan.events.length;
  lan.hosts.delete(A);
  lan.refuse(B);
  lan.hosts.delete(C);
  await lan.clock.advance(60_000);
  assert.equal(await lan.states(), 'alive alive dead');
  const told = lan.events.slice(before).filter(({ peer, type }) => peer !== idOf('c') && type === 'peer-dead');
  assert.deepEqual(told, []);
  hasGateway = false;
  await lan.clock.advance(9900);
  assert.equal(await lan.states(), 'dead dead dead');
});

test('a peer that left on purpose is told apart, and one probe tells it', async (t) => {
  const lan = await watched(t);
  lan.put(A, replyOf('a', { state: 'leaving' }));
  await lan.clock.advance(3700);
  assert.equal(await lan.states(), 'left alive alive');
});

test('one lost answer changes nothing', async (t) => {
  const lan = await watched(t, 'a');
  lan.hosts.delete(A);
  await lan.clock.advance(3500);
  lan.put(A, replyOf('a'));
  await lan.clock.advance(5000);
  assert.equal(await lan.states(), 'alive');
  assert.ok(lan.events.every(({ type }) => type !== 'peer-suspect'));
});

test('while this node itself is late, it accuses nobody', async (t) => {
  const lan = await watched(t, 'a');
  lan.delay.now = 2000;
  lan.hosts.clear();
  await lan.clock.advance(60_000);
  assert.equal(await lan.states(), 'alive');
  lan.delay.now = 0;
  await lan.clock.advance(10_000);
  assert.equal(await lan.states(), 'dead');
});

test('after a cut of the own cable all come back within 2 s', async (t) => {
  const lan = await watched(t);
  const before = new Map(lan.hosts);
  lan.hosts.clear();
  await lan.clock.advance(20 * 60_000);
  assert.equal(await lan.states(), 'dead dead dead');
  for (const [address, probed] of before) lan.hosts.set(address, probed);
  await lan.clock.advance(2000);
  assert.equal(await lan.states(), 'alive alive alive');
});

test('one that comes back makes all others that are away be asked at once', async (t) => {
  const lan = await watched(t);
  lan.hosts.delete(A);
  lan.hosts.delete(B);
  await lan.clock.advance(10 * 60_000);
  assert.equal(await lan.states(), 'dead dead alive');
  lan.put(A, replyOf('a'));
  lan.put(B, replyOf('b'));
  const probed = await lan.probe({ address: A, pingbackPort: 5800 });
  await lan.recorder.record({ address: A, pingbackPort: 5800, source: 'asked' }, probed);
  lan.watch.hurry();
  await lan.clock.advance(100);
  assert.equal(await lan.states(), 'alive alive alive');
});

test('a peer with several addresses is alive while one of them answers', async (t) => {
  const lan = await watched(t, 'a');
  lan.put(C, replyOf('a'));
  const other = await lan.probe({ address: C, pingbackPort: 5800 });
  await lan.recorder.record({ address: C, pingbackPort: 5800, source: 'sweep' }, other);
  lan.hosts.delete(C);
  await lan.clock.advance(30_000);
  assert.equal(await lan.states(), 'alive');
  assert.ok(lan.events.every(({ type }) => type !== 'peer-suspect' && type !== 'peer-dead'));
  assert.equal((await lan.peers.getPeer(idOf('a')))?.addresses[0]?.address, A);
});

test('another node at the address of a peer takes only the address away', async (t) => {
  const lan = await watched(t, 'a');
  lan.put(A, replyOf('b'));
  await lan.clock.advance(15_000);
  assert.equal(await lan.states(), 'dead alive');
  assert.deepEqual((await lan.peers.getPeer(idOf('a')))?.addresses, []);
  lan.put(B, replyOf('a'));
  const moved = await lan.probe({ address: B, pingbackPort: 5800 });
  await lan.recorder.record({ address: B, pingbackPort: 5800, source: 'asked' }, moved);
  assert.equal(await lan.states(), 'alive alive');
});

test('a peer found later is watched too, one that is forgotten is not', async (t) => {
  const lan = await watched(t, 'a');
  lan.put(B, replyOf('b', { instance: newInstance() }));
  const found = await lan.probe({ address: B, pingbackPort: 5800 });
  await lan.recorder.record({ address: B, pingbackPort: 5800, source: 'asked' }, found);
  await lan.peers.changePeer(idOf('a'), () => ({ peer: undefined, events: [] }));
  await lan.clock.advance(6000);
  lan.asked.length = 0;
  await lan.clock.advance(6000);
  assert.deepEqual([...new Set(lan.asked.map(({ address }) => address))], [B]);
});
