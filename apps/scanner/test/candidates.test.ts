import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '@kith/service';
import { scannerSettings } from '../src/config.ts';
import { type CandidateSources, gatherCandidates, judgePlace } from '../src/probe/candidates.ts';

const sources: CandidateSources = {
  known: [],
  asked: [],
  neighbours: [],
  seeds: [],
  own: new Set(['192.168.1.2', 'fe80::2']),
  pingbackPort: 5800,
};
const known = (address: string, pingbackPort = 5800) => ({
  addresses: [{ address, pingbackPort, lastSuccessAt: 0, roundTripMs: 1 }],
});

test('every place once, with its cheapest source, in order of cost', () => {
  const { targets, refused } = gatherCandidates({
    ...sources,
    seeds: [{ address: '192.168.1.9' }, { address: '10.0.0.1', pingbackPort: 5900 }],
    neighbours: ['192.168.1.7', '192.168.1.9', '192.168.1.2'],
    asked: [{ address: '::ffff:192.168.1.8', pingbackPort: 5800 }],
    known: [known('192.168.1.7'), known('192.168.1.7', 5801)],
  });
  assert.deepEqual(
    targets.map(({ address, pingbackPort, source }) => `${source} ${address}:${pingbackPort}`),
    [
      'known 192.168.1.7:5800',
      'known 192.168.1.7:5801',
      'asked 192.168.1.8:5800',
      'neighbour 192.168.1.9:5800',
      'seed 10.0.0.1:5900',
    ],
  );
  assert.deepEqual(refused, []);
});

test('nothing outside the private ranges is ever called', () => {
  const addresses = [
    '8.8.8.8',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '2001:db8::1',
    'host.example',
    '127.1',
    '1',
  ];
  const { targets, refused } = gatherCandidates({ ...sources, neighbours: addresses });
  assert.deepEqual([targets.length, refused.length], [0, addresses.length]);
});

test('the own places are left out, by port', () => {
  const place = (address: string, pingbackPort = 5800) => judgePlace({ address, pingbackPort }, sources);
  assert.deepEqual(
    [place('192.168.1.2'), place('192.168.1.2', 5801), place('fe80::2%eth0'), place('192.168.1.3')],
    ['own', 'ok', 'own', 'ok'],
  );
});

test('seeds are checked when they are set', () => {
  const read = (seeds: string) => readSettings(scannerSettings, { KITH_SEEDS: seeds }).seeds;
  assert.deepEqual(read('192.168.1.20, 10.0.0.1:5900,[fd00::20]:5801'), [
    { address: '192.168.1.20' },
    { address: '10.0.0.1', pingbackPort: 5900 },
    { address: 'fd00::20', pingbackPort: 5801 },
  ]);
  assert.throws(() => read('8.8.8.8'), /never calls the internet/);
  assert.throws(() => read('my-host'), /accepted: IP addresses/);
  assert.throws(() => read('10.0.0.1:99999'), /accepted: IP addresses/);
});
