import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { HOSTILE_NAMES, openHostile, waitFor } from '../src/index.ts';

const reply = JSON.stringify({ protocol: 1, name: 'Ana', signature: 'QUJD' });

/** What comes within `ms` or until `bytes` are there; `code` where the connection broke. */
async function say(port: number, { ms = 300, bytes = 1 << 20 } = {}) {
  const socket = connect({ host: '127.0.0.1', port });
  const chunks: Buffer[] = [];
  let size = 0;
  let code = '';
  socket.on('connect', () => socket.write('GET /?nonce=1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n'));
  socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= bytes) socket.destroy();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code ?? '';
  });
  const timer = setTimeout(() => socket.destroy(), ms);
  let isOver = false;
  socket.on('end', () => {
    isOver = true;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(timer);
  const whole = Buffer.concat(chunks);
  const at = whole.indexOf('\r\n\r\n');
  return {
    head: whole.subarray(0, at).toString(),
    body: whole.subarray(at + 4),
    text: whole.toString('latin1'),
    size,
    code,
    isOver,
  };
}

type Said = Awaited<ReturnType<typeof say>>;
const expected: Record<string, (said: Said) => void> = {
  refuses: ({ code }) => assert.equal(code, 'ECONNREFUSED'),
  silence: ({ size, isOver, code }) => assert.deepEqual({ size, isOver, code }, { size: 0, isOver: false, code: '' }),
  resets: ({ code }) => assert.equal(code, 'ECONNRESET'),
  'hangs-up': ({ size, isOver }) => assert.deepEqual({ size, isOver }, { size: 0, isOver: true }),
  'slow-drip': ({ size, isOver }) => assert.ok(size >= 1 && size < 10 && !isOver),
  'endless-headers': ({ size }) => assert.ok(size >= 1 << 20),
  'not-http': ({ text }) => assert.match(text, /^SSH-/),
  'vnc-html': ({ text }) => assert.match(text, /text\/html[\s\S]*vncviewer/),
  'endless-body': ({ size }) => assert.ok(size >= 1 << 20),
  'gigabyte-length': ({ head, isOver }) => assert.ok(/content-length: 1073741824/.test(head) && !isOver),
  'slow-body': ({ head, isOver }) => assert.ok(/200 OK/.test(head) && !isOver),
  redirect: ({ head }) => assert.match(head, /302[\s\S]*location: \/elsewhere/),
  'gzip-bomb': ({ body }) => assert.equal(gunzipSync(body).length, 64 << 20),
  'wrong-content-type': ({ head }) => assert.match(head, /text\/plain/),
  'invalid-json': ({ body }) => assert.throws(() => JSON.parse(body.toString())),
  'not-an-object': ({ body }) => assert.deepEqual(JSON.parse(body.toString()), [null]),
  'huge-json': ({ body }) => assert.ok(JSON.parse(body.toString()).name.length === 8 << 20),
  'deep-json': ({ body }) => assert.equal(body.length, 4000),
  'server-error': ({ head }) => assert.match(head, /^HTTP\/1.1 500/),
  'wrong-signature': ({ body }) =>
    assert.deepEqual(JSON.parse(body.toString()), { ...JSON.parse(reply), signature: 'AUJD' }),
  replays: ({ body }) => assert.equal(body.toString(), reply),
  relays: ({ body }) => assert.equal(body.toString(), reply),
};

for (const name of HOSTILE_NAMES) {
  test(`hostile: ${name}`, async (t) => {
    const genuine = await openHostile({ name: 'replays', host: '127.0.0.1', port: 0, reply });
    t.after(() => genuine.close());
    const relayTo = `http://127.0.0.1:${genuine.port}`;
    const hostile = await openHostile({ name, host: '127.0.0.1', port: 0, reply, relayTo });
    t.after(() => hostile.close());
    const isSlow = name === 'slow-drip';
    const isLarge = ['huge-json', 'gzip-bomb'].includes(name);
    const said = await say(hostile.port, isSlow ? { ms: 700 } : isLarge ? { ms: 5000, bytes: 16 << 20 } : {});
    const check = expected[name];
    assert.ok(check, `what ${name} does is not tested`);
    check(said);
    if (name !== 'refuses') assert.equal(hostile.connections, 1);
  });
}

test('a hostile server runs as a program, and a wrong name tells the right ones', async (t) => {
  const main = join(import.meta.dirname, '../src/hostile-main.ts');
  const child = spawn(process.execPath, [main, 'vnc-html', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const port = await waitFor(() => /ready (\d+)/.exec(text)?.[1], { what: 'the program to be ready' });
  assert.match((await say(Number(port))).text, /vncviewer/);
  await assert.rejects(openHostile({ name: 'kind', host: '127.0.0.1', port: 0 }), /vnc-html/);
});
