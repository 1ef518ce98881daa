import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hasBinary, skipUnless, waitFor } from '@kith/testing';
import { openSeparateNode, type SeparateNode } from '../src/nodes/separate-node.ts';
import { root } from '../src/texts/repository.ts';

const [elasticsearch = ''] = (process.env.KITH_TEST_ELASTICSEARCH_URL ?? '').split(',');
const skip =
  skipUnless(hasBinary('redis-server'), 'needs redis-server') ||
  skipUnless(elasticsearch !== '', 'needs Elasticsearch: KITH_TEST_ELASTICSEARCH_URL');

interface Checked {
  readonly exitCode: number;
  /** Verdicts by name of the check; the worst where there are several. */
  verdict(name: string): string | undefined;
  /** What was seen and what to do, of every check of this name. */
  text(name: string): string;
}

/** `kith doctor` as the container of the command line calls it. */
function doctor(node: SeparateNode): Promise<Checked> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: node.folder,
    KITH_DATA: join(node.folder, 'data'),
    KITH_NODE: `http://${node.address}:5805`,
    KITH_COMMAND: 'docker compose run --rm kith',
  };
  return new Promise((resolve, reject) => {
    const main = join(root, 'apps/node/src/main.ts');
    execFile(process.execPath, [main, 'doctor', '--json'], { env }, (error, stdout, stderr) => {
      if (stdout === '') return reject(new Error(stderr, { cause: error }));
      const { checks } = JSON.parse(stdout) as {
        checks: { name: string; verdict: string; detail: string; remedy?: string }[];
      };
      const named = (name: string) => checks.filter((one) => one.name === name);
      resolve({
        exitCode: error === null ? 0 : Number(error.code),
        verdict: (name) => (named(name).find(({ verdict }) => verdict !== 'ok') ?? named(name)[0])?.verdict,
        text: (name) =>
          named(name)
            .map(({ detail, remedy = '' }) => `${detail} → ${remedy}`)
            .join('\n'),
      });
    });
  });
}

/** A door to Elasticsearch that can be shut. */
async function openDoor(t: TestContext) {
  const { hostname, port } = new URL(elasticsearch);
  const sockets = new Set<Socket>();
  let isOpen = true;
  const server: Server = createServer((socket) => {
    if (!isOpen) return void socket.destroy();
    const onward = connect(Number(port || 80), hostname);
    for (const one of [socket, onward]) sockets.add(one.on('error', () => {}).on('close', () => sockets.delete(one)));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const shut = () => {
    isOpen = false;
    for (const one of sockets) one.destroy();
  };
  t.after(() => {
    shut();
    server.close();
  });
  const at = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${at.port}`,
    shut,
    open: () => {
      isOpen = true;
    },
  };
}

test('kith doctor names each part that is missing, and what to type', { skip }, async (t) => {
  const door = await openDoor(t);
  const node = await openSeparateNode({ elasticsearch, env: { KITH_ELASTICSEARCH_URL: door.url } });
  t.after(() => node.close());
  const [, pingback, scanner, exchange] = await Promise.all(
    (['gateway', 'pingback', 'scanner', 'exchange'] as const).map((app) => node.start(app)),
  );
  const owner = node.owner();
  await waitFor(() => owner.post('lamps', 'Lamps burn oil.').catch(() => undefined), { what: 'the exchange' });
  const seen = (what: string, isSo: (checked: Checked) => boolean) =>
    waitFor(
      async () => {
        const checked = await doctor(node);
        return isSo(checked) && checked;
      },
      { what, timeoutMs: 20_000 },
    );

  const well = await seen('all to be well', ({ exitCode }) => exitCode === 0);
  for (const part of ['gateway', 'pingback', 'scanner', 'index', 'documents', 'clock'])
    assert.equal(well.verdict(part), 'ok', `${part}: ${well.text(part)}`);
  assert.match(well.text('index'), /^Elasticsearch, 2 of 2 shards/);

  const block = (value: boolean | null) =>
    fetch(`${elasticsearch}/${node.prefix}-documents/_settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ 'index.blocks.read_only_allow_delete': value }),
    });
  assert.equal((await block(true)).status, 200);
  const full = await seen('the full disk', ({ verdict }) => verdict('index disk') === 'failed');
  assert.match(full.text('index disk'), /too full.*Make room.*docker system df/);
  assert.deepEqual([full.exitCode, full.verdict('index'), full.verdict('documents')], [1, 'ok', 'ok']);
  const refused = await owner.ask('/api/documents', { method: 'POST', body: { title: 'more', text: 'more' } });
  assert.equal(refused.status, 507);
  await block(null);
  await seen('the room', ({ exitCode }) => exitCode === 0);

  door.shut();
  const away = await seen('Elasticsearch to be away', ({ verdict }) => verdict('index') === 'failed');
  assert.match(away.text('index'), /not reached.*docker compose up -d elasticsearch/);
  assert.equal(away.verdict('documents'), 'skipped');
  door.open();
  await seen('Elasticsearch to be back', ({ exitCode }) => exitCode === 0);

  await Promise.all([pingback?.kill(), scanner?.kill(), exchange?.kill()]);
  const gone = await seen('the exchange to be gone', ({ verdict }) => verdict('documents') === 'failed');
  for (const [check, service] of [
    ['pingback', 'pingback'],
    ['scanner', 'scanner'],
    ['documents', 'exchange'],
  ] as const)
    assert.match(gone.text(check), new RegExp(`docker compose up -d ${service} .*logs ${service}`), check);

  await Promise.all([node.start('pingback'), node.start('scanner'), node.start('exchange')]);
  await seen('all to be well again', ({ exitCode }) => exitCode === 0);
  await node.redis.kill();
  const lost = await seen('Redis to be gone', ({ verdict }) => verdict('peer store') === 'failed');
  assert.match(lost.text('peer store'), /Redis cannot be reached.*docker compose up -d redis/);
  assert.deepEqual([lost.exitCode, lost.verdict('pingback'), lost.verdict('index')], [1, 'ok', 'ok']);
  assert.match(lost.text('scanner'), /cannot do all of its work \(store_away\)/);
});
