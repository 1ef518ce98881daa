import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { command } from './command.ts';
import { answer404, breakAfter, fakeGateway, type Handler, holder, serve, sha256 } from './fake-gateway.ts';

const bytes = randomBytes(4_000_000);
const hash = sha256(bytes);
const claim = { name: 'notes.txt', size: bytes.length, hash };

const get = (cwd: string, url: string, ...more: string[]) => command(['get', hash, '--node', url, ...more], { cwd });

test('the first holder that has it is asked, and the content is checked', async (t) => {
  const cwd = tempDirectory(t);
  const url = await fakeGateway(t, { b: answer404, c: holder(claim, serve(bytes)) });
  const { code, stdout } = await get(cwd, url, '--json');
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(stdout), { path: join(cwd, 'notes.txt'), hash, size: bytes.length, from: 'peer-c' });
  assert.equal(sha256(readFileSync(join(cwd, 'notes.txt'))), hash);
  assert.deepEqual(readdirSync(cwd), ['notes.txt']);
});

test('a transfer that breaks off goes on with the next holder from where it was', async (t) => {
  const cwd = tempDirectory(t);
  const ranges: (string | undefined)[] = [];
  const second = holder(
    claim,
    serve(bytes, (range) => ranges.push(range)),
  );
  const url = await fakeGateway(t, { b: holder(claim, breakAfter(bytes, 3_000_000)), c: second });
  assert.equal((await get(cwd, url)).code, 0);
  assert.equal(sha256(readFileSync(join(cwd, 'notes.txt'))), hash);
  assert.equal(ranges.length, 1);
  assert.match(ranges[0] ?? '', /^bytes=[1-9]\d*-$/);
});

test('a second command goes on with what the first one got', async (t) => {
  const cwd = tempDirectory(t);
  const broken = await get(cwd, await fakeGateway(t, { b: holder(claim, breakAfter(bytes, 3_000_000)) }));
  assert.equal(broken.code, 1);
  assert.match(broken.stderr, /peer-b broke off.*Run the command again/);
  const ranges: (string | undefined)[] = [];
  const url = await fakeGateway(t, {
    c: holder(
      claim,
      serve(bytes, (range) => ranges.push(range)),
    ),
  });
  assert.equal((await get(cwd, url)).code, 0);
  assert.match(ranges[0] ?? '', /^bytes=[1-9]\d*-$/);
});

test('a holder without ranges is asked for the whole', async (t) => {
  const cwd = tempDirectory(t);
  writeFileSync(join(cwd, `notes.txt.${hash.slice(0, 8)}.kith-part`), bytes.subarray(0, 1000));
  const url = await fakeGateway(t, { b: holder(claim, (_request, response) => response.end(bytes)) });
  assert.equal((await get(cwd, url)).code, 0);
  assert.equal(sha256(readFileSync(join(cwd, 'notes.txt'))), hash);
});

const wrong: Record<string, Handler> = {
  'other bytes': (_request, response) => response.end(randomBytes(bytes.length)),
  'more bytes than it said': (_request, response) => response.end(Buffer.concat([bytes, bytes])),
};
for (const [what, content] of Object.entries(wrong)) {
  test(`${what}: never taken for the document; an honest holder after it still counts`, async (t) => {
    const cwd = tempDirectory(t);
    const alone = await get(cwd, await fakeGateway(t, { b: holder(claim, content) }));
    assert.equal(alone.code, 1);
    assert.match(alone.stderr, /wrong content/);
    const url = await fakeGateway(t, { b: holder(claim, content), c: holder(claim, serve(bytes)) });
    assert.equal((await get(cwd, url)).code, 0);
    assert.equal(sha256(readFileSync(join(cwd, 'notes.txt'))), hash);
  });
}

test('an unfinished file with wrong bytes in it does not spoil the document for ever', async (t) => {
  const cwd = tempDirectory(t);
  writeFileSync(join(cwd, `notes.txt.${hash.slice(0, 8)}.kith-part`), randomBytes(5000));
  const url = await fakeGateway(t, { b: holder(claim, serve(bytes)) });
  assert.equal((await get(cwd, url)).code, 0);
});

test('the name that a peer gives cannot leave the folder', async (t) => {
  const cwd = tempDirectory(t);
  const url = await fakeGateway(t, { b: holder({ ...claim, name: '..\\..\\.ssh\\config' }, serve(bytes)) });
  assert.equal((await get(cwd, url)).code, 0);
  assert.deepEqual(readdirSync(cwd), ['_.._.ssh_config']);
});

test('a file that is there is replaced only with --force; -o takes a name or a folder', async (t) => {
  const cwd = tempDirectory(t);
  writeFileSync(join(cwd, 'notes.txt'), 'mine');
  const url = await fakeGateway(t, { b: holder(claim, serve(bytes)) });
  const refused = await get(cwd, url);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is there already: choose another name with -o, or replace it with --force/);
  assert.equal(readFileSync(join(cwd, 'notes.txt'), 'utf8'), 'mine');
  assert.equal((await get(cwd, url, '-o', 'other.txt')).code, 0);
  assert.equal((await get(cwd, url, '--force')).code, 0);
  assert.equal(sha256(readFileSync(join(cwd, 'notes.txt'))), hash);
  const folder = tempDirectory(t);
  assert.equal((await get(cwd, url, '-o', folder)).code, 0);
  assert.deepEqual(readdirSync(folder), ['notes.txt']);
  assert.match((await get(cwd, url, '-o', 'none/notes.txt')).stderr, /There is no folder .*none: make it first/);
});

test('an empty document is one, too', async (t) => {
  const cwd = tempDirectory(t);
  const empty = sha256('');
  const url = await fakeGateway(t, {
    b: holder({ name: 'e.txt', size: 0, hash: empty }, (_q, response) => response.end()),
  });
  const { code } = await command(['get', empty, '--node', url], { cwd });
  assert.deepEqual([code, readFileSync(join(cwd, 'e.txt')).length], [0, 0]);
});

test('nobody has it: exit code 4, and who was asked', async (t) => {
  const cwd = tempDirectory(t);
  const ended = await get(cwd, await fakeGateway(t, { b: answer404 }));
  assert.equal(ended.code, 4);
  assert.match(ended.stderr, /No node that can be asked now has this document \(asked: this node, peer-b\)/);
  const number = await command(['get', '3', '--node', 'http://127.0.0.1:1'], { cwd });
  assert.equal(number.code, 4);
  assert.equal((await command(['get', '../x', '--node', 'http://127.0.0.1:1'], { cwd })).code, 2);
});

test('a disk with too little room is told before anything is fetched', async (t) => {
  const cwd = tempDirectory(t);
  const huge = holder({ ...claim, size: Number.MAX_SAFE_INTEGER - 1 }, serve(bytes));
  const ended = await get(cwd, await fakeGateway(t, { b: huge }));
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /has room for .* the document has/);
});
