import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import type { Device } from '@kith/membership';
import { createLan, isRoot, type LanHost, skipUnless, waitFor } from '@kith/testing';

const skip = skipUnless(isRoot() && process.platform === 'linux', 'needs root on Linux for network namespaces');
const program = join(import.meta.dirname, 'on-host.ts');

interface Line {
  type: string;
  at?: number;
  message?: string;
  address?: string;
  devices?: Device[];
}

/** Runs the program on a host; `lines` grows with what it prints. */
async function runOn(host: LanHost, ...args: string[]): Promise<Line[]> {
  const child = host.run(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Line[] = [];
  assert.ok(child.stdout);
  const reader = createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)));
  await once(reader, 'line');
  return lines;
}

const count = (lines: readonly Line[], type: string) => lines.filter((line) => line.type === type).length;

async function newLan(t: TestContext, peers: number, silent: number) {
  const lan = await createLan({ hosts: peers + 1, silent });
  t.after(() => lan.close());
  const others = lan.hosts.slice(1);
  await Promise.all(others.map((host) => runOn(host, 'peer', host.name)));
  return { lan, others };
}

test('a real sweep finds all peers and every other device', { skip }, async (t) => {
  const { lan, others } = await newLan(t, 6, 12);
  const lines = await runOn(lan.host(0), 'scan');
  await waitFor(() => count(lines, 'peer-found') === 6, { what: 'six peers' });
  const startedAt = lines.find(({ type }) => type === 'starts')?.at ?? 0;
  const foundAt = lines.filter(({ type }) => type === 'peer-found').map(({ at = 0 }) => at - startedAt);
  t.diagnostic(`six peers verified ${Math.max(...foundAt)} ms after the start of the scanner`);
  const devices = await waitFor(() => lines.findLast(({ devices: all }) => all?.length === 19)?.devices, {
    what: 'all 19 devices',
  });
  const answers = (answer: string) => devices.filter((one) => one.answer === answer).map(({ address }) => address);
  assert.deepEqual(answers('peer').sort(), others.map(({ address }) => address).sort());
  assert.equal(answers('refused').length, 13);
  assert.deepEqual(
    devices.filter((one) => one.isDefaultGateway).map(({ address }) => address),
    [lan.router.address],
  );
  assert.ok(
    devices.every(({ mac }) => mac),
    'every device has its hardware address',
  );
});

test('a cut of the own cable hurts nobody, and all are back at once', { skip }, async (t) => {
  const { lan } = await newLan(t, 3, 0);
  const lines = await runOn(lan.host(0), 'scan');
  await waitFor(() => count(lines, 'peer-found') === 3, { what: 'three peers' });
  const cutAt = Date.now();
  lan.host(0).cut();
  await waitFor(() => count(lines, 'peer-dead') === 3, { what: 'three to be away', timeoutMs: 12_000 });
  const deadAfter = lines.filter(({ type }) => type === 'peer-dead').map(({ at = 0 }) => at - cutAt);
  const mendedAt = Date.now();
  lan.host(0).mend();
  await waitFor(() => count(lines, 'peer-alive') === 3, { what: 'three to be back', timeoutMs: 8000 });
  const backAfter = lines.filter(({ type }) => type === 'peer-alive').map(({ at = 0 }) => at - mendedAt);
  t.diagnostic(`away after ${deadAfter.join(', ')} ms, back after ${backAfter.join(', ')} ms`);
});

test('a peer that gets another address is the same peer again', { skip }, async (t) => {
  const { lan } = await newLan(t, 2, 0);
  // The peer of this test does not ask by itself, so the next sweep has to find it: the shortest pause is 10 s.
  const lines = await runOn(lan.host(0), 'scan', 'KITH_SWEEP_INTERVAL_MS=10000');
  await waitFor(() => count(lines, 'peer-found') === 2, { what: 'two peers' });
  await waitFor(() => count(lines, 'sweep') === 1, { what: 'the end of the first sweep' });
  const address = await lan.host(1).setAddress(lan.addressOf(99));
  const moved = await waitFor(() => lines.find(({ type }) => type === 'peer-moved'), {
    what: 'the peer at its new address',
    timeoutMs: 25_000,
  });
  assert.equal(moved.address, address);
  const last = () => lines.findLast(({ type }) => /^peer-(alive|dead|suspect)$/.test(type))?.type ?? 'peer-alive';
  await waitFor(() => last() === 'peer-alive', { what: 'it to be alive' });
  assert.equal(count(lines, 'peer-found'), 2);
});
