import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { nodeIdSchema } from '@kith/wire';
import { checkCommitment, checkNumber } from '../src/index.ts';

const nonce = () => randomBytes(32).toString('base64url');
const ana = { id: nodeIdSchema.parse('a'.repeat(52)), nonce: nonce() };
const bob = { id: nodeIdSchema.parse('b'.repeat(52)), nonce: nonce() };

test('both sides see the same six digits, and each nonce and id counts', () => {
  const number = checkNumber(ana, bob);
  assert.match(number, /^\d{6}$/);
  assert.equal(checkNumber(bob, ana), number);
  const swapped = checkNumber({ ...ana, nonce: bob.nonce }, { ...bob, nonce: ana.nonce });
  assert.notEqual(swapped, number, 'fails once in a million runs');
});

test('the digits spread over the whole range', () => {
  const numbers = Array.from({ length: 300 }, () => Number(checkNumber({ ...ana, nonce: nonce() }, bob)));
  assert.ok(Math.min(...numbers) < 100_000 && Math.max(...numbers) > 900_000);
});

test('a commitment is bound to id and nonce', () => {
  assert.equal(checkCommitment(ana), checkCommitment({ ...ana }));
  assert.notEqual(checkCommitment(ana), checkCommitment({ ...ana, id: bob.id }));
  assert.notEqual(checkCommitment(ana), checkCommitment({ ...ana, nonce: bob.nonce }));
});
