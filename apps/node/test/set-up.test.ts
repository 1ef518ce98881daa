import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { skipUnless, tempDirectory } from '@kith/testing';

const tools = resolve(import.meta.dirname, '../../../tools');

/** A clone with nothing installed, and an npm that writes down what it is told and makes what a real one would. */
function clone(t: TestContext) {
  const root = tempDirectory(t);
  cpSync(tools, join(root, 'tools'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  const lock = (version: string) =>
    writeFileSync(
      join(root, 'package-lock.json'),
      JSON.stringify({ packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { optional: true } } }),
    );
  lock('1.0.0');
  mkdirSync(join(root, 'apps/node/src'), { recursive: true });
  const main = (code: string) => writeFileSync(join(root, 'apps/node/src/main.ts'), code);
  main('console.log(JSON.stringify(process.argv.slice(2)));');
  const npm = join(root, 'npm-cli.js');
  writeFileSync(
    npm,
    `import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
     appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
     if (process.env.FAKE_NPM_FAILS) process.exit(7);
     mkdirSync('node_modules/a', { recursive: true });
     if (process.env.FAKE_NPM_NODE) {
       mkdirSync(process.env.FAKE_NPM_NODE + '/bin', { recursive: true });
       writeFileSync(process.env.FAKE_NPM_NODE + '/bin/node', process.env.FAKE_NPM_PROGRAM, { mode: 0o755 });
     }
     cpSync('package-lock.json', 'node_modules/.package-lock.json');`,
  );
  const start = (args: string[], env: Record<string, string> = {}, flags: string[] = []) => {
    const child = spawn(process.execPath, [...flags, join(root, 'tools/run.mjs'), ...args], {
      cwd: root,
      env: { PATH: process.env.PATH, npm_execpath: npm, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part) => {
      stdout += part;
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    const ended = once(child, 'close').then(([code]) => ({ code: code as number, stdout, stderr }));
    return { child, ended };
  };
  const installs = () => {
    try {
      return readFileSync(join(root, 'npm.log'), 'utf8').trim().split('\n').length;
    } catch {
      return 0;
    }
  };
  return { root, lock, main, installs, start, run: (...args: Parameters<typeof start>) => start(...args).ended };
}

test('a fresh clone installs once, and again when the lock file asks for other packages', async (t) => {
  const { run, installs, lock, root } = clone(t);
  const first = await run(['kith', 'status', '--json']);
  assert.deepEqual([first.code, first.stdout], [0, '["status","--json"]\n']);
  assert.match(first.stderr, /Installing the packages/);
  assert.equal(
    readFileSync(join(root, 'npm.log'), 'utf8'),
    'ci --ignore-scripts --no-audit --no-fund --loglevel=error\n',
  );
  const second = await run(['kith', 'status']);
  assert.deepEqual([second.code, second.stderr, installs()], [0, '', 1]);
  lock('1.0.1');
  await run(['kith', 'status']);
  assert.equal(installs(), 2);
});

test('what somebody installed by hand is not installed again', async (t) => {
  const { run, installs, root } = clone(t);
  mkdirSync(join(root, 'node_modules'));
  cpSync(join(root, 'package-lock.json'), join(root, 'node_modules/.package-lock.json'));
  assert.equal((await run(['kith'])).code, 0);
  assert.equal(installs(), 0);
});

test('a failed install says what to do, and the next run tries again', async (t) => {
  const { run, installs } = clone(t);
  const failed = await run(['start'], { FAKE_NPM_FAILS: '1' });
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /"npm ci .*" failed \(exit code 7\).*run the same command again/s);
  assert.doesNotMatch(failed.stderr, /at .*run\.mjs/);
  assert.equal((await run(['kith'])).code, 0);
  assert.equal(installs(), 2);
});

/** Makes the launcher take itself for another Node, or for one of another system. */
const asIf = (code: string) => ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
const onNode20 = asIf("Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } })");
const linux = skipUnless(
  process.platform === 'linux',
  'the stand-ins for Node are shell scripts under its name for Linux',
);
const packaged = (program: string) => ({
  FAKE_NPM_NODE: `node_modules/node-linux-${process.arch}`,
  FAKE_NPM_PROGRAM: program,
});

test('the Node of the lock file runs Kith, whatever Node started it', { skip: linux }, async (t) => {
  const { run, installs } = clone(t);
  const env = packaged(`#!/bin/sh\n[ "$1" = --version ] || echo "locked $*"`);
  for (let time = 0; time < 2; time += 1) {
    const ended = await run(['kith', 'status'], env, onNode20);
    assert.equal(ended.code, 0);
    assert.match(ended.stdout, /^locked .*apps\/node\/src\/main\.ts status\n$/);
  }
  assert.equal(installs(), 1);
});

for (const [what, program] of [
  ['made for another C library', '#!/lib/ld-of-another-system\n'],
  ['too new for this system', '#!/bin/sh\nexit 1\n'],
] as const)
  test(`a Node ${what} goes, so that npm does not find it first`, { skip: linux }, async (t) => {
    const { run, installs, root } = clone(t);
    const env = packaged(program);
    const ended = await run(['kith', 'status'], env);
    assert.deepEqual([ended.code, ended.stdout], [0, '["status"]\n']);
    assert.equal(existsSync(join(root, env.FAKE_NPM_NODE)), false);
    const old = await run(['kith', 'status'], env, onNode20);
    assert.equal(old.code, 1);
    assert.match(old.stderr, /This is Node 20\.1\.0, and the package node-linux-.* does not run.* Install Node 24/s);
    assert.equal(installs(), 2, 'it may have been the network: it is tried again');
  });

test('a system for which there is no package is told at once', async (t) => {
  const { run, installs } = clone(t);
  const ended = await run(['start'], {}, [
    ...onNode20,
    ...asIf("Object.defineProperty(process, 'arch', { value: 'mips' })"),
  ]);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /no package with it for this system \(.* on mips\)\. Install Node 24/);
  assert.equal(installs(), 0);
});

test('the page is built again when it, or a lib that it needs through another, changed', async (t) => {
  const { run, root } = clone(t);
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('node_modules/vite/bin/vite.js', "require('node:fs').appendFileSync('../../built.log', 'x');");
  write('apps/web/index.html', '<p>');
  write('apps/web/package.json', '{ "dependencies": { "@kith/near": "*", "react": "1" } }');
  write('libs/near/package.json', '{ "dependencies": { "@kith/far": "*" } }');
  write('libs/far/package.json', '{}');
  const steps: [string, string, number][] = [
    ['libs/near/src/a.ts', '1', 1],
    ['libs/far/src/a.ts', '1', 2],
    ['libs/other/src/a.ts', '1', 2],
    ['libs/near/test/a.ts', '1', 2],
    ['apps/web/src/main.tsx', '1', 3],
    ['libs/near/src/a.ts', '2', 4],
    ['THIRD-PARTY.txt', 'MIT', 5],
  ];
  for (const [path, text, built] of steps) {
    write(path, text);
    assert.equal((await run(['start'])).code, 0);
    assert.equal(readFileSync(join(root, 'built.log'), 'utf8').length, built, path);
  }
});

test('two commands at once on a fresh clone install once', async (t) => {
  const { run, installs } = clone(t);
  const both = await Promise.all([run(['kith', 'a']), run(['kith', 'b'])]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
  );
  assert.equal(installs(), 1);
});

test('the exit code comes through, and the command works in the folder where the person is', async (t) => {
  const { run, main } = clone(t);
  main('console.log(process.cwd()); process.exit(42);');
  const folder = tempDirectory(t);
  const ended = await run(['kith'], { INIT_CWD: folder });
  assert.deepEqual([ended.code, ended.stdout.trim()], [42, folder]);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} reaches the program, whose own end is waited for`, async (t) => {
    const { start, main } = clone(t);
    main(`process.on('${signal}', () => setTimeout(() => { console.log('left'); process.exit(5); }, 50));
          setInterval(() => {}, 1000); console.log('ready');`);
    const { child, ended } = start(['start']);
    child.stdout.once('data', () => child.kill(signal));
    const { code, stdout } = await ended;
    assert.deepEqual([code, stdout], [5, 'ready\nleft\n']);
  });
}

test('a launcher that is killed outright leaves no program behind', async (t) => {
  const { start, main } = clone(t);
  main(`process.once('disconnect', () => { console.log('alone'); process.exit(0); });
        setInterval(() => {}, 1000); console.log('ready');`);
  const { child, ended } = start(['start']);
  child.stdout.once('data', () => child.kill('SIGKILL'));
  const { stdout } = await ended;
  assert.equal(stdout, 'ready\nalone\n');
});

test('a script that does not exist is refused with those that do', async (t) => {
  const { run, installs } = clone(t);
  const ended = await run(['strat']);
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /no script "strat". Scripts: setup, start, kith, demo, test/);
  assert.equal(installs(), 0);
});
