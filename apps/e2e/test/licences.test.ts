import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipUnless } from '@kith/testing';
import { readText, repositoryFiles, root } from '../src/texts/repository.ts';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly link?: true;
  readonly dev?: true;
  readonly devOptional?: true;
  readonly optional?: true;
}

/** Licences that ask for no more than their text beside what is passed on. */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
]);

/** Whether an SPDX expression leaves a choice that is allowed. */
function isAllowed(expression = ''): boolean {
  const plain = expression.replaceAll(/[()]/g, '');
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((one) => ALLOWED.has(one.trim())));
}

const lock = JSON.parse(readText('package-lock.json')).packages as Record<string, Locked>;
const shipped = Object.entries(lock).filter(
  ([path, one]) => path.includes('node_modules/') && !one.link && !one.dev && !one.devOptional,
);
const nameOf = (path: string) => path.split('node_modules/').at(-1) ?? '';
const listed = new Set([...readText('THIRD-PARTY.txt').matchAll(/^ - (\S+)$/gm)].map(([, one = '']) => one));

test('what a node runs and its page holds has a licence that may be passed on; a copyleft one is refused', () => {
  assert.ok(shipped.length > 100);
  const refused = shipped
    .filter(([, { license }]) => !isAllowed(license))
    .map(([path, { license }]) => `${path} ${license}`);
  assert.deepEqual(refused, []);
  for (const one of [
    'GPL-3.0-only',
    'AGPL-3.0',
    'MPL-2.0',
    'MIT AND GPL-2.0',
    'SEE LICENSE IN x',
    'UNLICENSED',
    '',
    undefined,
  ])
    assert.equal(isAllowed(one), false, one);
  assert.equal(isAllowed('(MIT OR GPL-3.0)'), true);
});

test('THIRD-PARTY.txt has each of these packages, and no other: npm run third-party', () => {
  // Node itself, an optional one, brings its own licence into its own folder.
  const wanted = shipped
    .filter(([, { optional }]) => !optional)
    .map(([path, { version }]) => `${nameOf(path)}@${version}`);
  assert.deepEqual([...listed].toSorted(), [...new Set(wanted)].toSorted());
});

test('data of others that is part of the code has its licence there too', () => {
  const data = repositoryFiles().filter((file) => /^(apps|libs)\/[^/]+\/src\/.*\.json$/.test(file));
  const foreign = data.filter((file) => /copyright|licen[cs]e/i.test(readText(file)));
  assert.deepEqual(
    foreign.filter((file) => !readText('THIRD-PARTY.txt').includes(file)),
    [],
  );
});

const bundled = join(root, 'apps/web/dist/.vite/bundled.json');
test(
  'what the page holds is in THIRD-PARTY.txt, which the page links',
  { skip: skipUnless(existsSync(bundled), 'the page is not built: npm run setup') },
  () => {
    const packages = JSON.parse(readFileSync(bundled, 'utf8')) as { name: string; version: string }[];
    const foreign = packages
      .filter(({ name }) => !name.startsWith('@kith/'))
      .map(({ name, version }) => `${name}@${version}`);
    assert.ok(foreign.length > 10);
    assert.deepEqual(
      foreign.filter((one) => !listed.has(one)),
      [],
    );
    assert.equal(readFileSync(join(root, 'apps/web/dist/third-party.txt'), 'utf8'), readText('THIRD-PARTY.txt'));
    assert.match(readText('apps/web/src/node/node-card.tsx'), /href="\/third-party\.txt"/);
  },
);

test('images have the licence of Kith, those of all packages, and each package its own', () => {
  const dockerfile = readText('Dockerfile');
  const kept = readText('.dockerignore').split('\n');
  const [, last = ''] = /^COPY tools\/ready\.sh (.*) \.\/$/m.exec(dockerfile) ?? [];
  assert.deepEqual(last.split(' '), ['LICENSE', 'THIRD-PARTY.txt']);
  for (const file of last.split(' ')) assert.ok(kept.includes(`!${file}`), file);
  assert.match(
    dockerfile,
    /find node_modules -type f ! -iname 'licen\[sc\]e\*' ! -iname 'notice\*' ! -iname 'copying\*' \\\(/,
  );
});
