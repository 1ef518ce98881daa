import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipUnless, tempDirectory, waitFor } from '@kith/testing';
import { hasChromium, openBrowser } from '../src/nodes/browser.ts';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(hasChromium(), 'needs Chromium in /usr/bin');
const TEXT = 'The heron stands in the reeds.';
const HELD = createHash('sha256').update(TEXT).digest('hex');
const ABSENT = createHash('sha256').update('something that nobody holds').digest('hex');

/** What a page can try to learn about an address, run in the page itself: each gives all that a script there can see. */
const PROBES = `({
  element: (tag, at) => new Promise((resolve) => {
    const one = document.createElement(tag);
    one.onload = () => resolve('load ' + [one.naturalWidth, one.clientHeight]);
    one.onerror = () => resolve('error');
    one[{ object: 'data', link: 'href' }[tag] ?? 'src'] = at;
    if (tag === 'link') one.rel = 'stylesheet';
    document.body.append(one);
    setTimeout(resolve, 3000, 'nothing');
  }),
  fetch: (at, mode) => fetch(at, { mode, cache: 'no-store' }).then(({ type, status }) => type + status, () => 'error'),
  events: (at) => new Promise((resolve) => {
    const source = new EventSource(at);
    source.onopen = () => resolve('open');
    source.onmessage = () => resolve('message');
    source.onerror = () => resolve('error');
  }),
  socket: (at) => new Promise((resolve) => {
    const socket = new WebSocket(at.replace('http', 'ws'));
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('error');
  }),
  form: (at) => new Promise((resolve) => {
    const frame = document.createElement('iframe');
    frame.name = 'there';
    document.body.append(frame);
    const form = document.createElement('form');
    Object.assign(form, { action: at, method: 'post', target: 'there' });
    document.body.append(form);
    frame.onload = () => resolve('sent');
    form.submit();
    setTimeout(resolve, 3000, 'nothing');
  }),
  popup: (at) => new Promise((resolve) => {
    const opened = window.open(at);
    setTimeout(() => {
      try { resolve('frames ' + opened.length + ' closed ' + opened.closed); } catch { resolve('error'); }
    }, 1500);
  }),
})`;

for (const [where, site] of [
  ['another port of localhost', 'localhost'],
  ['another site', 'hostile.example'],
] as const) {
  test(`a hostile page on ${where} learns nothing and starts nothing`, { skip, timeout: 240_000 }, async (t) => {
    const host = freeAddress();
    const [data, folder] = [tempDirectory(t), tempDirectory(t)];
    writeFileSync(join(folder, 'heron.txt'), TEXT);
    const node = await startKithNode({
      ...{ data, name: 'ana', door: { host, port: 5805 } },
      env: { KITH_BIND: host, KITH_SWEEP: 'off', KITH_SHARE: folder },
    });
    t.after(() => node.kill());
    await waitFor(async () => (await node.search('heron')).results.length === 1, { what: 'the document' });
    const hostile = createServer((_request, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>hostile</title><body></body>');
    }).listen(0, host);
    await once(hostile, 'listening');
    t.after(() => void hostile.close());
    const names = ['localhost', '*.localhost', 'hostile.example'].map((name) => `MAP ${name} ${host}`).join(', ');
    const { context, close } = await openBrowser({ names });
    t.after(close);
    const page = await context.newPage();
    await page.goto(`http://${site}:${(hostile.address() as AddressInfo).port}/`);
    const probe = (name: string, ...words: string[]) =>
      page.evaluate(`${PROBES}[${JSON.stringify(name)}](...${JSON.stringify(words)})`) as Promise<string>;
    const origin = 'http://localhost:5805';

    for (const at of [origin, 'http://ana.localhost:5805']) {
      for (const rest of ['', '/content']) {
        const [held, absent] = [HELD, ABSENT].map((hash) => `${at}/api/documents/${hash}${rest}`) as [string, string];
        for (const tag of ['object', 'img', 'script', 'link', 'iframe', 'video', 'embed']) {
          const seen = await probe('element', tag, held);
          assert.equal(seen, await probe('element', tag, absent), `<${tag}> ${held}`);
        }
        for (const mode of ['no-cors', 'cors']) {
          assert.equal(await probe('fetch', held, mode), 'error', mode);
          assert.equal(await probe('fetch', absent, mode), 'error', mode);
        }
      }
    }

    const before = await upstreamRequests(host);
    assert.equal(await probe('fetch', `${origin}/api/search?q=heron`, 'no-cors'), 'error');
    assert.equal(await probe('element', 'img', `${origin}/api/search?q=heron`), 'error');
    assert.equal(await probe('events', `${origin}/api/search?q=heron`), 'error');
    assert.equal(await probe('events', `${origin}/_kith/events`), 'error');
    assert.equal(await probe('socket', `${origin}/api/events`), 'error');
    await probe('form', `${origin}/api/documents`);
    await probe('popup', `${origin}/api/search?q=heron`);
    for (const port of [5800, 5809])
      assert.equal(await probe('fetch', `http://localhost:${port}/readyz`, 'no-cors'), 'error');
    assert.equal(await upstreamRequests(host), before, 'not one request reached the web app');

    // The one thing that it may do: open the page. It does not search what the link says, and tells the opener nothing.
    const asked: string[] = [];
    context.on('request', (one) => asked.push(new URL(one.url()).pathname));
    assert.match(await probe('popup', `${origin}/#/search?q=heron`), /closed true|frames 0/);
    const opened = await waitFor(async () => context.pages().find((one) => one.url().startsWith(`${origin}/#`)), {
      what: 'the page to open',
    });
    await opened.getByLabel('Search documents').waitFor();
    assert.equal(await opened.getByLabel('Search documents').inputValue(), '');
    assert.ok(!asked.includes('/api/search'), asked.join(' '));
  });
}

/** How many requests of the owner's plane were passed on to the web app so far. */
async function upstreamRequests(host: string): Promise<number> {
  const text = await (await fetch(`http://${host}:5809/metrics`)).text();
  const counts = text.matchAll(/^kith_gateway_upstream_requests_total\{[^}]*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
