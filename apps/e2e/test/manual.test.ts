import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText, repositoryFiles } from '../src/texts/repository.ts';

const sources = repositoryFiles().filter((file) => /^(apps|libs)\/[^/]+\/src\/.*\.ts$/.test(file));
const found = sources.flatMap((file) =>
  [...readText(file).matchAll(/\b(?:setting|secretSetting)\(\s*'(KITH_[A-Z_]+)'/g)].map(([, name = '']) => name),
);

test('every setting stands in the manual', () => {
  assert.ok(found.length > 20, 'the settings are found in the code');
  const manual = readText('docs/operations.md');
  assert.deepEqual(
    [...new Set(found)].filter((name) => !manual.includes(`\`${name}\``)),
    [],
  );
});

test('every file that a page of the documentation links to is there', () => {
  const files = new Set(repositoryFiles());
  const folders = new Set(
    [...files].flatMap((file) => file.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))),
  );
  const pages = [...files].filter((file) => file.endsWith('.md') && !file.includes('/demo/'));
  const broken = pages.flatMap((page) => {
    const base = page.split('/').slice(0, -1);
    return [...readText(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].flatMap(([, target = '']) => {
      const parts = [...base];
      for (const part of target.replace(/\/$/, '').split('/')) {
        if (part === '..') parts.pop();
        else if (part !== '.') parts.push(part);
      }
      const path = parts.join('/');
      return files.has(path) || folders.has(path) ? [] : [`${page} → ${target}`];
    });
  });
  assert.deepEqual(broken, []);
});
