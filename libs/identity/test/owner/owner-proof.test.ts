import assert from 'node:assert/strict';
import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipUnless, tempDirectory } from '@kith/testing';
import { makeOwnerToken, OwnerProof, openIdentity, renewOwnerToken } from '../../src/index.ts';

const socket = () => ({
  remoteAddress: '127.0.0.1',
  remotePort: 1,
  localAddress: '127.0.0.1',
  localPort: 2,
  destroyed: false,
});
const own = process.geteuid?.() ?? 0;
const tokenOf = (data: string) => readFileSync(join(data, 'owner-token'), 'utf8').trim();

/** What the kernel answers, and how often it was asked. */
function kernel(uid: number | undefined) {
  return {
    asked: 0,
    async ofOtherEnd() {
      this.asked += 1;
      return uid;
    },
  };
}

const onLinux = { skip: skipUnless(process.platform === 'linux', 'needs Linux') };

test(
  'the node’s own user, root and those that are named are the owner by the kernel’s word; nobody else',
  onLinux,
  async () => {
    const says = async (uid: number | undefined, ownerUids: readonly number[] | 'none' = []) =>
      new OwnerProof({ dataDirectory: '/nowhere', ownerUids, socketUids: kernel(uid) }).byKernel(socket());
    assert.equal(await says(own), true);
    assert.equal(await says(0), true);
    assert.equal(await says(1234), false);
    assert.equal(await says(1234, [1234]), true);
    assert.equal(await says(undefined), false, 'unknown is not the owner');
    assert.equal(await says(65534, [65534]), false, 'ids that cannot be told apart');
    assert.equal(await says(0, 'none'), false);
  },
);

test('a connection is looked up once, and one that is closed meanwhile is nobody’s', onLinux, async () => {
  const socketUids = kernel(own);
  const proof = new OwnerProof({ dataDirectory: '/nowhere', ownerUids: [], socketUids });
  const one = socket();
  assert.deepEqual(await Promise.all([proof.byKernel(one), proof.byKernel(one)]), [true, true]);
  assert.equal(proof.byKernel(one), true, 'known at once');
  assert.equal(socketUids.asked, 1);
  assert.equal(await proof.byKernel({ ...socket(), destroyed: true }), false);
});

test('the token is made at the first start, for this user only, and shows the owner', async (t) => {
  const data = tempDirectory(t);
  await openIdentity(data);
  const token = tokenOf(data);
  assert.match(token, /^kith-owner-[A-Za-z0-9_-]{43}$/);
  assert.equal(statSync(join(data, 'owner-token')).mode & 0o777, 0o600);
  await openIdentity(data);
  assert.equal(tokenOf(data), token, 'kept');
  const proof = new OwnerProof({ dataDirectory: data, ownerUids: 'none' });
  assert.equal(await proof.byToken(`Bearer ${token}`), true);
  for (const wrong of [undefined, '', token, `Basic ${token}`, `Bearer ${token}x`, 'Bearer ', 'Bearer kith-owner-']) {
    assert.equal(await proof.byToken(wrong), false, wrong);
  }
});

test('a renewed token counts at once and the old one no more; without a file nobody has it', async (t) => {
  const data = tempDirectory(t);
  await makeOwnerToken(data);
  const old = `Bearer ${tokenOf(data)}`;
  const proof = new OwnerProof({ dataDirectory: data, ownerUids: 'none' });
  assert.equal(await proof.byToken(old), true);
  await renewOwnerToken(data);
  assert.equal(await proof.byToken(old), false);
  assert.equal(await proof.byToken(`Bearer ${tokenOf(data)}`), true);
  assert.equal(statSync(join(data, 'owner-token')).mode & 0o777, 0o600);
  unlinkSync(join(data, 'owner-token'));
  assert.equal(await proof.byToken(old), false);
});

test('services that start at once agree on one token; a damaged one is made anew', async (t) => {
  const data = tempDirectory(t);
  await Promise.all(Array.from({ length: 8 }, () => makeOwnerToken(data)));
  const token = tokenOf(data);
  await makeOwnerToken(data);
  assert.equal(tokenOf(data), token);
  writeFileSync(join(data, 'owner-token'), '\n');
  await makeOwnerToken(data);
  assert.match(tokenOf(data), /^kith-owner-/);
});
