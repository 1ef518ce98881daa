// Writes THIRD-PARTY.txt, the licence texts of every package that a node runs or its page holds, by generate-license-file:
//   npm run third-party            after the packages changed
//   npm run third-party -- --check fails where the file is not up to date
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const root = resolve(here, '../..');
const file = join(root, 'THIRD-PARTY.txt');
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const work = mkdtempSync(join(tmpdir(), 'kith-licences-'));

try {
  layOut();
  const made = collect();
  requireAll(made);
  if (!process.argv.includes('--check')) writeFileSync(file, made);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== made) {
    console.error('THIRD-PARTY.txt is not what the packages say: run "npm run third-party" and commit it.');
    process.exitCode = 1;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** What is installed for production: neither tools, nor our own projects, nor Node itself, which brings its own licence. */
function production() {
  return Object.entries(lock).filter(
    ([path, { link, dev, devOptional, optional }]) =>
      path.includes('node_modules/') && !link && !dev && !devOptional && !optional,
  );
}

/** One project with all of them, because the tool does not look into workspaces. */
function layOut() {
  const dependencies = {};
  for (const [path, { version }] of production()) {
    const to = path.slice(path.indexOf('node_modules/'));
    if (existsSync(join(work, to, 'package.json'))) throw new Error(`two projects have packages of their own at ${to}`);
    const from = join(root, path);
    cpSync(from, join(work, to), {
      recursive: true,
      filter: (one) => !one.slice(from.length).endsWith('/node_modules'),
    });
    if (!to.slice('node_modules/'.length).includes('node_modules/'))
      dependencies[to.slice('node_modules/'.length)] = version;
  }
  writeFileSync(join(work, 'package.json'), JSON.stringify({ name: 'kith', version: '0.0.0', dependencies }));
  const config = {
    inputs: ['./package.json'],
    output: './made.txt',
    lineEnding: 'lf',
    // It gives a choice of two.
    replace: { 'type-fest': './node_modules/type-fest/license-mit' },
    append: [join(here, 'unicode.txt')],
  };
  writeFileSync(join(work, 'licences.json'), JSON.stringify(config));
}

function collect() {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const options = { cwd: here, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  execFileSync(npm, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], options);
  const tool = join(here, 'node_modules/generate-license-file/bin/generate-license-file');
  const words = ['--config', join(work, 'licences.json'), '--overwrite', '--ci', '--no-spinner'];
  execFileSync(process.execPath, [tool, ...words], { cwd: work, stdio: ['ignore', 2, 2] });
  return readFileSync(join(work, 'made.txt'), 'utf8');
}

function requireAll(made) {
  const listed = new Set([...made.matchAll(/^ - (\S+)$/gm)].map(([, one]) => one));
  const missing = production()
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`)
    .filter((one) => !listed.has(one));
  if (missing.length > 0) throw new Error(`the tool left out ${missing.join(', ')}`);
}
