import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readText, repositoryFiles } from '../src/texts/repository.ts';

interface Locked {
  readonly version: string;
  readonly link?: true;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: true;
  readonly optionalDependencies?: Record<string, string>;
}

const files = repositoryFiles();
const lock = JSON.parse(readText('package-lock.json')).packages as Record<string, Locked>;
const lockFiles = files.filter((file) => file.endsWith('package-lock.json'));
const packagesOf = (file: string) =>
  Object.entries(JSON.parse(readText(file)).packages as Record<string, Locked>).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  );
const packages = packagesOf('package-lock.json');

test('every package comes with its hash, from no registry in particular', () => {
  assert.deepEqual(lockFiles.toSorted(), ['package-lock.json', 'tools/licences/package-lock.json']);
  for (const file of lockFiles) {
    const wrong = packagesOf(file).filter(
      ([, { integrity, resolved }]) => !integrity?.startsWith('sha512-') || resolved !== undefined,
    );
    assert.deepEqual(wrong, []);
    assert.match(readText(file.replace('package-lock.json', '.npmrc')), /^omit-lockfile-registry-resolved=true$/m);
  }
});

test('what other systems install is in the lock file too, though it was made on one of them', () => {
  const missing = Object.values(lock)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => !packages.some(([path]) => path.endsWith(`node_modules/${name}`)));
  assert.deepEqual(missing, []);
});

test('Node is in the lock file for each system that the set-up knows, new enough', () => {
  const { optionalDependencies } = JSON.parse(readText('package.json')) as {
    optionalDependencies: Record<string, string>;
  };
  const known = [...readText('tools/node24.mjs').matchAll(/'\w+-\w+': '([\w-]+)'/g)].map(([, name = '']) => name);
  assert.deepEqual(Object.keys(optionalDependencies), known.toSorted());
  assert.ok(known.length >= 6);
  for (const name of known) {
    const { version = '', integrity } = lock[`node_modules/${name}`] ?? {};
    assert.equal(version, optionalDependencies[name]);
    const [major = 0, minor = 0] = version.split('.').map(Number);
    assert.ok(major > 24 || (major === 24 && minor >= 12), `${name} ${version}`);
    assert.match(integrity ?? '', /^sha512-/);
  }
});

/** Packages that have an install script, each tried without it: apps/e2e/slow/fresh-clone.test.ts, and each run of CI. */
const WORKS_WITHOUT_ITS_SCRIPT = ['nx'];

test('no package needs a script of its own to be installed, and none is run', () => {
  const scripted = lockFiles
    .flatMap(packagesOf)
    .filter(([, one]) => one.hasInstallScript)
    .map(([path]) => path.slice('node_modules/'.length));
  assert.deepEqual(scripted, WORKS_WITHOUT_ITS_SCRIPT);
  for (const file of files.filter((one) => /(^|\/)\.npmrc$/.test(one)))
    assert.match(readText(file), /^ignore-scripts=true$/m);
  for (const file of files.filter((one) => /(^|\/)package\.json$/.test(one))) {
    const { scripts = {}, allowScripts } = JSON.parse(readText(file));
    assert.equal(allowScripts, undefined, file);
    const own = ['preinstall', 'install', 'postinstall', 'prepare'].filter((name) => name in scripts);
    assert.deepEqual(own, [], file);
  }
  const installs = ['Dockerfile', '.ci/run', '.github/workflows/ci.yml', 'tools/setup.mjs'].flatMap((file) => [
    ...readText(file).matchAll(/npm ci\b.*|npm\(root, \['ci'.*/g),
  ]);
  assert.ok(installs.length > 0);
  for (const [line] of installs) assert.match(line, /--ignore-scripts/);
});

test('what runs in CI is pinned by its hash, with the version beside it', () => {
  const workflows = files.filter((file) => file.startsWith('.github/workflows/'));
  const uses = workflows.flatMap((file) => readText(file).match(/uses: .*/g) ?? []);
  assert.ok(uses.length > 0);
  for (const line of uses) assert.match(line, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
