import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { skipUnless, tempDirectory } from '@kith/testing';
import { readText, root } from '../src/texts/repository.ts';

const run = promisify(execFile);
const lock = JSON.parse(readText('package-lock.json')).packages;

/** Looks up one package that the lock file names, with npm's own client. */
function registryAnswers(): boolean {
  try {
    execFileSync('npm', ['view', `zod@${lock['node_modules/zod'].version}`, 'version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const skip = skipUnless(registryAnswers(), 'needs npm’s registry');

test('a fresh clone is set up by an npm that runs no install script', { skip }, async (t) => {
  const clone = join(tempDirectory(t), 'kith');
  execFileSync('git', ['clone', '-q', root, clone]);
  // As a person has it: no Node of ours on the PATH, none of the settings of the npm that runs this test.
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_|^INIT_CWD$|^KITH_|^CI$/i.test(name));
  const path = (process.env.PATH ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  const env = { ...Object.fromEntries(kept), PATH: path.join(':'), npm_config_ignore_scripts: 'true' };
  const kith = async (script: string, ...args: string[]) =>
    await run('npm', ['run', '--silent', script, '--', ...args], { cwd: clone, env });

  const { stderr } = await kith('setup');
  assert.match(stderr, /Installing the packages.*Building the web page.*Kith is set up/s);
  const packaged = join(clone, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  assert.ok(existsSync(packaged));
  const { version } = lock[`node_modules/node-${process.platform}-${process.arch}`];
  assert.equal((await run(packaged, ['--version'])).stdout.trim(), `v${version}`);
  assert.match((await kith('kith', '--help')).stdout, /doctor/);
  assert.ok(readFileSync(join(clone, 'apps/web/dist/index.html'), 'utf8').includes('<script'));

  // The tools of a developer, which have install scripts or programs for each system.
  const tool = async (name: string, ...args: string[]) =>
    await run(join(clone, 'node_modules/.bin', name), args, { cwd: clone, env: { ...env, NX_DAEMON: 'false' } });
  assert.match((await tool('biome', '--version')).stdout, /\d/);
  assert.match((await tool('tsc', '--version')).stdout, /Version/);
  const ran = await tool('nx', 'run', '@kith/wire:lint', '--output-style=stream-without-prefixes');
  assert.match(ran.stdout, /Successfully ran target lint/);
});
