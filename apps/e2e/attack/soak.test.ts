import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { attackSeed, skipUnless, tellAttack, waitFor } from '@kith/testing';
import { busyRoom } from '../src/attack/busy-room.ts';
import { isFlat, unsoundLines, type VitalSigns, vitalSigns } from '../src/attack/vital-signs.ts';
import { startNeighbourhood } from '../src/nodes/neighbourhood.ts';

const skip = skipUnless(process.platform === 'linux', 'needs Linux, whose /proc tells memory and descriptors');
const isLong = process.env.KITH_ATTACK_LONG === '1';
const SECONDS = isLong ? 600 : process.env.KITH_ATTACK === 'whole' ? 120 : 5;
const NAMES = ['ana', 'ben', 'chidi'];

test('three nodes in a busy room with strangers in it stay as they were', { skip }, async (t) => {
  const folders: string[] = [];
  const room = await startNeighbourhood({
    names: NAMES,
    fill: (index, folder) => {
      folders.push(folder);
      for (let i = 0; i < 50; i++)
        writeFileSync(join(folder, `${i}.txt`), `harbour ${index} ${i}, a swallow over the tide`);
      return 50;
    },
    // With much of it to spare, V8 collects so seldom that a leak and laziness look the same.
    env: { NODE_OPTIONS: '--max-old-space-size=96' },
  });
  t.after(() => room.close());
  const signs: VitalSigns[][] = room.nodes.map(() => []);
  const look = () => {
    for (const [i, { pid }] of room.nodes.entries()) signs[i]?.push(vitalSigns(pid));
  };
  const looking = setInterval(look, Math.max(500, SECONDS * 20));
  const { counts, failures } = await busyRoom({
    ...{ nodes: room.nodes, folders, seconds: SECONDS, seed: attackSeed() },
    pingbackPort: room.pingbackPort,
  }).finally(() => clearInterval(looking));
  look();
  const memory = signs.map((all) => all.map((one) => one.memory));
  t.diagnostic(
    `${JSON.stringify(counts)}; memory ${memory.map((all) => `${all[0]}–${Math.max(...all)}`).join(', ')} MB`,
  );
  assert.deepEqual(failures, []);
  for (const [i, node] of room.nodes.entries()) {
    assert.deepEqual(unsoundLines(node.output()), []);
    assert.equal((await node.node()).name, NAMES[i]);
    if (SECONDS >= 60) assert.ok(isFlat(memory[i] ?? [], 40), `memory of ${node.name}: ${memory[i]?.join(', ')} MB`);
    await waitFor(() => vitalSigns(node.pid).descriptors <= (signs[i]?.[0]?.descriptors ?? 0) + 40, {
      what: 'the descriptors to be given back',
      timeoutMs: 120_000,
    });
  }
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  tellAttack(t, all, `${SECONDS} s: every request answered, logs clean, memory and descriptors flat`);
});
