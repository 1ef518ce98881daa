import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLan, hasBinary, isRoot, skipUnless, waitFor } from '../src/index.ts';

const skip = skipUnless(process.platform === 'linux' && isRoot() && hasBinary('ip'), 'needs root and ip on Linux');

const serve = `require('node:net').createServer((s) => s.end('hello')).listen(7000, () => console.log('ready'))`;
const ask = (address: string) => `
  const s = require('node:net').connect({ host: '${address}', port: 7000 });
  s.setTimeout(3000);
  s.on('data', (d) => process.stdout.write(d)).on('end', () => process.exit()).on('error', (e) => console.log(e.code));
  s.on('timeout', () => { console.log('silence'); process.exit(); });`;
const node = process.execPath;
const ours = (pid: number | undefined = process.pid) =>
  readdirSync('/run/netns').filter((name) => name.startsWith(`kithlan-${pid}-`));

test('hosts hear each other, cables can be cut and mended, addresses change', { skip }, async (t) => {
  const lan = await createLan({ hosts: 2, silent: 1 });
  t.after(() => lan.close());
  const [one, two] = [lan.host(0), lan.host(1)];
  const server = two.run(node, ['-e', serve], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (server.stdout) await once(server.stdout, 'data');
  assert.equal(await one.exec(node, ['-e', ask(two.address)]), 'hello');
  assert.match(await one.exec(node, ['-e', ask(lan.silent[0]?.address ?? '')]), /ECONNREFUSED/);

  two.cut();
  assert.match(await one.exec(node, ['-e', ask(two.address)]), /silence|EHOSTUNREACH/);
  two.mend();
  const answer = () => one.exec(node, ['-e', ask(two.address)]).then((text) => text === 'hello');
  await waitFor(answer, { what: 'the mended cable to carry' });

  const before = two.address;
  assert.equal(await two.setAddress(lan.addressOf(77)), '10.77.0.77');
  assert.equal(two.address, '10.77.0.77');
  assert.equal(await one.exec(node, ['-e', ask(two.address)]), 'hello');
  assert.notEqual(await one.exec(node, ['-e', ask(before)]), 'hello');
  await assert.rejects(one.exec(node, ['-e', 'process.exit(3)']), /on h0/);
});

test('a host sees its own adapters only, and the router is its default gateway', { skip }, async (t) => {
  const [lan, other] = await Promise.all([createLan({ hosts: 1 }), createLan({ hosts: 1, subnet: '192.168.50.0/24' })]);
  t.after(() => Promise.all([lan.close(), other.close()]));
  const host = lan.host(0);
  await host.addInterface({ name: 'docker0', type: 'bridge', address: '172.17.0.1/16' });
  await host.attach(other, { name: 'eth1', address: other.addressOf(9) });
  assert.deepEqual((await host.exec('ls', ['/sys/class/net'])).split(/\s+/).filter(Boolean), [
    'docker0',
    'eth0',
    'eth1',
    'lo',
  ]);
  assert.match(await host.exec('ip', ['route']), /default via 10\.77\.0\.254 dev eth0/);
  const server = other.host(0).run(node, ['-e', serve], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (server.stdout) await once(server.stdout, 'data');
  assert.equal(await host.exec(node, ['-e', ask(other.host(0).address)]), 'hello');
});

test('20 hosts are made; closing leaves no namespace and no process', { skip }, async () => {
  const lan = await createLan({ hosts: 7, silent: 13 });
  assert.equal(lan.hosts.length + lan.silent.length, 20);
  const sleeper = lan.host(6).run(node, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
  const ended = once(sleeper, 'exit');
  await lan.close();
  await lan.close();
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  assert.deepEqual(ours(), []);
});

test('a program that is just being started when its LAN is closed is ended too', { skip }, async () => {
  for (let round = 0; round < 5; round += 1) {
    const lan = await createLan({ hosts: 2 });
    const started = lan.hosts.map((host) => host.run(node, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' }));
    const ended = started.map((child) => once(child, 'exit'));
    await lan.close();
    for (const [, signal] of await Promise.all(ended)) assert.equal(signal, 'SIGKILL');
  }
});

test('a maker that ends without closing, or is killed, leaves nothing behind', { skip }, async () => {
  const source = JSON.stringify(join(import.meta.dirname, '../src/index.ts'));
  const make = (end: string) =>
    spawnSync(
      node,
      ['--input-type=module', '-e', `const {createLan} = await import(${source}); await createLan({hosts: 1}); ${end}`],
      { timeout: 150_000 },
    );
  const thrown = make('throw new Error("a test failed")');
  assert.equal(thrown.status, 1);
  assert.deepEqual(ours(thrown.pid), []);
  const killed = make('process.kill(process.pid, "SIGKILL")');
  assert.equal(killed.signal, 'SIGKILL');
  const next = await createLan({ hosts: 1 });
  assert.deepEqual(ours(killed.pid), []);
  await next.close();
});

test('a subnet that is not private, or too small, is refused before anything is made', { skip }, async () => {
  await assert.rejects(createLan({ hosts: 1, subnet: '8.8.8.0/24' }), /no private subnet/);
  await assert.rejects(createLan({ hosts: 20, subnet: '10.0.0.0/28' }), /too small/);
  assert.deepEqual(ours(), []);
});
