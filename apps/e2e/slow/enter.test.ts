import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipUnless, tempDirectory, waitFor } from '@kith/testing';
import type { Page } from 'playwright-core';
import { hasChromium, openBrowser } from '../src/nodes/browser.ts';
import { startKithNode } from '../src/nodes/kith-node.ts';
import { createOwnerClient } from '../src/nodes/owner-client.ts';
import { freeAddress } from '../src/nodes/service-process.ts';

const skip = skipUnless(hasChromium(), 'needs Chromium in /usr/bin');
type Test = { after(fn: () => void | Promise<void>): void };

/** A node where only the token and what is made of it counts, as where the system does not tell who asks. */
async function startShy(t: Test, name: string, env: Record<string, string> = {}) {
  const host = freeAddress();
  const [data, folder] = [tempDirectory(t), tempDirectory(t)];
  writeFileSync(join(folder, 'heron.txt'), `The heron of ${name} stands in the reeds.`);
  const node = await startKithNode({
    ...{ data, name, door: { host, port: 5805 } },
    env: { KITH_BIND: host, KITH_SWEEP: 'off', KITH_SHARE: folder, KITH_OWNER_UIDS: 'none', ...env },
  });
  t.after(() => node.kill());
  const owner = createOwnerClient({ host, port: 5805 }, data);
  await waitFor(async () => (await owner.search('heron')).results.length > 0, { what: 'the document to be indexed' });
  const printed = /^ {2}Page +(\S+)/m.exec(node.output())?.[1] ?? '';
  return { node, owner, host, data, printed };
}

async function openPage(t: Test, names?: string): Promise<Page> {
  const { context, close } = await openBrowser(names === undefined ? {} : { names });
  t.after(close);
  return context.newPage();
}

test(
  'the printed link opens the page once; a session goes on after that; others read what to do',
  { skip, timeout: 240_000 },
  async (t) => {
    const { host, owner, printed } = await startShy(t, 'ana');
    assert.match(printed, /#enter=/);
    const page = await openPage(t);
    await page.goto(`http://${host}:5805/`);
    await page.getByText('Only the owner of this node may open it').waitFor();
    await page.goto('about:blank');
    await page.goto(printed);
    await page.getByLabel('Search documents').fill('heron');
    await page.getByText('stands in the reeds').first().waitFor();
    assert.doesNotMatch(page.url(), /enter=/, 'the link is out of the address');
    assert.deepEqual(await page.context().cookies(), [], 'no cookie');
    await page.reload();
    await page.getByLabel('Search documents').waitFor();
    await page.getByRole('link', { name: 'Shared here' }).first().click();
    await page.getByText('heron.txt').first().waitFor();
    await owner.post('Notice', 'The generator is repaired on Friday.');
    await page.getByText('Notice').first().waitFor();
    await page.getByRole('link', { name: 'Search' }).first().click();

    await page.getByLabel('Search documents').fill('heron');
    await page.locator('a[data-row]').first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('link', { name: 'Download' }).click(),
    ]);
    assert.equal(download.suggestedFilename(), 'heron.txt');
    assert.equal(await download.failure(), null);

    const other = await openPage(t);
    await other.goto(printed);
    await other.getByText('This link has been used').waitFor();
  },
);

test('a peer’s page opens from the page, and goes on by itself', { skip, timeout: 240_000 }, async (t) => {
  const ana = await startShy(t, 'ana');
  const ben = await startShy(t, 'ben', { KITH_SEEDS: ana.host });
  for (const [one, other] of [
    [ana, 'ben'],
    [ben, 'ana'],
  ] as const) {
    await waitFor(async () => (await one.owner.peers()).some(({ name }) => name === other), {
      what: `${other} at the other`,
    });
    await one.owner.trust(other);
  }
  const page = await openPage(t, `MAP *.localhost ${ana.host}, MAP localhost ${ana.host}`);
  await page.goto(`${ana.printed.replace(ana.host, 'localhost')}`);
  await page.getByRole('link', { name: 'Peers' }).first().click();
  const [visited] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'its page' }).first().click(),
  ]);
  await visited.getByText('ben').first().waitFor();
  assert.equal(new URL(visited.url()).hostname, 'ben.localhost');
  assert.doesNotMatch(visited.url(), /kith-pass/);
  const cookies = await visited.context().cookies();
  assert.deepEqual(
    cookies.map(({ domain, httpOnly, sameSite }) => [domain, httpOnly, sameSite]),
    [['ben.localhost', true, 'Lax']],
  );
});
