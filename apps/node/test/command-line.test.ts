import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { makePairingCode } from '@kith/identity';
import { tempDirectory, waitFor } from '@kith/testing';
import { comparisonViewSchema, type PeerView, peersViewSchema, searchPageSchema } from '@kith/wire';
import { command, type Ended } from './command.ts';
import { address, nodeEnv, PORTS, type RunningNode, runningNode } from './running-node.ts';

/** Two nodes with one pairing code, ana (whose owner types) and ben; and eve, who has no code. */
const endings: (() => void | Promise<void>)[] = [];
const suite = { after: (fn: () => void | Promise<void>) => void endings.push(fn) } as unknown as TestContext;
let ana: RunningNode;
let eve: RunningNode;
let home = '';
const kith = (...args: string[]): Promise<Ended> => command(args, { cwd: home, env: { KITH_NODE: ana.url } });

before(async () => {
  home = tempDirectory(suite);
  const docs = (name: string, files: Record<string, string>) => {
    mkdirSync(join(home, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(home, name, file), text);
    return join(home, name);
  };
  const code = makePairingCode();
  const seeds = [21, 22, 23].map(address).join(',');
  const node = (name: string, host: number, folder: string, env: Record<string, string>) =>
    runningNode(suite, {
      host,
      data: tempDirectory(suite),
      args: ['--name', name, '--seed', seeds, '--share', folder],
      env,
    });
  const withCode = { KITH_PAIRING_CODE: code };
  const [first, , third] = await Promise.all([
    node('ana', 21, docs('ana', { 'well.txt': 'The well has clear water.' }), withCode),
    node('ben', 22, docs('ben', { 'pump.md': '# The pump\n\nThe pump lifts water. \u001b[31mred' }), withCode),
    node('eve', 23, docs('eve', { 'trap.txt': 'water' }), {}),
  ]);
  ana = first;
  eve = third;
  await waitFor(async () => (await peers()).filter((peer) => peer.state === 'alive').length === 2, {
    timeoutMs: 20_000,
    what: 'both peers',
  });
  await waitFor(
    async () => {
      const { coverage } = await searchFor('water');
      return coverage.length === 2 && coverage.every((one) => one.status === 'answered' && one.matches === 1);
    },
    { timeoutMs: 20_000, what: 'documents of both' },
  );
});
after(async () => {
  for (const end of endings.reverse()) await end();
});

const peers = async (): Promise<PeerView[]> =>
  peersViewSchema.parse(JSON.parse((await kith('peers', '--json')).stdout)).peers;
const searchFor = async (words: string) =>
  searchPageSchema.parse(JSON.parse((await kith('search', words, '--json')).stdout));

test('status: who, where, what', async () => {
  const { code, stdout } = await kith('status');
  assert.equal(code, 0);
  assert.match(stdout, /Node +ana \([a-z2-7]{8}\), version/);
  assert.match(stdout, /Peers +2 here, 0 away; 1 waiting for your approval/);
  assert.match(stdout, /Documents +1$/m);
  const json = JSON.parse((await kith('status', '--json')).stdout);
  assert.deepEqual([json.node.name, json.exchange.documents, json.shares.length], ['ana', 1, 1]);
});

test('search finds at both, names holders and coverage; numbers then work in get and cat', async () => {
  const { code, stdout, stderr } = await kith('search', 'water');
  assert.equal(code, 0);
  assert.match(stdout, /The pump/);
  assert.match(stdout, /ben · pump\.md/);
  assert.match(stdout, /this node · /);
  assert.match(stderr, /2 matches in 2 documents; 2 of 2 nodes answered in \d+ ms/);
  assert.ok(!stdout.includes('\u001b'));
  const { results } = await searchFor('pump');
  const got = await kith('get', '1', '--json');
  assert.equal(got.code, 0, got.stderr);
  assert.deepEqual([JSON.parse(got.stdout).hash, JSON.parse(got.stdout).from], [results[0]?.hash, 'ben']);
  assert.equal(readFileSync(join(home, 'pump.md'), 'utf8'), readFileSync(join(home, 'ben/pump.md'), 'utf8'));
  const cat = await kith('cat', '1');
  assert.match(cat.stdout, /The pump lifts water\. \[31mred/);
});

test('search: only here, streamed as JSON lines, nothing found', async () => {
  const here = searchPageSchema.parse(JSON.parse((await kith('search', '--here', 'water', '--json')).stdout));
  assert.deepEqual(
    here.results.map(({ name }) => name),
    ['well.txt'],
  );
  const lines = (await kith('search', 'water', '--json', '--stream')).stdout.trim().split('\n');
  const pages = lines.map((line) => searchPageSchema.parse(JSON.parse(line)));
  assert.deepEqual(
    pages.map(({ final }) => final),
    [...pages.slice(1).map(() => false), true],
  );
  assert.equal(pages.at(-1)?.results.length, 2);
  const none = await kith('search', 'zebra');
  assert.deepEqual([none.code, none.stdout], [4, 'Nothing found.\n']);
  const bad = await kith('search', '--', '-water');
  assert.equal(bad.code, 1);
});

test('share and unshare', async () => {
  mkdirSync(join(home, 'more'));
  assert.equal((await kith('share', 'more')).stdout, `Shared: ${join(home, 'more')}\n`);
  assert.match((await kith('share')).stdout, /more +0 +0 /);
  assert.equal((await kith('unshare', 'more')).code, 0);
  assert.equal((await kith('unshare', 'more')).code, 4);
  const missing = await kith('share', 'none');
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
});

test('trust needs a comparison that both owners open, and the number that the other sees', async () => {
  const peerEve = () => peers().then((all) => all.find(({ name }) => name === 'eve'));
  const silent = await kith('peers', 'trust', 'eve');
  assert.equal(silent.code, 2);
  assert.match(silent.stderr, /no terminal\. Say --number .* or --without-comparing/);
  const at = (url: string, path: string, method = 'GET') =>
    fetch(`${url}/_kith${path}`, { method }).then(async (answer) => comparisonViewSchema.parse(await answer.json()));
  const compare = async (change: (number: string) => string) => {
    await at(eve.url, '/peers/ana/comparison', 'POST');
    await at(ana.url, '/peers/eve/comparison', 'POST');
    const number = await waitFor(async () => (await at(eve.url, '/comparison')).open?.number, { what: 'the number' });
    return kith('peers', 'trust', 'eve', '--number', change(number));
  };
  const wrong = await compare((number) => (number === '111111' ? '222222' : '111111'));
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /The numbers differ.*do not trust eve/);
  assert.equal((await peerEve())?.trust, 'pending');
  await at(eve.url, '/peers/ana/comparison', 'DELETE');
  const right = await compare((number) => `${number.slice(0, 3)} ${number.slice(3)}`);
  assert.deepEqual([right.code, (await peerEve())?.trust], [0, 'trusted'], right.stderr);
  assert.match(right.stdout, /Its owner has not said “the same” yet/);
  await at(eve.url, '/peers/ana/comparison', 'DELETE');
  assert.equal(JSON.parse((await kith('peers', 'block', 'eve', '--json')).stdout).peer.trust, 'blocked');
  assert.equal((await kith('peers', 'block', 'nobody')).code, 4);
});

test('devices and peers as tables', async () => {
  assert.match((await kith('peers')).stdout, /^NAME +LABEL +ID .*\n(?:.*\n)*ben +ben +[a-z2-7]{8} +alive +trusted/);
  assert.match((await kith('devices')).stdout, new RegExp(`${address(22).replaceAll('.', '\\.')} .* peer +ben`));
});

test('events: the last ones, and following goes on until it is ended', async () => {
  const { stdout } = await kith('events', '--json', '--limit', '5');
  assert.equal(stdout.trim().split('\n').length, 5);
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '').cursor;
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, '../src/main.ts'), 'events', '-f', '--json', '--after', last],
    {
      env: nodeEnv({ host: 21, data: home, env: { KITH_NODE: ana.url } }),
    },
  );
  let seen = '';
  child.stdout.on('data', (part) => {
    seen += part;
  });
  const ended = once(child, 'close');
  const trust = () => kith('peers', 'block', 'eve').then(() => kith('peers', 'trust', 'eve', '--without-comparing'));
  await waitFor(async () => (await trust()) && seen.includes('peer-trusted'), { timeoutMs: 10_000, what: 'the event' });
  child.kill('SIGINT');
  assert.equal((await ended)[0], 0);
});

test('doctor: this node, a peer that is well, an address without Kith, one outside', async () => {
  const own = JSON.parse((await kith('doctor', '--json')).stdout).checks as { name: string; verdict: string }[];
  assert.deepEqual(
    own.filter(({ name }) => ['gateway', 'pingback', 'documents'].includes(name)).map(({ verdict }) => verdict),
    ['ok', 'ok', 'ok'],
  );
  const verdicts = async (who: string) =>
    (JSON.parse((await kith('doctor', who, '--json')).stdout).checks as { verdict: string }[]).map(
      ({ verdict }) => verdict,
    );
  assert.deepEqual(await verdicts('ben'), ['ok', 'ok', 'ok', 'ok', 'ok']);
  assert.deepEqual(await verdicts(address(99)), ['ok', 'ok', 'failed', 'skipped', 'skipped']);
  const closed = await kith('doctor', address(99));
  assert.equal(closed.code, 1);
  assert.match(
    closed.stdout,
    new RegExp(`FAILED +port +TCP ${address(99)}:${PORTS.pingback} is closed: no Kith runs there`),
  );
  assert.equal((await kith('doctor', '192.0.2.1')).code, 2);
});

test('no node: exit code 3, and how to start one', async () => {
  const { code, stderr } = await command(['status', '--node', `http://${address(98)}:${PORTS.gateway}`], { cwd: home });
  assert.equal(code, 3);
  assert.match(stderr, /No node runs at .*Start one with `kith start`/);
});

test('the node of a data directory is found by what it left there', async (t) => {
  const data = tempDirectory(t);
  const node = await runningNode(t, { host: 24, data, args: ['--name', 'dina'] });
  const { stdout } = await command(['status', '--json'], { cwd: data });
  assert.equal(JSON.parse(stdout).url, node.url);
});
