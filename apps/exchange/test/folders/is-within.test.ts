import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithin } from '../../src/drives/is-within.ts';

test('a folder is within another by its parts, not by its letters', () => {
  const inside = ['/a', '/a/b', '/a/..b', '/a/..b/c', '/a/...', '/a/b..', '/a/.b'];
  const outside = ['/', '/ab', '/a/..', '/a/../b', '/b/a', '/..b'];
  assert.deepEqual(
    inside.filter((path) => !isWithin(path, '/a')),
    [],
  );
  assert.deepEqual(
    outside.filter((path) => isWithin(path, '/a')),
    [],
  );
  assert.equal(isWithin('/a', '/'), true);
});
