import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { isRoot, skipUnless } from '@kith/testing';
import { SocketUids, uidIn } from '../../src/owner/socket-uid.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const line = (other: string, here: string, { state = '01', uid = 65534, inode = 4711 } = {}) =>
  `   7: ${other} ${here} ${state} 00000000:00000000 00:00000000 00000000 ${String(uid).padStart(5)}        0 ${inode} 1 00000000c14534e4 20 4 0 10 -1\n`;
const connection = (remoteAddress: string, localAddress: string) => ({
  ...{ remoteAddress, localAddress, remotePort: 40874, localPort: 5805 },
});
const LOOPBACK = line('0100007F:9FAA', '0100007F:16AD');

test('the other end of a dual-stack listener’s connection stands in the table of IPv4', () => {
  assert.equal(uidIn([HEAD + LOOPBACK, ''], connection('::ffff:127.0.0.1', '::ffff:127.0.0.1')), 65534);
  assert.equal(uidIn([HEAD + LOOPBACK, ''], connection('127.0.0.1', '127.0.0.1')), 65534);
});

test('IPv4 inside IPv6, IPv6 and link-local addresses are found in the table of IPv6', () => {
  const mapped = line('0000000000000000FFFF00000100007F:9FAA', '0000000000000000FFFF00000100007F:16AD', { uid: 1 });
  assert.equal(uidIn(['', HEAD + mapped], connection('127.0.0.1', '127.0.0.1')), 1);
  const six = line('00000000000000000000000001000000:9FAA', '00000000000000000000000001000000:16AD', { uid: 2 });
  assert.equal(uidIn(['', HEAD + six], connection('::1', '::1')), 2);
  const near = '000080FE00000000FF565002BD69B1FE';
  const local = line(`${near}:9FAA`, `${near}:16AD`, { uid: 3 });
  const address = 'fe80::250:56ff:feb1:69bd%eth0';
  assert.equal(uidIn(['', HEAD + local], connection(address, address)), 3);
});

test('no other line counts: another port, the own end, one that is closing and reads as root', () => {
  const at = connection('127.0.0.1', '127.0.0.1');
  const others = [
    line('0100007F:9FAB', '0100007F:16AD', { uid: 0 }),
    line('0100007F:16AD', '0100007F:9FAA', { uid: 0 }),
    line('0200007F:9FAA', '0100007F:16AD', { uid: 0 }),
    line('0100007F:9FAA', '0100007F:16AD', { uid: 0, inode: 0 }),
    ...['04', '05', '06', '08'].map((state) => line('0100007F:9FAA', '0100007F:16AD', { uid: 0, state })),
  ];
  for (const other of others) assert.equal(uidIn([HEAD + other, HEAD], at), undefined, other);
  assert.equal(uidIn(['', ''], { ...at, remoteAddress: undefined }), undefined);
});

test('connections that come together share a reading that begins after the last of them', async () => {
  const readings: PromiseWithResolvers<string>[] = [];
  const uids = new SocketUids((name) => {
    if (name === 'tcp6') return Promise.resolve('');
    const reading = Promise.withResolvers<string>();
    readings.push(reading);
    return reading.promise;
  });
  const at = connection('127.0.0.1', '127.0.0.1');
  const first = uids.ofOtherEnd(at);
  await new Promise(setImmediate);
  const later = Array.from({ length: 50 }, () => uids.ofOtherEnd(at));
  await new Promise(setImmediate);
  assert.equal(readings.length, 1, 'one runs at a time');
  readings[0]?.resolve(HEAD + LOOPBACK);
  assert.equal(await first, 65534);
  await new Promise(setImmediate);
  assert.equal(readings.length, 2, 'one for all that came meanwhile');
  readings[1]?.resolve(HEAD + LOOPBACK);
  assert.deepEqual(new Set(await Promise.all(later)), new Set([65534]));
});

const skip = skipUnless(process.platform === 'linux' && isRoot(), 'needs root on Linux');

test(
  'the kernel tells who holds the other end of a real connection, for as long as it is held',
  { skip },
  async (t) => {
    const server = createServer().listen(0, '::');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    const uids = new SocketUids();
    const connect = (host: string, uid: number) => {
      const script = `require('node:net').connect(${port}, '${host}').on('error', () => {}); process.stdin.on('end', () => process.exit()).resume()`;
      const child = spawn(process.execPath, ['-e', script], { uid, gid: uid, stdio: ['pipe', 'ignore', 'ignore'] });
      t.after(() => void child.kill('SIGKILL'));
      return child;
    };
    for (const host of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      for (const uid of [0, 65534]) {
        const child = connect(host, uid);
        const [socket] = (await once(server, 'connection')) as [Socket];
        socket.on('error', () => {});
        assert.equal(await uids.ofOtherEnd(socket), uid, `${host} as ${uid}`);
        const gone = once(socket.resume(), 'end');
        child.kill('SIGKILL');
        await gone;
        assert.equal(await uids.ofOtherEnd(socket), undefined, 'whoever is gone is nobody');
        socket.destroy();
      }
    }
  },
);
