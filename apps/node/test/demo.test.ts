import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory, waitFor } from '@kith/testing';
import { searchPageSchema } from '@kith/wire';

test('the demo: three nodes that search each other, gone after Ctrl-C with all that they wrote', async (t) => {
  const temp = tempDirectory(t);
  const port = 26_000 + (process.pid % 200) * 60;
  const demo = spawn(process.execPath, [join(import.meta.dirname, '../demo/main.ts')], {
    env: { ...process.env, TMPDIR: temp, KITH_DEMO_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => demo.kill('SIGKILL'));
  let output = '';
  for (const stream of [demo.stdout, demo.stderr])
    stream.on('data', (part) => {
      output += part;
    });
  const ended = once(demo, 'close');
  await waitFor(() => output.includes('Ctrl-C') || demo.exitCode !== null, { timeoutMs: 60_000, what: 'the demo' });
  assert.match(output, /know each other and search each other’s documents/);
  const urls = [...output.matchAll(/(?:ana|ben|chidi) +(http:\S+)\//g)].map((match) => match[1]);
  assert.equal(urls.length, 3);
  const found = await Promise.all(
    urls.map(async (url) => {
      const page = searchPageSchema.parse(await (await fetch(`${url}/api/search?q=water`)).json());
      return page.results.map(({ name }) => name);
    }),
  );
  // The same order on every node: architecture.md, “the order is a pure function of the answers”.
  assert.deepEqual(found[1], found[0]);
  assert.deepEqual(found[2], found[0]);
  assert.ok(found[0]?.includes('lesson-water-cycle.md') && found[0].includes('stores.txt'));

  demo.kill('SIGINT');
  assert.equal((await ended)[0], 0);
  assert.deepEqual(readdirSync(temp), []);
  await assert.rejects(fetch(`${urls[0]}/`));
});
