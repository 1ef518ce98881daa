import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findNode24, removeNodeThatDoesNotRun } from './node24.mjs';
import { withSetupLock } from './setup-lock.mjs';

/** What the person can mend; its message is all that is shown. */
export class SetupError extends Error {}

/**
 * Installs the packages if package-lock.json asks for others than those that are here. No package runs a script of its own
 * at that: all that Kith runs on has its hash in the lock file.
 */
export async function installPackages(root) {
  const lock = readFileSync(join(root, 'package-lock.json'));
  const stamp = join(root, 'node_modules/.kith-installed');
  const hash = sha256([lock]);
  const done = () => readIfThere(stamp) === hash && findNode24(root) !== undefined;
  if (done()) return;
  await withSetupLock(root, async () => {
    if (done()) return;
    if (!installedMatches(root, lock)) {
      console.error('Installing the packages that Kith needs: about a minute, once.');
      await npm(root, ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    }
    removeNodeThatDoesNotRun(root);
    writeFileSync(stamp, hash);
  });
}

/** Whether npm has already put in place just what the lock file says (someone ran npm themselves). */
function installedMatches(root, lock) {
  const installed = readIfThere(join(root, 'node_modules/.package-lock.json'));
  if (installed === undefined || findNode24(root) === undefined) return false;
  const here = JSON.parse(installed).packages;
  return Object.entries(JSON.parse(lock.toString()).packages).every(
    ([path, wanted]) =>
      !path.startsWith('node_modules/') ||
      (here[path]
        ? here[path].version === wanted.version && here[path].integrity === wanted.integrity
        : wanted.optional === true || wanted.devOptional === true),
  );
}

/** Builds the web page if its sources changed since it was built. */
export async function buildPage(root, node) {
  const app = join(root, 'apps/web');
  if (!existsSync(join(app, 'index.html'))) return;
  const stamp = join(app, 'dist/.built-from');
  const hash = sourcesHash(root);
  if (readIfThere(stamp) === hash) return;
  await withSetupLock(root, async () => {
    if (readIfThere(stamp) === hash) return;
    console.error('Building the web page: a few seconds, when it changed.');
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const { code, output } = await runQuietly(node, [vite, 'build', '--logLevel', 'warn'], app);
    if (code !== 0) throw new SetupError(`${output.trim()}\nThe web page could not be built: see the message above.`);
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, hash);
  });
}

function sourcesHash(root) {
  const without = new Set(['dist', 'node_modules', 'test', 'compliance', '.nx']);
  const files = [
    ...['package-lock.json', 'tsconfig.base.json', 'THIRD-PARTY.txt']
      .map((name) => join(root, name))
      .filter(existsSync),
    ...pageProjects(root).flatMap((folder) => filesIn(folder, without)),
  ];
  return sha256(files.flatMap((file) => [file.slice(root.length), readFileSync(file)]));
}

/** The page's own folder and those of all libs that it needs, by what their package.json files say. */
function pageProjects(root) {
  const found = new Set([join(root, 'apps/web')]);
  for (const folder of found) {
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const name of Object.keys(dependencies))
      if (name.startsWith('@kith/')) found.add(join(root, 'libs', name.slice('@kith/'.length)));
  }
  return [...found];
}

function filesIn(folder, without) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (without.has(entry.name)) return [];
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path, without) : entry.isFile() ? [path] : [];
    });
}

/** npm as it runs this script, else the one on the PATH (a command file on Windows, which needs its shell). */
async function npm(root, args) {
  const cli = process.env.npm_execpath;
  const viaNode = cli !== undefined && /npm-cli\.(c|m)?js$/.test(cli);
  const code = viaNode
    ? await run(process.execPath, [cli, ...args], root)
    : await run('npm', args, root, { shell: process.platform === 'win32' });
  if (code === 0) return;
  throw new SetupError(
    `"npm ${args.join(' ')}" failed (exit code ${code}): see the message above. Often it is one of these: no connection to ` +
      `npm's registry, a full disk, or files in ${join(root, 'node_modules')} that belong to another user. When it is mended, ` +
      'run the same command again; nothing needs to be removed first.',
  );
}

function run(command, args, cwd, options = {}) {
  return new Promise((done, failed) => {
    // What a tool says goes to standard error: standard output belongs to the command that the person asked for.
    const child = spawn(command, args, { cwd, stdio: ['ignore', 2, 2], ...options });
    child.on('error', (error) => failed(new SetupError(`Cannot run ${command}: ${error.message}.`)));
    child.on('exit', (code) => done(code ?? 1));
  });
}

/** Its output is given back: progress bars are nothing for the log of a start. */
function runQuietly(command, args, cwd) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (part) => {
        output = (output + part).slice(-8000);
      });
    }
    child.on('error', (error) => failed(new SetupError(`Cannot run ${command}: ${error.message}.`)));
    child.on('close', (code) => done({ code: code ?? 1, output }));
  });
}

function sha256(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex');
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
