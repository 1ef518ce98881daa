import assert from 'node:assert/strict';
import { appendFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AuditTrail, readAudit, silentLog } from '@kith/service';
import { createFakeClock, tempDirectory } from '@kith/testing';
import { nodeIdSchema } from '@kith/wire';

const peer = (letter: string) => nodeIdSchema.parse(letter.repeat(52));
const HOUR_MS = 3_600_000;

function trailOf(t: TestContext, dataDirectory = tempDirectory(t)) {
  const clock = createFakeClock();
  const trail = new AuditTrail({ dataDirectory, level: 'on', clock, log: silentLog });
  return { clock, trail, dataDirectory, read: () => readAudit(dataDirectory) };
}
const sizeOf = (data: string) =>
  readdirSync(join(data, 'audit')).reduce((sum, name) => sum + statSync(join(data, 'audit', name)).size, 0);

test('strangers under any number of names push nothing of the owner’s out, and fill no disk', async (t) => {
  const { clock, trail, dataDirectory, read } = trailOf(t);
  trail.note({ kind: 'security', what: 'peer-trusted', peer: peer('b'), text: 'Bob is trusted now.' });
  trail.note({ kind: 'use', what: 'fetched', peer: peer('b'), text: 'a.txt' });
  const text = 'GET /'.padEnd(200, 'x');
  // Thirty days in which 10,000 addresses call in every hour.
  for (let hour = 0; hour < 720; hour++) {
    for (let i = 0; i < 10_000; i += hour < 3 ? 1 : 20) {
      trail.note({ kind: 'refused', what: 'stranger', address: `10.${hour % 250}.${i >> 8}.${i & 255}`, text });
    }
    await trail.stop();
    await clock.advance(HOUR_MS);
  }
  const entries = await read();
  const of = (kind: string) => entries.filter((entry) => entry.kind === kind);
  assert.deepEqual(
    [of('security').map((one) => one.text), of('use').map((one) => one.text)],
    [['Bob is trusted now.'], ['a.txt']],
  );
  assert.ok(of('refused').length > 1_000);
  assert.ok(of('refused').some(({ what, count }) => what === 'more' && count === 200));
  assert.ok(sizeOf(dataDirectory) < 2 << 20, `${sizeOf(dataDirectory)} bytes`);
});

test('a trusted peer that asks all day does not push another’s entries out of the same hours', async (t) => {
  const { clock, trail, read } = trailOf(t);
  for (let hour = 0; hour < 24; hour++) {
    trail.note({ kind: 'use', what: 'fetched', peer: peer('b'), text: `${hour}.txt` });
    for (let i = 0; i < 3_000; i++)
      trail.note({ kind: 'use', what: 'fetched', peer: peer('c'), text: `${hour} ${i}`.padEnd(200, 'x') });
    await trail.stop();
    await clock.advance(HOUR_MS);
  }
  const entries = await read();
  assert.equal(entries.filter((entry) => entry.peer === peer('b')).length, 24);
  const counted = entries.filter((entry) => entry.peer === peer('c') && entry.what === 'more');
  assert.equal(counted.length, 24);
  assert.equal(counted[0]?.count, 2_700);
});

test('what others write is one line of plain text', async (t) => {
  const { trail, dataDirectory, read } = trailOf(t);
  const text = '\u001b[2J\u001b]0;owned\u0007a\nb\u2028c \u202egnp.exe\ud800 <script>'.padEnd(900, 'y');
  trail.note({ kind: 'use', what: 'searched', peer: peer('b'), text });
  await trail.stop();
  const [entry] = await read();
  assert.match(entry?.text ?? '', /^\[2J \]0;owned a b c +gnp\.exe +<script>y+$/);
  assert.ok((entry?.text?.length ?? 0) <= 200);
  assert.equal(readdirSync(join(dataDirectory, 'audit')).length, 1);
});

test('half a line and what a hand has written are left out; the rest is read', async (t) => {
  const { trail, dataDirectory, read } = trailOf(t);
  trail.note({ kind: 'use', what: 'listed', peer: peer('b') });
  await trail.stop();
  const folder = join(dataDirectory, 'audit');
  appendFileSync(join(folder, readdirSync(folder)[0] ?? ''), '{"at":5,"kind":"use","wh');
  writeFileSync(
    join(folder, 'use-00000000000001-00000000.jsonl'),
    'null\n{}\n[[[\n{"at":1,"kind":"use","what":"x","count":1}\n',
  );
  writeFileSync(join(folder, 'notes.txt'), 'mine');
  assert.deepEqual(
    (await read()).map(({ what }) => what),
    ['listed', 'x'],
  );
});

test('a disk that takes nothing stops no request, and what comes later is written', async (t) => {
  const { trail, dataDirectory, read } = trailOf(t);
  writeFileSync(join(dataDirectory, 'audit'), 'in the way');
  trail.note({ kind: 'use', what: 'listed', peer: peer('b') });
  await trail.stop();
  assert.deepEqual(await read(), []);
});
