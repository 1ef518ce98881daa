import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { SEARCH_EVENT } from '@kith/wire';
import { command } from './command.ts';
import { fakeGateway } from './fake-gateway.ts';

test('a search that fails on its way says why', async (t) => {
  const body = { error: 'store_away', message: 'Redis does not answer: start it.' };
  const url = await fakeGateway(t, {}, (_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`event: ${SEARCH_EVENT.failed}\ndata: ${JSON.stringify(body)}\n\n`);
  });
  const words = ['search', 'water', '--json', '--stream'];
  const { code, stderr } = await command(words, { cwd: tempDirectory(t), env: { KITH_NODE: url } });
  assert.deepEqual([code, stderr], [1, 'Redis does not answer: start it.\n']);
});

test('the number of results is digits', async (t) => {
  for (const limit of ['0x10', '1e1', ' ', '101', '0']) {
    const { code, stderr } = await command(['search', 'water', '--limit', limit], { cwd: tempDirectory(t) });
    assert.equal(code, 2, limit);
    assert.match(stderr, /Accepted: a whole number from 1 to 100\./);
  }
});
