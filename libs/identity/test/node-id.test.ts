import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idOfPublicKey } from '../src/index.ts';

test('an id is SHA-256 in base32, as other programs compute it', () => {
  // printf 'kith' | openssl dgst -sha256 -binary | base32 | tr A-Z a-z | tr -d =
  assert.equal(idOfPublicKey(Buffer.from(INPUT)), EXPECTED);
});

const INPUT = 'kith';
const EXPECTED = 'lie4tpfbptb2diohf7jwau2vgztjjp4kqb56jhxwd7fnstpnmgna';
