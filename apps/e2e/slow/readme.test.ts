import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLan, hasBinary, isRoot, type LanHost, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { createOwnerClient } from '../src/nodes/owner-client.ts';
import { readText, root } from '../src/texts/repository.ts';

const skip = skipUnless(isRoot() && process.platform === 'linux', 'needs root on Linux for a network of its own');
const commands = [...readText('README.md').matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
  block.split('\n').filter((line) => line !== ''),
);

/** Every command of the README is here with what a person expects of it; a new one without a line here fails. */
const COVERED = {
  'npm start': 'starts a node',
  'npm run demo': 'starts three',
  'npm run kith -- code': 'prints twelve words',
  'npm start -- --code': 'starts a node with a code',
  'npm run kith -- --help': 'explains',
  'npm run kith -- status': 'tells of the running node',
  'npm run kith -- peers': 'lists',
  'npm run kith -- search water filter': 'finds',
  'npm run kith -- doctor': 'looks at the node',
  'npm start -- --upstream http://127.0.0.1:8080': 'shows another app',
  'docker compose up -d': 'is the first step of apps/e2e/lab: npm run test:compose',
} as const;

test('every command of the README is tried, here or in the Compose lab', () => {
  assert.deepEqual(commands.toSorted(), Object.keys(COVERED).toSorted());
});

interface Terminal {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** Runs one line as a person does, in a shell in the repository's folder, on a host of a made-up LAN. */
function type(host: LanHost, line: string, env: Record<string, string>, input = ''): Terminal {
  const child = host.run('sh', ['-c', `exec ${line}`], {
    cwd: root,
    // A group of its own, so that Ctrl-C reaches all of it, as in a terminal.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  child.stdin?.end(input);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (text += part.toString()));
  return { child, output: () => text };
}

async function end({ child }: Terminal): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = once(child, 'exit');
  process.kill(-(child.pid ?? 0), 'SIGINT');
  await gone;
}

async function untilReady(terminal: Terminal, pattern = /is ready/): Promise<string> {
  await waitFor(() => pattern.test(terminal.output()) || terminal.child.exitCode !== null, {
    what: 'the ready line',
    timeoutMs: 60_000,
  });
  assert.match(terminal.output(), pattern);
  return terminal.output();
}

/** Runs a line to its end, resolves with exit code and output. */
async function once0(
  host: LanHost,
  line: string,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const terminal = type(host, line, env);
  await once(terminal.child, 'close');
  return { code: terminal.child.exitCode, output: terminal.output() };
}

test('the README’s commands do what it says', { skip }, async (t) => {
  const lan = await createLan({ hosts: 2 });
  t.after(() => lan.close());
  const [host, other] = [lan.host(0), lan.host(1)];
  const env = { KITH_DATA: join(tempDirectory(t), 'data'), KITH_NAME: 'reader' };

  await t.test('kith --help, kith code', async () => {
    const help = await once0(host, 'npm run --silent kith -- --help', env);
    assert.equal(help.code, 0);
    for (const word of ['start', 'status', 'peers', 'search', 'doctor', 'share'])
      assert.match(help.output, new RegExp(`\\b${word}\\b`));
    const code = await once0(host, 'npm run --silent kith -- code', env);
    assert.equal(code.code, 0);
    assert.match(code.output, /(?:\b[a-z]{3,8}\b[ \n]+){11}\b[a-z]{3,8}\b/);
  });

  await t.test('npm start, then status, peers, search and doctor', async () => {
    const node = type(host, 'npm start', env);
    assert.match(await untilReady(node), /http:\/\/localhost:5805/);
    const page = await host.exec('curl', ['-s', 'http://localhost:5805/']);
    assert.match(page, /<title>Kith/);
    const status = await once0(host, 'npm run --silent kith -- status', env);
    assert.equal(status.code, 0, status.output);
    assert.match(status.output, /reader/);
    assert.ok((await once0(host, 'npm run --silent kith -- peers', env)).code !== null);
    const nothing = await once0(host, 'npm run --silent kith -- search water filter', env);
    assert.equal(nothing.code, 4, nothing.output);
    const doctor = await once0(host, 'npm run --silent kith -- doctor', env);
    assert.match(doctor.output, /5805/);
    await end(node);
  });

  await t.test('npm start -- --code, on two machines', async () => {
    const words = /(?:\b[a-z]{3,8}\b[ \n]+){11}\b[a-z]{3,8}\b/.exec(
      (await once0(host, 'npm run --silent kith -- code', env)).output,
    )?.[0];
    const line = 'npm start -- --code';
    const nodes = [
      type(host, line, env, words),
      type(other, line, { ...env, KITH_DATA: `${env.KITH_DATA}-2`, KITH_NAME: 'second' }, words),
    ];
    for (const node of nodes) await untilReady(node);
    await waitFor(async () => /trusted/.test((await once0(host, 'npm run --silent kith -- peers', env)).output), {
      what: 'the second to be trusted',
      timeoutMs: 20_000,
    });
    for (const node of nodes) await end(node);
  });

  await t.test(
    'npm start -- --upstream, with a stock nginx',
    { skip: skipUnless(hasBinary('nginx'), 'needs nginx') },
    async (sub) => {
      const folder = tempDirectory(sub);
      const conf = `daemon off; pid ${folder}/pid; error_log ${folder}/errors; events {}\nhttp { access_log off; server { listen 127.0.0.1:8080; location / { return 200 "hello $http_kith_role"; } } }\n`;
      writeFileSync(join(folder, 'nginx.conf'), conf);
      const nginx = host.run('nginx', ['-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
      const node = type(host, 'npm start -- --upstream http://127.0.0.1:8080', env);
      await untilReady(node);
      assert.equal(await host.exec('curl', ['-s', 'http://localhost:5805/']), 'hello owner');
      await end(node);
      nginx.kill();
    },
  );
});

test('npm run demo: three nodes, one search over them', async (t) => {
  const child = spawn('npm', ['run', 'demo'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, KITH_DEMO_PORT: '25700' },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part: Buffer) => (text += part.toString()));
  const terminal = { child, output: () => text };
  t.after(() => end(terminal));
  await waitFor(() => (text.match(/http:\/\/127\.0\.0\.\d+:\d+/g)?.length ?? 0) >= 3, {
    what: 'three pages to open',
    timeoutMs: 60_000,
  });
  const [, address = '', port = ''] = /http:\/\/(127\.0\.0\.\d+):(\d+)/.exec(text) ?? [];
  const owner = createOwnerClient({ host: address, port: Number(port) });
  const page = await waitFor(
    async () => {
      const found = await owner.search('water');
      return new Set(found.results.flatMap(({ holders }) => holders.map(({ name }) => name))).size >= 2 && found;
    },
    { what: 'a search over several nodes', timeoutMs: 20_000 },
  );
  assert.ok(page.results.length > 1);
});
