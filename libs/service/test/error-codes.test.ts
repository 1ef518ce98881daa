import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorAnswer, HTTP_STATUS, type ServiceError } from '../src/index.ts';

type Takes<Code> = Code extends ConstructorParameters<typeof ServiceError>[0] ? true : false;

test('a code that is not in the table does not compile', () => {
  // The type check of these two lines is the test.
  const [known, unknown]: [Takes<'not_found'>, Takes<'no_such_code'>] = [true, false];
  assert.notEqual(known, unknown);
});

test('the table answers for its own codes only, not for what every object has', () => {
  for (const code of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const { status, body } = errorAnswer(Object.assign(new Error('the password is hunter22'), { code }));
    assert.deepEqual([status, body.error], [500, 'internal_error'], code);
    assert.doesNotMatch(body.message, /hunter22/);
  }
});

test('every status of the table is an error', () => {
  for (const [code, status] of Object.entries(HTTP_STATUS)) assert.ok(status >= 400 && status < 600, code);
});
