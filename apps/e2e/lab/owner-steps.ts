import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { waitFor } from '@kith/testing';
import type { OwnerClient } from '../src/nodes/owner-client.ts';
import { isFound, type LabRoom } from './lab-room.ts';

/** A user of the machine who is neither root nor the services' own. */
const STRANGER = '4242';

/** Who is the owner of a node in containers, and how two owners compare numbers. */
export async function ownerSteps(t: TestContext, { ana, ben, say }: LabRoom): Promise<void> {
  const { number } = ana.host;
  /** Status and body of a request that a user of ana's machine makes; the token goes by standard input. */
  async function askedBy(uid: string, port: number, path: string, token = '') {
    const script = `printf '%s' "$TOKEN" | curl -sS -H @- -w '\\n%{http_code}' "http://127.0.0.1:${port}${path}"`;
    const as = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'env', `TOKEN=${token}`];
    const lines = (await ana.host.tool('exec', String(number), ...as, 'sh', '-c', script)).split('\n');
    return { status: Number(lines.pop()), body: lines.join('\n') };
  }
  const kith = (...words: string[]) => ana.compose('run', '--rm', '-T', 'kith', ...words);

  await t.test('another user of the machine gets nothing; with the token of the volume he is the owner', async () => {
    const token = `Authorization: Bearer ${(await ana.compose('exec', '-T', 'gateway', 'cat', '/data/owner-token')).trim()}`;
    for (const path of ['/_kith/node', '/_kith/peers', '/api/documents', '/api/search?q=filter']) {
      const { status, body } = await askedBy(STRANGER, 5805, path);
      assert.equal(status, 401, path);
      assert.doesNotMatch(body, /ana|filter\.txt/);
      for (const [uid, shown] of [
        [STRANGER, token],
        ['0', ''],
        ['1000', ''],
      ] as const)
        assert.equal((await askedBy(uid, 5805, path, shown)).status, 200, `${path} by ${uid}`);
    }
    for (const port of [5801, 5802, 5806]) {
      const statuses = [
        await askedBy(STRANGER, port, '/readyz'),
        await askedBy(STRANGER, port, '/metrics'),
        await askedBy(STRANGER, port, '/metrics', token),
        await askedBy('0', port, '/metrics'),
      ].map(({ status }) => status);
      assert.deepEqual(statuses, [200, 401, 200, 200], `port ${port}`);
    }
  });

  await t.test('the command line does what an owner does', async () => {
    assert.match(await kith('search', 'ceramic'), /filter\.txt/);
    assert.match(await kith('code'), /^([a-z]+ ){11}[a-z]+$/);
    for (const words of [['status'], ['share'], ['audit'], ['open', '--print']])
      say(`kith ${words.join(' ')}:\n${await kith(...words)}`);
  });

  await t.test('where nobody is the owner by an id the command line works unchanged', async () => {
    ana.setting('KITH_OWNER_UIDS=none');
    await ana.up();
    assert.equal((await askedBy('0', 5805, '/_kith/node')).status, 401);
    assert.equal((await askedBy('1000', 5805, '/_kith/node')).status, 401);
    assert.match(await kith('search', 'ceramic'), /filter\.txt/);
    assert.match(await kith('peers'), /^ben .*trusted/m);
    ana.setting('KITH_OWNER_UIDS=');
    await ana.up();
  });

  await t.test('two owners who took trust back compare numbers, and find each other again', async () => {
    const trustAt = async (node: OwnerClient, of: string) =>
      (await node.peers()).find(({ name }) => name === of)?.trust;
    await ana.trust('ben', 'pending');
    await ben.trust('ana', 'pending');
    await waitFor(async () => !(await isFound(ana, 'river')), { what: 'ana to find nothing of ben' });
    await ana.openComparison('ben');
    await waitFor(async () => (await ben.comparison()).knock?.peer.name === 'ana', { what: 'ben to be told' });
    await ben.openComparison('ana');
    const numberAt = (node: OwnerClient) =>
      waitFor(async () => (await node.comparison()).open?.number, { what: 'a number' });
    const [number, theirs] = [await numberAt(ana), await numberAt(ben)];
    assert.match(number, /^\d{6}$/);
    assert.equal(theirs, number);
    await ana.saySame('ben', number);
    await ben.saySame('ana', theirs);
    assert.deepEqual([await trustAt(ana, 'ben'), await trustAt(ben, 'ana')], ['trusted', 'trusted']);
    await waitFor(async () => (await isFound(ana, 'river')) && isFound(ben, 'ceramic'), { what: 'both to find again' });
    say(`ana and ben compared ${number}`);
  });
}
