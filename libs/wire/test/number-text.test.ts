import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decimalNumber, ownerSearchRequestSchema, wholeNumber } from '../src/index.ts';

const NOBODY_MEANS = [
  '',
  ' ',
  '  ',
  '0x10',
  '0b1',
  '0o7',
  '1e3',
  '1_000',
  '+5',
  '-5',
  ' 5',
  '5 ',
  '05',
  '5n',
  'Infinity',
  '５',
];

test('a whole number is decimal digits and nothing else', () => {
  const port = wholeNumber({ min: 0, max: 65_535 });
  for (const text of ['0', '5', '5805', '65535']) assert.equal(port.parse(text), Number(text));
  for (const text of [...NOBODY_MEANS, '65536', '5.0', '1.5', '99999999999999999999']) {
    const result = port.safeParse(text);
    assert.equal(result.error?.issues[0]?.message, 'accepted: a whole number from 0 to 65535', JSON.stringify(text));
  }
});

test('a decimal number may have a point', () => {
  const minutes = decimalNumber({ min: 0.01, max: 1440, error: 'accepted: minutes' });
  for (const text of ['0.01', '15', '2.50']) assert.equal(minutes.parse(text), Number(text));
  for (const text of [...NOBODY_MEANS, '0', '1441', '.5', '5.', '1.2.3', '1,5']) {
    assert.equal(minutes.safeParse(text).error?.issues[0]?.message, 'accepted: minutes', JSON.stringify(text));
  }
});

test('query parameters follow the same rule', () => {
  const limitOf = (limit: string) => ownerSearchRequestSchema.safeParse({ q: 'water', limit });
  assert.equal(limitOf('20').data?.limit, 20);
  for (const text of NOBODY_MEANS) assert.equal(limitOf(text).success, false, JSON.stringify(text));
});
