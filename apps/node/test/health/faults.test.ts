import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { hasBinary, isRoot, skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { documentPageSchema, errorBodySchema, exchangeStatusSchema, type NodeFault, uploadedSchema } from '@kith/wire';
import { address, ended, nodeEnv, type RunningNode, runningNode } from '../running-node.ts';

const OPERATIONS = '25809';
const onLinux = process.platform === 'linux';
/** A node looks after itself every ten seconds; on a busy machine that takes longer. */
const LONG = { timeoutMs: 120_000 };

async function readiness(host: number): Promise<{ status: number; error?: string; message?: string }> {
  const answer = await fetch(`http://${address(host)}:${OPERATIONS}/readyz`);
  const body = errorBodySchema.partial().parse(await answer.json());
  return { status: answer.status, ...body } as { status: number; error?: string; message?: string };
}

const statusOf = async ({ url }: RunningNode) =>
  exchangeStatusSchema.parse(await (await fetch(`${url}/api/status`)).json());

const post = (node: RunningNode, title: string) =>
  fetch(`${node.url}/api/documents`, {
    method: 'POST',
    body: JSON.stringify({ title, text: `water ${title}` }),
    headers: { 'content-type': 'application/json' },
  });

/** Not ready, in the status and with the doctor, each with the reason and what to do. */
async function assertUnwell(node: RunningNode, host: number, data: string, code: NodeFault['code'], name: string) {
  await waitFor(async () => (await readiness(host)).error === code, { what: `${code} in /readyz`, ...LONG });
  const fault = (await statusOf(node)).faults?.find((one) => one.code === code);
  assert.ok(fault, `${code} in the status`);
  const { status, message } = await readiness(host);
  assert.equal(status, 503);
  assert.ok(message?.includes(fault.message) && message.includes(fault.remedy), message);
  const env = { ...nodeEnv({ host, data }), KITH_NODE: node.url };
  const doctor = await ended(['doctor'], env);
  assert.equal(doctor.code, 1);
  assert.match(doctor.stdout, new RegExp(`^FAILED +${name} .*\n +${fault.remedy.slice(0, 20)}`, 'm'));
}

const assertWell = (host: number) =>
  waitFor(async () => (await readiness(host)).status === 200, { what: 'the node to be ready again', ...LONG });

const eventsOf = async (node: RunningNode, type: string) => {
  const { events } = (await (await fetch(`${node.url}/_kith/events?limit=1000`)).json()) as {
    events: { type: string; data?: { code?: string } }[];
  };
  return events.filter((one) => one.type === type).map(({ data }) => data?.code);
};

function start(t: TestContext, host: number, data: string, env: Record<string, string> = {}): Promise<RunningNode> {
  return runningNode(t, { host, data, env: { KITH_OPERATIONS_PORT: OPERATIONS, ...env } });
}

/** A small disk of the test's own; returns its folder, and what fills it to the last byte and frees it again. */
function smallDisk(t: TestContext) {
  let mounted: string | undefined;
  // Hooks run in the order in which they are given: first unmounted, then removed.
  t.after(() => mounted && execFileSync('umount', ['-l', mounted]));
  const folder = join(tempDirectory(t), 'disk');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', folder]);
  mounted = folder;
  const filler = join(folder, 'filler');
  let count = 0;
  return {
    data: join(folder, 'data'),
    fill: () => {
      const script = `dd if=/dev/zero of=${filler}-${count++} bs=64k 2>/dev/null; dd if=/dev/zero of=${filler}-${count++} bs=1 2>/dev/null; true`;
      execFileSync('sh', ['-c', script]);
    },
    free: () => {
      for (let one = 0; one < count; one += 1) rmSync(`${filler}-${one}`, { force: true });
    },
  };
}

test(
  'a full disk: said with its remedy; the owner deletes and unshares; the node starts, serves, and is well again with room',
  { skip: skipUnless(isRoot() && onLinux, 'needs root on Linux, to mount a small disk'), timeout: 600_000 },
  async (t) => {
    const [disk, folder, host] = [smallDisk(t), tempDirectory(t), 51];
    writeFileSync(join(folder, 'shared.txt'), 'water of the folder');
    const first = await start(t, host, disk.data, { KITH_SHARE: folder });
    for (const title of ['one', 'two']) assert.equal((await post(first, title)).status, 201);
    await waitFor(async () => (await statusOf(first)).documents === 3, { what: 'three documents', ...LONG });
    await waitFor(() => existsSync(join(disk.data, 'room-kept-free')), { what: 'the room that is kept', ...LONG });
    disk.fill();
    await assertUnwell(first, host, disk.data, 'disk_full', 'disk');
    assert.equal((await post(first, 'three')).status, 507);

    await first.end('SIGTERM');
    disk.fill();
    const node = await start(t, host, disk.data, { KITH_SHARE: folder });
    disk.fill();
    const listed = documentPageSchema.parse(await (await fetch(`${node.url}/api/documents`)).json());
    assert.equal(listed.total, 3);
    const search = await ended(['search', 'water', '--json'], {
      ...nodeEnv({ host, data: disk.data }),
      KITH_NODE: node.url,
    });
    assert.equal(search.code, 0, search.stderr);

    for (const { hash, title } of listed.documents) {
      if (title !== 'one' && title !== 'two') continue;
      const gone = await fetch(`${node.url}/api/documents/${hash}`, { method: 'DELETE' });
      assert.equal(gone.status, 204, await gone.text());
    }
    const shares = (await (await fetch(`${node.url}/api/shares`)).json()) as { shares: { id: string }[] };
    for (const { id } of shares.shares) {
      const gone = await fetch(`${node.url}/api/shares/${id}`, { method: 'DELETE' });
      assert.equal(gone.status, 204, await gone.text());
    }
    assert.equal((await statusOf(node)).documents, 0);
    disk.free();
    await assertWell(host);
    const again = uploadedSchema.parse(await (await post(node, 'four')).json());
    assert.equal(again.documents.length, 1);
    await waitFor(async () => (await eventsOf(node, 'node-well')).length === 1, { what: 'one event', ...LONG });
    assert.deepEqual(await eventsOf(node, 'node-well'), ['disk_full']);
  },
);

test(
  'a data folder that is gone is said, and is well when it is back',
  { skip: skipUnless(onLinux, 'needs Linux'), timeout: 600_000 },
  async (t) => {
    const [folder, host] = [tempDirectory(t), 52];
    const data = join(folder, 'data');
    const node = await start(t, host, data);
    await assertWell(host);
    renameSync(data, join(folder, 'moved'));
    await assertUnwell(node, host, data, 'data_folder_gone', 'data folder');
    // Another folder in its place is not it.
    mkdirSync(data);
    assert.equal((await readiness(host)).error, 'data_folder_gone');
    rmSync(data, { recursive: true });
    renameSync(join(folder, 'moved'), data);
    await assertWell(host);
  },
);

const canPreload = onLinux && hasBinary('cc');

test(
  'a disk that fails, and one that became read-only, are told apart; one event for each',
  { skip: skipUnless(canPreload, 'needs Linux and a C compiler, to make a disk fail'), timeout: 600_000 },
  async (t) => {
    const [folder, host] = [tempDirectory(t), 53];
    const [library, fault, data] = [join(folder, 'fault.so'), join(folder, 'fault'), join(folder, 'data')];
    execFileSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, join(import.meta.dirname, 'failing-disk.c'), '-ldl']);
    const node = await start(t, host, data, { LD_PRELOAD: library, KITH_TEST_FAULT: fault });
    await assertWell(host);
    writeFileSync(fault, 'eio');
    // Something that fails makes it look at once.
    assert.ok((await post(node, 'lost')).status >= 500);
    await assertUnwell(node, host, data, 'disk_failing', 'disk');
    rmSync(fault);
    await assertWell(host);
    writeFileSync(fault, 'readonly');
    assert.ok((await post(node, 'lost')).status >= 500);
    await assertUnwell(node, host, data, 'data_folder_read_only', 'data folder');
    rmSync(fault);
    await assertWell(host);
    const wanted = ['disk_failing', 'data_folder_read_only'];
    await waitFor(async () => (await eventsOf(node, 'node-well')).length === 2, { what: 'both to be mended', ...LONG });
    assert.deepEqual(await eventsOf(node, 'node-unwell'), wanted);
    assert.deepEqual(await eventsOf(node, 'node-well'), wanted);
  },
);

test(
  'too few open files are said before nothing works any more',
  { skip: skipUnless(onLinux && hasBinary('prlimit'), 'needs prlimit'), timeout: 600_000 },
  async (t) => {
    const [data, host] = [join(tempDirectory(t), 'data'), 54];
    const node = await start(t, host, data);
    await assertWell(host);
    const limit = (files: string) => execFileSync('prlimit', [`--pid=${node.pid}`, `--nofile=${files}`]);
    limit('56:4096');
    await assertUnwell(node, host, data, 'too_few_descriptors', 'open files');
    limit('4096:4096');
    await assertWell(host);
  },
);
