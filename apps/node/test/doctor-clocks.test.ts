import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { aheadOf } from '../src/ask/ask-pingback.ts';
import { clockCheck } from '../src/doctor/doctor-clocks.ts';
import { command } from './command.ts';
import { fakeGateway, idOf, json } from './fake-gateway.ts';

const NOW = Date.UTC(2026, 10, 24, 10);
const MIN = 60_000;
const check = (aheadMinutes: readonly number[], now = NOW, platform: NodeJS.Platform = 'linux') =>
  clockCheck({
    now,
    platform,
    peers: aheadMinutes.map((minutes, i) => ({ who: `peer-${i}`, aheadMs: minutes * MIN })),
  });

for (const [what, ahead, verdict, detail, remedy] of [
  ['nobody to compare with', [], 'ok', /^2026-11-24 10:00:00Z; no peer/, undefined],
  ['all agree', [0, 1, -1.5], 'ok', /3 of 3 peers agree/, undefined],
  [
    'one, and it differs',
    [90],
    'warning',
    /peer-0 is 90 min ahead of .*one of the two is wrong/,
    /must be set. Here: sudo/,
  ],
  ['one of three', [0, -300, 0], 'warning', /differ.*peer-1 is 5 h behind this/, /those machines/],
  ['one of two', [0, 10], 'warning', /peer-1 is 10 min ahead of/, /those machines/],
  [
    'most agree with each other',
    [7, 7.5, 8, 0],
    'warning',
    /this machine’s clock is the one that is wrong: 3 of 4 .* it is 8 min behind them/,
    /date -s "2026-11-24 10:07:30 UTC"/,
  ],
  ['two agree, far away', [-6000, -6000], 'warning', /wrong: 2 of 2 .*4 days ahead of them/, /timedatectl/],
  ['nobody agrees with anybody', [10, 100, -50], 'warning', /^clocks that differ/, /those machines/],
] as const) {
  test(`clocks: ${what}`, () => {
    const seen = check(ahead);
    assert.equal(seen.verdict, verdict);
    assert.match(seen.detail, detail);
    if (remedy) assert.match(seen.remedy ?? '', remedy);
    else assert.equal(seen.remedy, undefined);
  });
}

test('clocks: long past, as after a flat battery, is said without any peer, and what the peers say with them', () => {
  const [first, second] = [check([], 1_000), check([29_000_000, 29_000_000], 1_000)];
  assert.equal(first.verdict, 'failed');
  assert.match(first.detail, /1970-01-01 00:00:01Z, which is long past: was its battery empty\?/);
  assert.match(second.detail, /the peers say 2025-02-\d\d/);
  assert.match(check([], 1_000, 'darwin').remedy ?? '', /System Settings/);
  assert.match(check([], 1_000, 'win32').remedy ?? '', /Sync now/);
});

test('a date that is none, or not there, is no clock', () => {
  assert.equal(aheadOf(new Response('', { headers: { date: 'soon' } })), undefined);
  assert.equal(aheadOf(new Response('')), undefined);
});

test('the doctor compares with what trusted peers answer; a peer that proves nothing is not asked the time', async (t) => {
  const hourAhead = () => new Date(Date.now() + 60 * MIN).toUTCString();
  const liar = createServer((_request, response) => response.setHeader('date', hourAhead()).end('{}'));
  await new Promise<void>((done) => liar.listen(0, '127.0.0.1', done));
  t.after(() => liar.close());
  const { port } = liar.address() as AddressInfo;
  const late = (_request: unknown, response: Parameters<typeof json>[0]) => {
    response.setHeader('date', hourAhead());
    json(response, {});
  };
  const view = { id: idOf('a'), shortId: 'a', name: 'ana', version: '1', protocol: 1, gatewayPort: 5805 };
  const url = await fakeGateway(t, { b: late, c: late }, (_request, response) =>
    json(response, { ...view, pingbackPort: port, addresses: [], documents: 0, pairingCode: false, warnings: [] }),
  );
  const { stdout } = await command(['doctor', '--node', url], { cwd: tempDirectory(t) });
  assert.match(stdout, /! +clock +this machine’s clock is the one that is wrong: 2 of 2 peers .* 60 min behind them/);
});
