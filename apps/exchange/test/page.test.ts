import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempDirectory } from '@kith/testing';
import { asPeer, startExchange } from './running-exchange.ts';

test('the built page is served with a strict policy, its assets for ever', async (t) => {
  const directory = tempDirectory(t);
  mkdirSync(join(directory, 'assets'));
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Kith</title>');
  writeFileSync(join(directory, 'assets/index-abc123.js'), 'export {}');
  writeFileSync(join(directory, 'kith.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(directory, '.hidden.txt'), 'hidden');
  const node = await startExchange(t, { env: { KITH_PAGE: directory } });
  const html = { accept: 'text/html' };
  for (const path of ['/', '/peers-page', '/index.html']) {
    for (const who of [{}, asPeer()]) {
      const answer = await node.ask(path, { headers: { ...html, ...who } });
      assert.equal(await answer.text(), '<!doctype html><title>Kith</title>', path);
      const policy = answer.headers.get('content-security-policy') ?? '';
      assert.match(policy, /script-src 'self';/);
      assert.doesNotMatch(policy, /unsafe/);
      assert.equal(answer.headers.get('cache-control'), 'no-cache');
    }
  }
  const script = await node.ask('/assets/index-abc123.js');
  assert.equal(script.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.match(script.headers.get('content-type') ?? '', /^(text|application)\/javascript/);
  assert.equal((await node.ask('/kith.svg')).headers.get('cache-control'), 'no-cache');
  for (const path of ['/assets/none.js', '/.hidden.txt', '/..%2f..%2fetc%2fpasswd', '/api/none', '/none'])
    assert.ok((await node.ask(path)).status >= 400, path);
  assert.equal((await node.ask('/api/none', { headers: html })).status, 404);
  assert.equal((await node.ask('/none', { headers: asPeer(), method: 'POST' })).status, 403);
});

test('where the page was not built, it says so', async (t) => {
  const node = await startExchange(t, { env: { KITH_PAGE: '/nonexistent/page' } });
  assert.match(await (await node.ask('/')).text(), /npm run build/);
});
