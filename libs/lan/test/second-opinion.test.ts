import assert from 'node:assert/strict';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import { askNetwork, askNodeArp } from '../src/second-opinion/second-opinion.ts';
import { hostSystem, type System } from '../src/system/system.ts';

const skip = process.platform === 'linux' ? false : 'the packages’ Linux parts are tried here';
const TOOLS = ['/bin', '/usr/bin'];

/** A folder of programs of the test's own. */
function programs(t: { after(fn: () => void): void }, scripts: Record<string, string>): string {
  const folder = tempDirectory(t);
  for (const [name, text] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}
/** A system that believes that every program is there, whatever the folders hold. */
const believing = (folders: string[]): System => ({
  ...hostSystem('linux', folders),
  findProgram: async (name) => `/nowhere/${name}`,
});
const ARP = `echo 'Address HWtype HWaddress Flags Mask Iface'; echo '10.77.0.3 ether DC:39:6f:12:34:56 C eth0'`;

test('node-arp answers where ping and arp are there', { skip }, async (t) => {
  const system = hostSystem('linux', [programs(t, { ping: 'exit 0', arp: ARP })]);
  assert.equal(await askNodeArp(system, '10.77.0.3'), 'dc:39:6f:12:34:56');
});

test('node-arp is not even started where a program is missing, or the address is not private', { skip }, async (t) => {
  const system: System = {
    ...hostSystem('linux', [programs(t, { arp: ARP })]),
    run: async () => assert.fail('nothing must be started'),
  };
  assert.equal(await askNodeArp(system, '10.77.0.3'), undefined);
  const all: System = { ...system, findProgram: async () => '/bin/true' };
  assert.equal(await askNodeArp(all, '8.8.8.8'), undefined);
  assert.equal(await askNodeArp(all, '10.0.0.1; reboot'), undefined);
});

test('node-arp with an empty PATH dies in its own process, not in this one', { skip }, async (t) => {
  assert.equal(await askNodeArp(believing([tempDirectory(t)]), '10.77.0.3'), undefined);
  assert.equal(await askNodeArp(believing([programs(t, { ping: 'exit 0' })]), '10.77.0.3'), undefined);
});

const strange: [string, string][] = [
  ['an error with words on standard error', 'echo broken >&2; exit 1'],
  ['no entry', `echo '10.77.0.3 (10.77.0.3) -- no entry'`],
  ['words where a MAC should be', `echo heading; echo 'a b <script> d e'`],
  ['nothing', 'exit 0'],
  ['a megabyte', 'head -c 1000000 /dev/zero'],
];
for (const [what, arp] of strange) {
  test(`node-arp reading ${what} is an unanswered question`, { skip }, async (t) => {
    const system = hostSystem('linux', [programs(t, { ping: 'exit 0', arp }), ...TOOLS]);
    assert.equal(await askNodeArp(system, '10.77.0.3'), undefined);
  });
}

test('a ping that hangs is ended with all that it started when the time is up', { skip }, async (t) => {
  const folder = tempDirectory(t);
  const pidFile = join(folder, 'pid');
  const hanging = programs(t, { ping: `sleep 86400 & echo $! > ${pidFile}; wait`, arp: ARP });
  // The ping hangs for longer than any test may take.
  assert.equal(await askNodeArp(hostSystem('linux', [hanging, ...TOOLS]), '10.77.0.3', 1500), undefined);
  const pid = readFileSync(pidFile, 'utf8').trim();
  const isGone = () => {
    try {
      // A zombie whose parent has not looked yet is dead enough.
      return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return true;
    }
  };
  await waitFor(isGone, { what: 'the grandchild to be gone', timeoutMs: 2000 });
});

const NETSTAT = `echo '0.0.0.0 192.168.7.1 0.0.0.0 UG 0 0 0 eth0'`;
const IP = `echo 'default via 192.168.7.1 dev eth0'`;

test('network answers where its programs are there', { skip }, async (t) => {
  const system = hostSystem('linux', [programs(t, { netstat: NETSTAT, ip: IP, ifconfig: 'exit 0' }), ...TOOLS]);
  const answer = await askNetwork(system);
  // The package also asks for the names of this machine's interfaces; where it has no eth0 there is no answer.
  if (Object.keys(system.networkInterfaces()).includes('eth0')) {
    assert.deepEqual(answer, [{ interface: 'eth0', address: '192.168.7.1', family: 4, metric: 0, source: 'network' }]);
  } else assert.deepEqual(answer, []);
});

const broken: [string, Record<string, string>][] = [
  ['with an empty PATH', {}],
  ['where a Docker bridge is the active interface, whose name it throws at', { netstat: `echo 'UG br-1a2b'`, ip: IP }],
  ['where the answer is no address', { netstat: NETSTAT, ip: `echo 'default via nowhere dev eth0'` }],
];
for (const [what, scripts] of broken) {
  test(`network ${what} is an unanswered question`, { skip }, async (t) => {
    const folders = Object.keys(scripts).length === 0 ? [tempDirectory(t)] : [programs(t, scripts), ...TOOLS];
    assert.deepEqual(await askNetwork(hostSystem('linux', folders)), []);
  });
}

test('network that hangs is ended when the time is up', { skip }, async (t) => {
  const system = hostSystem('linux', [programs(t, { netstat: 'sleep 86400' }), ...TOOLS]);
  assert.deepEqual(await askNetwork(system, 800), []);
});
