import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipUnless, tempDirectory } from '@kith/testing';
import { projects, readText, repositoryFiles, root } from '../src/texts/repository.ts';

const skip = skipUnless(process.platform === 'linux', 'needs GNU cp for a quick copy of node_modules');

const NX = join(root, 'node_modules/nx/dist/bin/nx.js');
const nx = (...args: string[]) => {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  return JSON.parse(
    execFileSync(process.execPath, [NX, ...args, '--json'], { cwd: root, env, encoding: 'utf8', stdio }),
  );
};
const inputsOf = (target: string) => new Set(nx('show', 'target', 'inputs', target).files as string[]);

test('no check brings back from its cache what another made', () => {
  for (const { folder, name } of projects()) {
    const { targets } = nx('show', 'project', `@kith/${name}`) as { targets: Record<string, { outputs?: string[] }> };
    const all = Object.entries(targets).flatMap(([target, { outputs = [] }]) =>
      outputs.map((path) => ({ target, path })),
    );
    for (const { target, path } of all) {
      if (target !== 'build') assert.match(path, /\/dist\/(types|tsconfig\.tsbuildinfo)$/, `${folder} ${target}`);
      assert.equal(all.filter((one) => one.path === path).length, 1, `${folder} ${path}`);
    }
  }
});

test('the page is made of its own files, of the libs that it needs, and of the licences', () => {
  const inputs = inputsOf('@kith/web:build');
  const sources = ['apps/web/index.html', 'libs/documents/src/index.ts', 'libs/wire/src/index.ts', 'THIRD-PARTY.txt'];
  assert.deepEqual(
    sources.filter((file) => !inputs.has(file)),
    [],
  );
});

test('a test runs again when a file that it reads has changed', () => {
  const all = inputsOf('@kith/e2e:test');
  assert.deepEqual(
    repositoryFiles().filter((file) => !all.has(file)),
    [],
    'the rules of the repository look at all of it',
  );
  for (const { folder, name } of projects().filter((one) => one.name !== 'e2e')) {
    const read = repositoryFiles()
      .filter((file) => file.startsWith(`${folder}/test/`) && file.endsWith('.ts'))
      .flatMap((file) =>
        [...readText(file).matchAll(/'(?:\.\.\/){3,}((?:docs|tools|bench)[\w./-]*)'/g)].map(([, path = '']) => path),
      );
    if (read.length === 0) continue;
    const inputs = [...inputsOf(`@kith/${name}:test`)];
    for (const path of read)
      assert.ok(
        inputs.some((one) => one === path || one.startsWith(`${path}/`)),
        `${folder} reads ${path}`,
      );
  }
});

/**
 * npm hoists all workspaces, so that a lib can import one that it does not declare. If Nx did not see that edge, it would
 * serve a check from its cache although what the lib imports has changed.
 */
test('Nx sees an import that nobody declared, so that its cache cannot be stale', { skip }, (t) => {
  const copy = join(tempDirectory(t), 'kith');
  execFileSync('git', ['clone', '-q', root, copy]);
  execFileSync('cp', ['-a', '-l', join(root, 'node_modules'), join(copy, 'node_modules')]);
  writeFileSync(join(copy, 'libs/service/src/planted.ts'), "export { analyse } from '@kith/documents';\n");
  const nx = join(copy, 'node_modules/nx/dist/bin/nx.js');
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const printed = execFileSync(process.execPath, [nx, 'graph', '--print'], {
    cwd: copy,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { dependencies } = JSON.parse(printed).graph as { dependencies: Record<string, { target: string }[]> };
  const targets = dependencies['@kith/service']?.map(({ target }) => target) ?? [];
  assert.ok(targets.includes('@kith/documents'), targets.join(' '));
});
