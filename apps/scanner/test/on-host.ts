/**
 * Run on a host of a made-up LAN: `node on-host.ts peer NAME`, a small right pingback, or `node on-host.ts scan
 * [KITH_…=…]`, a real scanner on the real network there; it prints its events, one JSON object a line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIdentity } from '@kith/identity';
import { createLan } from '@kith/lan';
import { createMemoryPeerStore } from '@kith/membership';
import { readSettings, silentLog, systemClock } from '@kith/service';
import { createScanner, scannerSettings } from '../src/app.ts';
import { nonceOf, signedAnswer } from './signed-answers.ts';

const [role, name = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'kith-on-host-'));
const identity = await openIdentity(folder);
rmSync(folder, { recursive: true });

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
if (role === 'peer') {
  createServer((request, response) => {
    const address = request.socket.localAddress ?? '';
    const answer = signedAnswer(identity, { nonce: nonceOf(request.url), address }, { name });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  }).listen(5800, '0.0.0.0', () => print({ type: 'ready' }));
} else {
  const peers = createMemoryPeerStore({ clock: systemClock });
  await peers.followEvents(print);
  const common = { identity, peers, clock: systemClock, log: silentLog };
  const settings = readSettings(scannerSettings, Object.fromEntries([name.split('=')]));
  const scanner = createScanner({ ...common, settings, lan: createLan() });
  print({ type: 'starts', at: systemClock.now() });
  await scanner.start();
  // Until the test ends it.
  setInterval(async () => print({ type: 'devices', devices: await peers.listDevices() }), 500);
}
