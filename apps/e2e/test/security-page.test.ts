import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ATTACKS } from '../src/attack/suite.ts';
import { namedTests } from '../src/texts/named-tests.ts';
import { readText, root } from '../src/texts/repository.ts';

const page = readText('docs/security.md');

test('every test that the security page names is there, by file and by name', () => {
  const named = namedTests(page);
  assert.ok(named.length > 50);
  const missing = named.filter(
    ({ file, name }) => name === '' || !existsSync(join(root, file)) || !readText(file).includes(name),
  );
  assert.deepEqual(missing, []);
});

test('every line about an attack names its test', () => {
  const rows = page
    .split('\n')
    .filter((line) => /^\| (?!tries|what happens|chapter|---)/.test(line) && !/^\|---/.test(line));
  assert.deepEqual(
    rows.filter((line) => namedTests(line).length === 0 && !line.includes('this page')),
    [],
  );
});

test('every file of the standing attack is there', () => {
  const missing = ATTACKS.flatMap(({ files }) => files).filter((file) => !existsSync(join(root, file)));
  assert.deepEqual(missing, []);
});
