import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHttpServer, silentLog, systemClock } from '@kith/service';
import { waitFor } from '@kith/testing';
import type { Share } from '@kith/wire';
import { createEventStreams } from '../../src/http/event-stream.ts';
import { eventRoutes } from '../../src/http/routes/events.ts';

const share = (files: number): Share => ({ id: '1', path: '/a', files, failed: 0, state: 'watching' });

test('a slow answer of before is never told after a quick one of later', async (t) => {
  const streams = createEventStreams({ clock: systemClock });
  let onChange = () => {};
  const answers: ((shares: Share[]) => void)[] = [];
  const changes = {
    documents: () => undefined,
    folders: () => undefined,
    follow: (listener: () => void) => {
      onChange = listener;
      return () => {};
    },
  };
  const shares = { list: () => new Promise<Share[]>((resolve) => answers.push(resolve)) };
  const app = createHttpServer({ log: silentLog });
  await app.register(eventRoutes, { changes, shares, streams } as never);
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.after(async () => {
    streams.closeAll();
    await app.close();
  });
  const address = app.server.address() as { port: number };
  const answer = await fetch(`http://127.0.0.1:${address.port}/api/events`);
  let text = '';
  const reading = (async () => {
    for await (const part of answer.body ?? []) text += new TextDecoder().decode(part);
  })().catch(() => {});

  await waitFor(() => answers.length === 1, { what: 'the first question' });
  onChange();
  onChange();
  // Where two ran at once, the second question would be here already, and be answered first.
  answers[1]?.([share(2)]);
  answers[0]?.([share(1)]);
  await waitFor(() => answers.length === 2, { what: 'the second question' });
  answers[1]?.([share(2)]);
  await waitFor(() => text.split('event: shares').length === 3, { what: 'both answers' });
  assert.deepEqual(
    [...text.matchAll(/"files":(\d)/g)].map((found) => found[1]),
    ['1', '2'],
  );
  assert.equal(answers.length, 2);
  streams.closeAll();
  await reading;
});
