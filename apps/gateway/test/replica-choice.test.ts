import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, chooseReplica } from '../src/hops/replica-choice.ts';
import { replicaOriginSchema } from '../src/hops/replica-origin.ts';

const replica = (id: string, other: Partial<Candidate> = {}) => ({
  id,
  ...{ isListed: true, isDown: false, underWay: 0, chosenAt: 0 },
  ...other,
});
const none: ReadonlySet<ReturnType<typeof replica>> = new Set();

test('the least busy is chosen, and of equals the one that was chosen longest ago', () => {
  const all = [replica('a', { underWay: 2 }), replica('b', { chosenAt: 7 }), replica('c', { chosenAt: 3 })];
  assert.equal(chooseReplica(all, none)?.id, 'c');
});

test('one that is well comes before any other; one that is off the list before one that is down; tried ones never', () => {
  const down = replica('down', { isDown: true });
  const gone = replica('gone', { isListed: false });
  const busy = replica('busy', { underWay: 60 });
  const tried = new Set<ReturnType<typeof replica>>();
  const order: (string | undefined)[] = [];
  for (let n = 0; n < 4; n += 1) {
    const chosen = chooseReplica([down, gone, busy], tried);
    order.push(chosen?.id);
    if (chosen) tried.add(chosen);
  }
  assert.deepEqual(order, ['busy', 'gone', 'down', undefined]);
});

test('an address from the registry is taken only where it is an http origin on a private or loopback address', () => {
  for (const good of [
    'http://172.18.0.5:5810',
    'http://127.0.0.1:5810/',
    'http://[fd00::5]:5810',
    'http://10.0.0.1:1',
  ]) {
    assert.ok(replicaOriginSchema.safeParse(good).success, good);
  }
  for (const bad of [
    'https://172.18.0.5:5810',
    'http://8.8.8.8:5810',
    'http://exchange:5810',
    'http://localhost:5810',
    'http://172.18.0.5',
    'http://172.18.0.5:5810/api',
    'http://172.18.0.5:5810/?x',
    'http://user@172.18.0.5:5810',
    'http://169.254.169.254:5810',
    'http://[::ffff:8.8.8.8]:5810',
    'http://0.0.0.0:5810',
    'file:///etc/passwd',
    'http://',
    '',
  ]) {
    assert.ok(!replicaOriginSchema.safeParse(bad).success, bad);
  }
});
