import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { skipUnless } from '@kith/testing';
import { listeningInodes, parseLsof, parseNetstat, portHolder } from '../src/start/port-holder.ts';

test(
  'the process that listens is found, by its number and command',
  {
    skip: skipUnless(process.platform === 'linux', 'needs Linux and its /proc'),
  },
  async (t) => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const holder = await portHolder((server.address() as AddressInfo).port);
    assert.equal(holder?.pid, process.pid);
    assert.match(holder?.command ?? '', /node/);
  },
);

test('a port that nobody has: nobody is named', async () => {
  assert.equal(await portHolder(1), undefined);
});

test('lsof of macOS', () => {
  assert.deepEqual(parseLsof('p4711\ncnode\nf21\n'), { pid: 4711, command: 'node' });
  assert.equal(parseLsof(''), undefined);
});

test('netstat of Windows, in German', () => {
  const text = [
    'Aktive Verbindungen',
    '',
    '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
    '  TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         1012',
    '  TCP    192.168.1.7:5805       192.168.1.9:50211      HERGESTELLT     2020',
    '  TCP    [::]:5805              [::]:0                 ABHÖREN         3344',
  ].join('\r\n');
  assert.equal(parseNetstat(text, 5805), 3344);
  assert.equal(parseNetstat(text, 5800), undefined);
});

test('only listening sockets of the port itself count', () => {
  const text = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:16AD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1',
    '   1: 0100007F:16AD 0100007F:C001 01 00000000:00000000 00:00000000 00000000     0        0 222 1',
    '   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1',
  ].join('\n');
  assert.deepEqual(listeningInodes(text, 0x16ad), ['111']);
});
