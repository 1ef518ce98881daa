import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes } from '../src/format/bytes.ts';
import { count, list } from '../src/format/count.ts';
import { fileType } from '../src/format/file-type.ts';
import { nameParts, plain } from '../src/format/sentence.ts';
import { day, duration, when } from '../src/format/when.ts';

test('sizes have two or three figures', () => {
  const table: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9949, '9.9 kB'],
    [9951, '10 kB'],
    [999_499, '999 kB'],
    [999_600, '1.0 MB'],
    [Number.MAX_SAFE_INTEGER, '9.0 PB'],
  ];
  for (const [size, text] of table) assert.equal(bytes(size), text);
});

test('counts and lists are English', () => {
  assert.equal(count(1, 'document'), '1 document');
  assert.equal(count(0, 'match', 'matches'), '0 matches');
  assert.equal(count(12_400, 'document'), '12,400 documents');
  assert.equal(list(['Ana', 'Bob', 'Carl']), 'Ana, Bob and Carl');
  assert.equal(plain(nameParts(['Ana', 'Bob'])), '\u2068Ana\u2069 and \u2068Bob\u2069');
});

test('moments are as short as they stay clear, in the reader’s own time zone', () => {
  const now = Date.UTC(2026, 10, 24, 15, 0);
  const table: [number, string, string][] = [
    [Date.UTC(2026, 10, 24, 14, 2), '14:02', 'today'],
    [Date.UTC(2026, 10, 23, 23, 59), 'yesterday 23:59', 'yesterday'],
    [Date.UTC(2026, 2, 3, 0, 0), '3 Mar 00:00', '3 Mar'],
    [Date.UTC(2024, 2, 3, 0, 0), '3 Mar 2024', '3 Mar 2024'],
    [Number.MAX_SAFE_INTEGER, 'no date', 'no date'],
  ];
  for (const [at, moment, date] of table) {
    assert.equal(when(at, { now, timeZone: 'UTC' }), moment);
    assert.equal(day(at, { now, timeZone: 'UTC' }), date);
  }
  assert.equal(when(now, { now, timeZone: 'Asia/Tokyo' }), '00:00');
  assert.deepEqual([0.2, 12.4, 51, 1240].map(duration), ['1 ms', '12 ms', '0.1 s', '1.2 s']);
});

test('types are named by media type, then by the end of the name', () => {
  assert.equal(fileType('application/pdf', 'a'), 'PDF');
  assert.equal(fileType('application/octet-stream', 'a.tar.gz'), 'GZ');
  assert.equal(fileType('image/png', 'picture'), 'Image');
  assert.equal(fileType('application/octet-stream', 'LICENSE'), 'File');
});
