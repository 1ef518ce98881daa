import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePairingCode } from '@kith/identity';
import { readSettings, setting } from '@kith/service';
import { wholeNumber } from '@kith/wire';
import { type DemoNode, startDemoNode } from './demo-nodes.ts';
import { demoHelp, demoText } from './demo-text.ts';
import { together } from './meeting.ts';
import { placesFor } from './places.ts';

const demoSettings = {
  base: setting(
    'KITH_DEMO_PORT',
    wholeNumber({ min: 1024, max: 65_000, error: 'accepted: a port number from 1024 to 65000' }).default(5700),
    'First of the ports of the demo. Default: 5700.',
  ),
};
if (process.argv.some((one) => one === '--help' || one === '-h')) {
  process.stdout.write(demoHelp);
  process.exit(0);
}
const folder = await mkdtemp(join(tmpdir(), 'kith-demo-'));
const nodes: DemoNode[] = [];
const asked = Promise.withResolvers<void>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => asked.resolve());
if (process.connected) process.once('disconnect', () => asked.resolve()).channel?.unref();
let exitCode = 0;
try {
  const { base } = readSettings(demoSettings, process.env);
  const names = ['ana', 'ben', 'chidi'];
  const places = await placesFor(names.length, base);
  const pairingCode = makePairingCode();
  const starts = names.map((name, index) => {
    const [place, seeds] = [places[index] ?? places[0], places.filter((_, other) => other !== index)];
    if (!place) throw new Error('no place for a node');
    const dataDirectory = join(folder, name);
    return startDemoNode({ name, place, seeds, dataDirectory, pairingCode, env: process.env });
  });
  // All are waited for, so that none is left behind when one fails.
  for (const start of await Promise.allSettled(starts)) if (start.status === 'fulfilled') nodes.push(start.value);
  await Promise.all(starts);
  process.stdout.write(demoText(nodes, await together(nodes, 'water')));
  await Promise.race([asked.promise, ...nodes.map((node) => node.ended)]);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  exitCode = 1;
}
for (const node of nodes) node.stop();
const killer = setTimeout(() => nodes.forEach((node) => void node.stop('SIGKILL')), 8000);
await Promise.all(nodes.map((node) => node.ended));
clearTimeout(killer);
await rm(folder, { recursive: true, force: true, maxRetries: 3 });
process.exit(exitCode);
