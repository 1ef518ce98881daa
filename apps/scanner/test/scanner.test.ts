import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, createLog, systemClock } from '@kith/service';
import { waitFor } from '@kith/testing';
import type { PingbackReply } from '@kith/wire';
import { createLoopbackLan, ethernet, hostAt } from './loopback-lan.ts';
import { freePort, startScanner } from './running-scanner.ts';
import { newIdentity, nonceOf, serve, servePeer, signedAnswer } from './signed-answers.ts';

test('a sweep finds six peers among devices of every kind, and none delays the others', async (t) => {
  const port = await freePort();
  const at = (n: number) => `127.0.3.${n}`;
  for (let n = 10; n < 16; n += 1) await servePeer(t, { identity: await newIdentity(t), address: at(n), port });
  const victim = await newIdentity(t);
  await serve(t, at(20), (_q, a) => a.setHeader('content-type', 'text/html').end('<h1>TightVNC</h1>'), port);
  await serve(t, at(21), () => {}, port);
  await serve(t, at(22), (_q, a) => a.writeHead(302, { location: 'http://127.0.3.10/' }).end(), port);
  const replayed = signedAnswer(victim, { nonce: 'x'.repeat(22), address: at(23) });
  await serve(
    t,
    at(23),
    (_q, a) => a.setHeader('content-type', 'application/json').end(JSON.stringify(replayed)),
    port,
  );
  // Whatever is asked, 127.0.3.24 passes on the answer that 127.0.3.10 would give.
  await serve(
    t,
    at(24),
    (q, a) => {
      const answer = signedAnswer(victim, { nonce: nonceOf(q.url), address: at(10) });
      a.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    },
    port,
  );
  // The hostile ones first, the peers last; 127.0.3.30, the default gateway, refuses.
  const hosts = [20, 21, 22, 23, 24, 30, 10, 11, 12, 13, 14, 15].map(at);
  const lan = createLoopbackLan({ gateway: at(30), hosts });
  const { peers } = await startScanner(t, { lan, port });
  await waitFor(async () => (await peers.listPeers()).length === 6, { what: 'six peers', timeoutMs: 3000 });
  await waitFor(async () => (await peers.readStatus()).scanner?.lastSweepAt, { what: 'the end of the sweep' });
  const devices = await waitFor(
    async () => {
      const all = await peers.listDevices();
      return all.length === 12 && all;
    },
    { what: 'twelve devices' },
  );
  assert.deepEqual(devices.map(({ address, answer }) => `${address.slice(8)} ${answer}`).sort(), [
    ...[10, 11, 12, 13, 14, 15].map((n) => `${n} peer`),
    '20 other-service',
    '21 silent',
    '22 other-service',
    '23 wrong-signature',
    '24 wrong-signature',
    '30 refused',
  ]);
  assert.equal(devices.find(({ address }) => address === at(30))?.isDefaultGateway, true);
  assert.match(devices.find(({ address }) => address === at(20))?.mac ?? '', /^02:/);
  const [sweep] = (await peers.latestEvents(100)).filter(({ type }) => type === 'sweep');
  assert.deepEqual([sweep?.data?.peers, sweep?.data?.devices], [6, 12]);
});

test('seeds and the neighbour table are enough where no sweep may be made', async (t) => {
  const port = await freePort();
  const [seed, neighbour] = ['127.0.3.40', '127.0.3.41'];
  const lan = createLoopbackLan({ remembered: [neighbour], hosts: ['127.0.3.42'] });
  await servePeer(t, { identity: await newIdentity(t), address: seed, port });
  await servePeer(t, { identity: await newIdentity(t), address: neighbour, port });
  const { peers } = await startScanner(t, { lan, port, env: { KITH_SEEDS: seed, KITH_SWEEP: 'off' } });
  await waitFor(async () => (await peers.listPeers()).length === 2, { what: 'two peers' });
  assert.deepEqual(lan.swept, []);
});

test('an old entry of the neighbour table is never shown as a live device', async (t) => {
  const port = await freePort();
  const lan = createLoopbackLan({ remembered: ['127.0.3.43'] });
  await serve(t, '127.0.3.43', () => {}, port);
  const { peers } = await startScanner(t, { lan, port });
  const status = await waitFor(
    async () => {
      const { scanner } = await peers.readStatus();
      return scanner?.lastSweepAt && scanner;
    },
    { what: 'the end of the sweep' },
  );
  assert.equal(status.sweeping, false);
  assert.deepEqual(await peers.listDevices(), []);
});

test('whoever asked is looked at, and a farewell is heard within the second', async (t) => {
  const port = await freePort();
  const address = '127.0.3.44';
  let state: PingbackReply['state'] = 'running';
  const looks: boolean[] = [];
  await servePeer(t, {
    ...{ identity: await newIdentity(t), address, port },
    changes: () => ({ state }),
    onAsked: ({ look }) => looks.push(look),
  });
  // Whatever pauses for longer than a second pauses for ever: what is heard is heard within one.
  const never = 86_400_000;
  const clock: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms > 1_000 ? never : ms, signal) };
  const { peers } = await startScanner(t, { lan: createLoopbackLan(), port, clock });
  await peers.noteCandidate({ address, pingbackPort: port, source: 'asked' });
  await waitFor(async () => (await peers.listPeers())[0]?.state === 'alive', { what: 'the asker to be alive' });
  state = 'leaving';
  await peers.noteCandidate({ address, pingbackPort: port, source: 'look' });
  await waitFor(async () => (await peers.listPeers())[0]?.state === 'left', { what: 'the farewell' });
  assert.ok(
    looks.every((look) => !look),
    'a look back asks for none',
  );
});

test('a peer that comes back with another address is the same peer, by itself', async (t) => {
  const port = await freePort();
  const identity = await newIdentity(t);
  const lan = createLoopbackLan({ hosts: ['127.0.3.46'] });
  await servePeer(t, { identity, address: '127.0.3.46', port });
  const { peers } = await startScanner(t, { lan, port });
  const at = async () => (await peers.listPeers()).map(({ addresses }) => addresses[0]?.address).join(' ');
  await waitFor(async () => (await at()) === '127.0.3.46', { what: 'the peer' });
  await servePeer(t, { identity, address: '127.0.3.47', port });
  lan.plug(hostAt('127.0.3.47'));
  lan.setInterfaces([{ ...ethernet, mac: '02:00:00:00:00:01' }]);
  await waitFor(async () => (await peers.listPeers())[0]?.addresses.length === 2, {
    what: 'both addresses',
    timeoutMs: 8000,
  });
  const types = (await peers.latestEvents(100)).map(({ type }) => type);
  assert.ok(types.includes('network-changed') && types.includes('peer-moved'), types.join(' '));
  assert.equal((await peers.listPeers()).length, 1);
});

test('what the scanner works on is told, and interfaces that are left out with their reason', async (t) => {
  const reason = 'It belongs to containers.';
  const docker = { ...ethernet, name: 'docker0', kind: 'container', used: false, reason, sweepable: [] } as const;
  const lan = createLoopbackLan({ interfaces: [ethernet, docker] });
  const { peers } = await startScanner(t, { lan, port: await freePort() });
  const { interfaces } = await waitFor(async () => (await peers.readStatus()).scanner, { what: 'the status' });
  assert.deepEqual(
    interfaces.map(({ name, used, defaultGateway, reason }) => [name, used, defaultGateway, reason]),
    [
      ['eth0', true, '127.0.3.254', undefined],
      ['docker0', false, undefined, 'It belongs to containers.'],
    ],
  );
});

test('inside Docker Desktop the owner is told at the start, in the log and in the status', async (t) => {
  const address = { ...ethernet.addresses[0], address: '192.168.65.3', subnet: '192.168.65.0/24' };
  const lan = createLoopbackLan({ interfaces: [{ ...ethernet, addresses: [address], sweepable: [] } as never] });
  const lines: string[] = [];
  const log = createLog('scanner', 'warn', { write: (line) => void lines.push(line) });
  const { peers } = await startScanner(t, { lan, port: await freePort(), log });
  const { remarks } = await waitFor(async () => (await peers.readStatus()).scanner, { what: 'the status' });
  assert.match(remarks.join('\n'), /Docker Desktop.*Run npm start on this computer instead/);
  assert.equal(lines.filter((line) => line.includes('Docker Desktop')).length, 1, lines.join('\n'));
});

test('a stop in the middle of a sweep ends everything', async (t) => {
  const port = await freePort();
  const lan = createLoopbackLan({ hosts: ['127.0.3.48'] });
  await serve(t, '127.0.3.48', () => {}, port);
  const { stop, peers } = await startScanner(t, { lan, port });
  await stop();
  assert.deepEqual(await peers.listPeers(), []);
});
