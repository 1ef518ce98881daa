import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEvents } from '../src/http/read-events.ts';
import { createSseParser, EVENT_MAX_LENGTH, type ServerEvent } from '../src/http/sse-parser.ts';

const STREAM =
  '\uFEFF: hello\n\nevent: results\ndata: {"a":1}\n\nid: 7\r\ndata: one\r\ndata:two\r\n\r\nretry: 10\rdata\r\rdata: lost';
const EVENTS: ServerEvent[] = [
  { type: 'results', data: '{"a":1}', id: '' },
  { type: 'message', data: 'one\ntwo', id: '7' },
  { type: 'message', data: '', id: '7' },
];

test('events are the same however the stream is cut', () => {
  for (let size = 1; size <= STREAM.length; size++) {
    const parser = createSseParser();
    const events: ServerEvent[] = [];
    for (let from = 0; from < STREAM.length; from += size) events.push(...parser.push(STREAM.slice(from, from + size)));
    assert.deepEqual(events, EVENTS, `pieces of ${size}`);
  }
});

test('an event that never ends is refused, whether in one line or in many', () => {
  const line = createSseParser();
  line.push('data: ');
  assert.throws(() => line.push('x'.repeat(EVENT_MAX_LENGTH + 1)), RangeError);
  const lines = createSseParser();
  const piece = `data: ${'x'.repeat(1_000_000)}\n`;
  assert.throws(() => {
    for (let i = 0; i < 20; i++) lines.push(piece);
  }, RangeError);
});

test('a body of bytes is decoded across pieces, and given back when the reader stops', async () => {
  const bytes = new TextEncoder().encode('data: für 鷺\n\ndata: second\n\n');
  let cancelled = false;
  let at = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(bytes.slice(at, ++at));
    },
    cancel() {
      cancelled = true;
    },
  });
  for await (const { data } of readEvents(body)) {
    assert.equal(data, 'für 鷺');
    break;
  }
  assert.equal(cancelled, true);
});
