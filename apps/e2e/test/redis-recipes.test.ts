import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { hasBinary, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { openSeparateNode } from '../src/nodes/separate-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';
import { recipesOf } from '../src/texts/manual-recipes.ts';

const skip = skipUnless(hasBinary('redis-server') && hasBinary('redis-cli'), 'needs redis-server and redis-cli');
const SECTION = 'Looking at peers with the Redis CLI';
const [compose, plain, ...recipes] = recipesOf(SECTION);

/** Every recipe of the section is here; a new one without a test fails. */
const COVERED = [
  'Who is here',
  'Who was here at ten',
  'What happened between two times',
  'Events as they happen',
  'One peer in full',
  'Forget a peer',
  'Which replicas run',
  'Who holds the leases',
  'What this node says of itself',
];

test('every recipe for the Redis CLI is tried here', () => {
  assert.match(compose?.code ?? '', /^kith_redis\(\) \{ docker compose exec -T redis .* < \/dev\/null; \}\n$/);
  assert.equal(plain?.code, 'kith_redis() { redis-cli "$@"; }\n');
  assert.deepEqual(
    recipes.map(({ heading }) => heading),
    COVERED,
  );
});

/** A node whose services run apart, in Redis what they made of it: the peer ben was found. */
async function openNode(t: TestContext) {
  const door = { host: freeAddress(), port: 5805 };
  const env = { KITH_BIND: door.host, KITH_EXCHANGE_BIND: door.host, KITH_SWEEP: 'off' };
  const ben = await startKithNode({ data: tempDirectory(t), name: 'ben', env, door });
  t.after(() => ben.kill());
  const node = await openSeparateNode({ env: { KITH_SEEDS: door.host } });
  t.after(() => node.close());
  const exchange = await node.start('exchange');
  await Promise.all([node.start('gateway'), node.start('pingback'), node.start('scanner')]);
  const owner = node.owner();
  const peer = () => owner.peers().then((peers) => peers[0]);
  await waitFor(peer, { what: 'ben to be found', timeoutMs: 10_000 });
  // Ben's own question is what brings ben back where nothing is swept.
  await waitFor(async () => (await ben.peers())[0]?.state === 'alive', { what: 'ben to know it', timeoutMs: 30_000 });

  const shell = { PATH: process.env.PATH, REDISCLI_AUTH: node.password };
  const prelude = (plain?.code ?? '').replace('redis-cli', `redis-cli -h ${node.address}`);
  const codeOf = (heading: string, edit: (code: string) => string) =>
    prelude + edit(recipes.find((one) => one.heading === heading)?.code ?? '');
  const run = (heading: string, edit = (code: string) => code) => {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', codeOf(heading, edit)], {
      env: shell,
      encoding: 'utf8',
    });
    assert.equal(stderr, '', heading);
    return { status, lines: stdout.split('\n').filter((line) => line !== '') };
  };
  const start = (heading: string) => {
    const child = spawn('sh', ['-c', codeOf(heading, (code) => code)], { env: shell, detached: true });
    let output = '';
    child.stdout.on('data', (part: Buffer) => {
      output += part.toString();
    });
    const stop = async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await ended;
    };
    t.after(stop);
    return { output: () => output, stop };
  };
  return { node, ben, exchange, owner, peer, run, start };
}

test('an administrator sees in Redis who is here and who was', { skip }, async (t) => {
  const { exchange, ben, owner, peer, run, start } = await openNode(t);
  const id = (await peer())?.id ?? '';
  const [seen = ''] = run('Who is here').lines;
  assert.match(seen, new RegExp(`^ben\talive\tpending\t\\d{13}\t${id}$`));

  const full = run('One peer in full').lines;
  for (const line of ['name\tben', 'trust\tpending', `id\t${id}`]) assert.ok(full.includes(line), line);
  assert.ok(full.some((line) => line.startsWith('addresses\t[{')));
  assert.deepEqual(run('One peer in full', (code) => code.replace('name=ben', 'name=nobody')).lines, []);

  const replica = /"replica":"([0-9a-f]{16})"/.exec(exchange.output())?.[1];
  assert.match(run('Which replicas run').lines.join('\n'), new RegExp(`^${replica}\thttp://127\\.[0-9.]+:\\d+$`));
  const leases = run('Who holds the leases').lines;
  assert.match(leases[0] ?? '', /^scanner\t[0-9a-f]+\t\d{4}$/);
  assert.match(leases[1] ?? '', new RegExp(`^folders\t${replica}\t\\d{4}$`));
  assert.ok(run('What this node says of itself').lines.some((line) => /^documents\t\{"count":0,/.test(line)));

  const following = start('Events as they happen');
  // Whatever happens after its first question is shown; its first answer tells that it has asked.
  await waitFor(
    async () => {
      await owner.trust('ben', 'pending');
      await owner.trust('ben', 'trusted');
      return /ben .*trusted/i.test(following.output());
    },
    { what: 'the event to be shown', timeoutMs: 10_000 },
  );
  await following.stop();

  const foundAt = (await owner.events()).find(({ type }) => type === 'peer-found')?.at ?? 0;
  await waitFor(() => Date.now() > foundAt + 2_000, { what: 'two seconds to pass' });
  await ben.stop();
  const left = await waitFor(async () => (await owner.events()).find(({ type }) => /left|dead/.test(type)), {
    what: 'ben to be gone',
    timeoutMs: 30_000,
  });
  const at = (ms: number) => (code: string) => code.replace("at='10:00'", `at='@${Math.floor(ms / 1000)}'`);
  assert.deepEqual(run('Who was here at ten', at(foundAt - 1_000)).lines, []);
  assert.match(run('Who was here at ten', at(foundAt)).lines.join('\n'), /^ben .* was found at 127\.[0-9.]+\.$/);
  assert.deepEqual(run('Who was here at ten', at(left.at)).lines, []);
  assert.equal(run('Who was here at ten').status, 0);

  const between = (code: string) => code.replace('10:00', `@${Math.floor(foundAt / 1000)}`).replace('10:15', 'now');
  const happened = run('What happened between two times', between).lines;
  assert.match(happened.find((line) => line.includes('ben')) ?? '', /was found/);
  assert.match(happened.join('\n'), /^ben .* (has left|is away)/m);
});

test('a peer that is forgotten by hand comes back as a new one', { skip }, async (t) => {
  const { owner, peer, run } = await openNode(t);
  await owner.trust('ben');
  const id = (await peer())?.id ?? '';
  assert.deepEqual(run('Forget a peer', (code) => `id=${id}\n${code}`).lines, ['1', '1']);
  const again = await waitFor(peer, { what: 'ben to be found again', timeoutMs: 30_000 });
  assert.deepEqual([again.id, again.trust], [id, 'pending']);
});
