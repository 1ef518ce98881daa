import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { skipUnless, tempDirectory } from '@kith/testing';
import { root } from '../src/repository.ts';

const skip = skipUnless(process.platform === 'linux', 'needs GNU cp for a quick copy of node_modules');

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
  assert.deepEqual(targets.toSorted(), ['@kith/documents', '@kith/wire']);
});
