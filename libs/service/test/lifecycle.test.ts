import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Startable, startInOrder } from '../src/index.ts';

function parts(log: string[], names: string[], faults: Record<string, 'start' | 'stop'> = {}): Startable[] {
  return names.map((name) => ({
    name,
    start: async () => {
      log.push(`start ${name}`);
      if (faults[name] === 'start') throw new Error(`${name} cannot start`);
    },
    stop: async () => {
      log.push(`stop ${name}`);
      if (faults[name] === 'stop') throw new Error(`${name} cannot stop`);
    },
  }));
}

test('parts start in order and stop in reverse, once', async () => {
  const log: string[] = [];
  const running = await startInOrder(parts(log, ['a', 'b', 'c']));
  await Promise.all([running.stop(), running.stop()]);
  assert.deepEqual(log, ['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
});

test('a failed start undoes what was started, its own half too, and throws its own error', async () => {
  const log: string[] = [];
  await assert.rejects(startInOrder(parts(log, ['a', 'b', 'c'], { b: 'start' })), /b cannot start/);
  assert.deepEqual(log, ['start a', 'start b', 'stop b', 'stop a']);
});

test('a stop that throws does not keep the others from stopping', async () => {
  const log: string[] = [];
  const running = await startInOrder(parts(log, ['a', 'b'], { b: 'stop' }));
  await assert.rejects(running.stop(), AggregateError);
  assert.deepEqual(log.slice(2), ['stop b', 'stop a']);
});
