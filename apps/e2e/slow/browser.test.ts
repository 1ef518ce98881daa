import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { skipUnless, waitFor } from '@kith/testing';
import type { Page } from 'playwright-core';
import { hasChromium, openBrowser } from '../src/nodes/browser.ts';
import { type Neighbourhood, startNeighbourhood } from '../src/nodes/neighbourhood.ts';

const skip = skipUnless(hasChromium(), 'needs Chromium in /usr/bin');
const HOSTILE = '<img src=x onerror="document.title=1">';

let around: Neighbourhood;
const shelf: [string, string][][] = [
  [['water.txt', 'Boil the water for one minute before you drink it.']],
  [
    ['filter.md', `# Water filter ${HOSTILE}\n\nChange the candle of the water filter every six months. ${HOSTILE}`],
    ['rules.txt', 'The well is closed at night.'],
  ],
  [['浄水器.txt', '浄水器のフィルターは半年ごとに交換してください。']],
];

const fill = (index: number, folder: string) => {
  const documents = shelf[index] ?? [];
  for (const [name, text] of documents) writeFileSync(join(folder, name), text);
  return documents.length;
};
before(async () => {
  if (!skip) around = await startNeighbourhood({ names: ['ana', 'ben', 'chidi'], fill, code: false });
});
after(() => around?.close());

const urlOf = (node: number) => `http://${around.nodes[node]?.at.host}:${around.nodes[node]?.at.port}/`;

/** Opens a node's page; whatever the page itself complains of (a broken rule of its CSP, a script error) fails the test. */
async function openPage(
  t: { after(fn: () => Promise<void>): void },
  node: number,
  sight = {},
): Promise<{ page: Page; complaints: string[] }> {
  const { context, close } = await openBrowser(sight);
  t.after(close);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(urlOf(node));
  return { page, complaints };
}

test(
  'two owners compare the number and trust each other; then one searches the other’s documents',
  { skip },
  async (t) => {
    const { page, complaints } = await openPage(t, 0);
    const pending = page.getByLabel('ben waits for your decision').first();
    await pending.waitFor();
    const ana = around.nodes[0];
    const ben = around.nodes[1];
    await ben?.openComparison('ana');
    await pending.getByText('wants to compare now').waitFor();
    await pending.getByRole('button', { name: 'Compare with ben' }).click();
    const number =
      (await waitFor(async () => (await ben?.comparison())?.open?.number, { what: 'the number at ben' })) ?? '';
    await waitFor(async () => (await pending.innerText()).replaceAll(/\s/g, '').includes(number), {
      what: 'the same number on the page of ana',
    });
    const choices = pending.getByRole('group', { name: 'The number that ben shows' });
    const spoken = (one: string) => [...one].join(' ');
    const shown = (await choices.getByRole('button').allInnerTexts()).map((text) => text.replaceAll(/\D/g, ''));
    const wrong = spoken(shown.find((digits) => digits !== '' && digits !== number) ?? '');
    await choices.getByRole('button', { name: wrong }).click();
    await pending.getByText('Look once more').waitFor();
    assert.equal((await ana?.peers())?.find(({ name }) => name === 'ben')?.trust, 'pending');
    await choices.getByRole('button', { name: spoken(number) }).click();
    await waitFor(async () => (await ana?.peers())?.find(({ name }) => name === 'ben')?.trust === 'trusted', {
      what: 'ben to be trusted',
    });
    await page.getByRole('button', { name: 'All peers' }).click();
    await page.getByText('has not said yet that the numbers are the same').waitFor();
    assert.equal((await ben?.saySame('ana', number))?.last?.end, 'same');
    await page.getByText('has not said yet that the numbers are the same').waitFor({ state: 'hidden' });
    await page.getByRole('link', { name: 'Search' }).click();

    const box = page.getByLabel('Search documents');
    await box.fill('water filter');
    const hit = page.getByText('Change the candle of the').first();
    await hit.waitFor();
    await page.getByLabel('Results').getByText('ben', { exact: true }).first().waitFor();
    assert.ok(
      (await page.locator('mark').allInnerTexts()).some((text) => /water/i.test(text)),
      'the words are marked',
    );
    assert.notEqual(await page.title(), '1', 'a peer’s HTML is text');
    assert.equal(await page.locator('img[src="x"]').count(), 0);
    assert.deepEqual(complaints, []);
  },
);

test('the page works by keyboard: search, walk through the results, read, close', { skip }, async (t) => {
  const { page } = await openPage(t, 0);
  await page.getByLabel('Search documents').waitFor();
  await page.keyboard.type('water');
  await page.getByText('Boil the').first().waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const reader = page.getByRole('dialog');
  await reader.waitFor();
  await page.keyboard.press('Escape');
  await reader.waitFor({ state: 'hidden' });
});

test('a text that is posted is found at once, without reloading', { skip }, async (t) => {
  const { page } = await openPage(t, 2);
  await around.nodes[2]?.post('Notice', 'The generator is repaired on Friday.');
  await page.getByLabel('Search documents').fill('generator');
  await page.getByText('is repaired on Friday').first().waitFor();
});

test('a file dropped on the page is shared', { skip }, async (t) => {
  const { page } = await openPage(t, 0);
  await page.getByRole('link', { name: 'Shared here' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page
      .getByRole('button', { name: /choose|select|files/i })
      .first()
      .click(),
  ]);
  await chooser.setFiles({
    name: 'roster.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Night watch: Dora and Emil.'),
  });
  await page.getByText('roster.txt').first().waitFor();
  await waitFor(async () => (await around.nodes[0]?.search('night watch'))?.results.length === 1, {
    what: 'the file to be found',
  });
});

for (const [what, sight] of [
  ['a phone', { width: 360, height: 740 }],
  ['a dark desktop', { dark: true }],
] as const) {
  test(`nothing is cut off on ${what}`, { skip }, async (t) => {
    const { page, complaints } = await openPage(t, 0, sight);
    await page.getByLabel('Search documents').fill('water');
    await page.getByText('Boil the').first().waitFor();
    const [wide, view] = (await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]')) as [
      number,
      number,
    ];
    assert.ok(wide <= view, `the page is ${wide} wide in a window of ${view}`);
    assert.deepEqual(complaints, []);
  });
}

test('a peer’s app in the browser has an origin of its own', { skip }, async (t) => {
  await around.nodes[1]?.trust('ana');
  await around.nodes[0]?.trust('ben');
  const { context, close } = await openBrowser();
  t.after(close);
  const page = await context.newPage();
  const port = around.nodes[0]?.at.port;
  // `*.localhost` is 127.0.0.1, and this node listens on another loopback address: the name is sent there by hand.
  const answer = await around.nodes[0]?.ask('/', { headers: { host: `ben.localhost:${port}`, accept: 'text/html' } });
  assert.equal(answer?.status, 200);
  assert.match(answer?.body.toString() ?? '', /<div id="root"/);
  await page.goto(urlOf(0));
  const crossed = await page.evaluate(
    `fetch('http://ben.localhost:${port}/api/status').then(() => 'read', () => 'refused')`,
  );
  assert.equal(crossed, 'refused');
});

test('what is wrong with the network or the index stands on the page, with what to do', { skip }, async (t) => {
  const { context, close } = await openBrowser({});
  t.after(close);
  const page = await context.newPage();
  const remark = 'This node is inside Docker Desktop’s virtual machine. Run npm start on this computer instead.';
  const full = { code: 'disk_full', message: 'The disk of Elasticsearch is too full. Make room.' };
  // A real node's answers, with what no node of a test can have.
  const change = (path: string, edit: (answer: Record<string, unknown>) => void) =>
    page.route(`**${path}`, async (route) => {
      const response = await route.fetch();
      const json = (await response.json()) as Record<string, unknown>;
      edit(json);
      await route.fulfill({ response, json });
    });
  await change('/_kith/node', (node) => {
    node.scanner = { interfaces: [], sweeping: false, remarks: [remark] };
  });
  await change('/_kith/peers', (answer) => {
    answer.peers = [];
  });
  await change('/api/status', (status) => {
    delete status.documents;
    status.index = { engine: 'elasticsearch', findings: [full] };
  });
  await page.goto(`${urlOf(0)}#/peers`);
  await page.getByRole('alert').getByText(full.message).waitFor();
  await page.getByText('No other node found yet').waitFor();
  await page.getByText(remark).waitFor();
  await page.goto(`${urlOf(0)}#/node`);
  await page.getByRole('heading', { name: 'This node' }).waitFor();
  assert.equal(await page.getByText(remark).count(), 1);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
