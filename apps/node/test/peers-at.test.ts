import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { type EventView, eventViewSchema } from '@kith/wire';
import { momentOf, peersAt } from '../src/commands/peers-at.ts';
import { command } from './command.ts';
import { fakeGateway, idOf, json } from './fake-gateway.ts';

const happened = (cursor: number, at: number, type: string, letter?: string): EventView =>
  eventViewSchema.parse({
    ...{ cursor: String(cursor), at, type, message: `${letter ?? 'something'}: ${type}` },
    ...(letter === undefined ? {} : { peer: idOf(letter) }),
  });
const day = [
  happened(1, 1_000, 'peer-found', 'a'),
  happened(2, 2_000, 'sweep'),
  happened(3, 3_000, 'peer-found', 'b'),
  happened(4, 4_000, 'peer-suspect', 'a'),
  happened(5, 5_000, 'peer-restarted', 'a'),
  happened(6, 6_000, 'peer-left', 'b'),
  happened(7, 7_000, 'peer-dead', 'a'),
  happened(8, 8_000, 'peer-alive', 'b'),
];

test('who was here: who had come and not gone', () => {
  const at = (ms: number) => peersAt(day, ms).map(({ peer, at: since }) => `${peer[0]} ${since}`);
  assert.deepEqual(at(999), []);
  assert.deepEqual(at(4_500), ['a 1000', 'b 3000']);
  assert.deepEqual(at(6_000), ['a 1000']);
  assert.deepEqual(at(7_999), []);
  assert.deepEqual(at(9_999), ['b 8000']);
});

test('a time of day is the last one of that time', () => {
  const now = new Date(2026, 10, 24, 9, 30);
  assert.equal(momentOf('9:30', now), now.getTime());
  assert.equal(momentOf('10:00', now), new Date(2026, 10, 23, 10, 0).getTime());
  assert.equal(momentOf('2026-11-20 10:00', now), new Date(2026, 10, 20, 10, 0).getTime());
  assert.throws(() => momentOf('at ten', now), /Accepted: a time of day/);
});

test('kith peers --at reads all pages of events', async (t) => {
  const asked: string[] = [];
  const many = Array.from({ length: 1_000 }, (_, n) => happened(100 + n, 9_000 + n, 'sweep'));
  const gateway = await fakeGateway(t, {}, (request: IncomingMessage, response: ServerResponse) => {
    const after = /^\/_kith\/events\?after=(\d+)&limit=1000$/.exec(request.url ?? '')?.[1] ?? '';
    asked.push(after);
    const all = [...day, ...many, happened(2_000, 20_000, 'peer-found', 'c')];
    json(response, { events: all.filter(({ cursor }) => Number(cursor) > Number(after)).slice(0, 1_000) });
  });
  const kith = (...words: string[]) => command(words, { cwd: tempDirectory(t), env: { KITH_NODE: gateway } });
  const then = await kith('peers', '--at', new Date(20_000).toISOString());
  assert.equal(then.code, 0, then.stderr);
  assert.match(then.stdout, /^1970-01-01 00:00:08Z +b: peer-alive\n1970-01-01 00:00:20Z +c: peer-found\n$/);
  assert.deepEqual(asked, ['0', '1091']);
  const parsed = JSON.parse((await kith('peers', '--at', new Date(6_500).toISOString(), '--json')).stdout);
  assert.deepEqual([parsed.at, parsed.peers.map(({ peer }: { peer: string }) => peer)], [6_500, [idOf('a')]]);
  assert.match((await kith('peers', '--at', new Date(500).toISOString())).stderr, /Nobody/);
  assert.equal((await kith('peers', '--at', 'ten')).code, 2);
});
