import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { waitFor } from '@kith/testing';
import type { ComposeService } from '../src/compose/compose-machine.ts';
import { killUnderLoad } from '../src/nodes/kill-under-load.ts';
import { isHealthy, type LabRoom, OUR_OWN } from './lab-room.ts';

/** More than one of a service on one machine, and what the services cost. */
export async function scalingSteps(t: TestContext, { ana, say, seconds }: LabRoom): Promise<void> {
  await t.test('three replicas of the exchange: killed at random under load, no read fails', async () => {
    say(`scaled to three: ${Math.round(await ana.up('--scale', 'exchange=3'))} ms`);
    assert.equal(await ana.redis('ZCARD', 'kith:replicas:exchange'), '3');
    const harm = async () => {
      const up = (await ana.containers('exchange')).filter(({ health }) => health === 'healthy');
      const victim = up[Math.floor(Math.random() * up.length)];
      if (up.length < 2 || victim === undefined) return false;
      if (Math.random() < 0.7) await ana.crash(victim.name);
      else await ana.docker('restart', victim.name);
      return true;
    };
    const { counts, failures, kept } = await killUnderLoad({
      ...{ owner: ana, kills: Math.ceil(seconds / 4), harm },
      reads: ['/api/status', '/api/documents?limit=5', '/api/search?q=ceramic&scope=here'],
    });
    say(`under load: ${JSON.stringify(counts)}, reads that failed: ${failures.length}`);
    assert.deepEqual(failures, []);
    for (const hash of kept) assert.equal((await ana.ask(`/api/documents/${hash}/content`)).status, 200);
  });

  await t.test('folders are taken over within ten seconds by another replica', async () => {
    await waitFor(() => isHealthy(ana), { what: 'three healthy replicas', timeoutMs: 60_000 });
    await takeOver('exchange', 'folders');
  });

  await t.test('of two scanners one works and one waits', async () => {
    await ana.up('--scale', 'exchange=1', '--scale', 'scanner=2');
    await takeOver('scanner', 'scanner');
    await ana.up('--scale', 'scanner=1');
  });

  await t.test('the services of a machine stay small', async () => {
    const names = (await ana.containers())
      .filter(({ service }) => OUR_OWN.some((one) => one === service))
      .map(({ name }) => name);
    const lines = await ana.docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...names);
    const used = lines.split('\n').map((line) => Number(/ ([\d.]+)MiB/.exec(line)?.[1]) * 1.048576);
    const whole = used.reduce((sum, one) => sum + one, 0);
    say(`memory:\n${lines}\nthe four services: ${Math.round(whole)} MB`);
    assert.ok(whole < 400, `${whole} MB`);
    const sizes = await Promise.all(
      [...OUR_OWN.map((app) => `kith-${app}`), 'kith', 'node:24-bookworm-slim'].map(async (image) => {
        const bytes = await ana.docker('image', 'inspect', '-f', '{{.Size}}', image);
        return `${image} ${Math.round(Number(bytes) / 1e6)} MB`;
      }),
    );
    say(`images: ${sizes.join(', ')}`);
  });

  /** Ends the container that has the duty at once; another must have it within ten seconds. */
  async function takeOver(service: ComposeService, duty: string): Promise<void> {
    const holder = () => ana.redis('HGET', `kith:lease:${duty}`, 'holder');
    const before = await waitFor(holder, { what: `one to have the lease ${duty}`, timeoutMs: 15_000 });
    const line = (await ana.compose('logs', service)).split('\n').find((one) => one.includes(before)) ?? '';
    await ana.docker('stop', '--time', '0', `kith${ana.host.number}-${line.split(' ')[0]}`);
    const from = performance.now();
    await waitFor(async () => ![before, ''].includes(await holder()), { what: 'the take-over', timeoutMs: 10_000 });
    say(`${duty}: taken over after ${Math.round(performance.now() - from)} ms`);
  }
}
