import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutAnywhere, fuzz, makeEventStream } from '@kith/testing';
import { readEvents } from '../src/http/read-events.ts';
import { createSseParser, EVENT_MAX_LENGTH, type ServerEvent } from '../src/http/sse-parser.ts';

test('whatever a stream of events holds and however it is cut, the page reads the same events or none', async (t) => {
  await fuzz(t, 'the same events however the stream was cut, none longer than the bound', {
    cases: 20_000,
    make: (random) => {
      const bytes = makeEventStream(random);
      return { bytes, pieces: cutAnywhere(random, bytes, 12) };
    },
    check: async ({ bytes, pieces }) => {
      const whole = await eventsOf([bytes]);
      assert.deepEqual(await eventsOf(pieces), whole);
      for (const { type, data, id } of whole) {
        assert.ok(type !== '' && data.length <= bytes.length && !id.includes('\0'));
        assert.doesNotMatch(type + id, /[\r\n]/);
      }
    },
  });
});

test('an event of endless empty lines is refused like any other that never ends', () => {
  const parser = createSseParser();
  const piece = 'data\n'.repeat(1_000_000);
  assert.throws(() => {
    for (let i = 0; i * 1_000_000 <= EVENT_MAX_LENGTH; i++) parser.push(piece);
  }, RangeError);
});

async function eventsOf(pieces: readonly Uint8Array[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece);
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of readEvents(body)) events.push(event);
  return events;
}
