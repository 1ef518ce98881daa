// Runs the npm scripts of this repository on any Node from 18, with nothing installed yet: does the set-up that is due,
// then hands over to Node 24. Must stay quick when nothing is due, because every `npm start` goes through here.
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_ENVIRONMENT, NODE_FLAGS } from './node-flags.mjs';
import { canHaveNode24, findNode24, noNode24 } from './node24.mjs';
import { runToEnd } from './run-to-end.mjs';
import { buildPage, installPackages, SetupError } from './setup.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const unitTests = ['libs/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts'];
const slowTests = ['apps/e2e/slow/**/*.test.ts'];
/** A test that hangs ends after this, in milliseconds. No test has a shorter limit: a busy machine takes its time. */
const HANGS_MS = 20 * 60_000;
const composeTests = ['apps/e2e/lab/**/*.test.ts'];

const [script = 'start', ...given] = process.argv.slice(2);
const asksForHelp = given.some((one) => one === '--help' || one === '-h');

const scripts = {
  setup: async () => {
    await buildPage(root, node24());
    console.error('Kith is set up.');
    return 0;
  },
  start: async () => {
    if (!asksForHelp) await pageIfPossible();
    return await kith(['start', ...given], NODE_FLAGS);
  },
  kith: async () => {
    if (given[0] === 'start' && !asksForHelp) await pageIfPossible();
    return await kith(given);
  },
  demo: async () => {
    if (!asksForHelp) await pageIfPossible();
    return await node([join(root, 'apps/node/demo/main.ts'), ...given], root);
  },
  test: async () => {
    await buildPage(root, node24());
    return await tests(unitTests);
  },
  'test:slow': async () => {
    await buildPage(root, node24());
    return await tests(slowTests);
  },
  'third-party': async () => await node([join(root, 'tools/licences/third-party.mjs'), ...given], root),
  'test:compose': async () => await tests(composeTests),
  'test:attack': async () => {
    await buildPage(root, node24());
    return await node([join(root, 'apps/e2e/attack/main.ts'), ...given], root);
  },
};

try {
  const run = Object.hasOwn(scripts, script) ? scripts[script] : undefined;
  if (!run) throw new SetupError(`There is no script "${script}". Scripts: ${Object.keys(scripts).join(', ')}.`);
  if (!canHaveNode24()) throw new SetupError(noNode24(root));
  await installPackages(root);
  process.exitCode = await run();
} catch (error) {
  console.error(error instanceof SetupError ? `\n${error.message}` : error);
  process.exitCode = 1;
}

/** A node without its page still serves peers and the command line, so a page that cannot be built does not stop it. */
async function pageIfPossible() {
  try {
    await buildPage(root, node24());
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${error.message}\nKith goes on without it.\n`);
  }
}

/**
 * The command line works where the person is: npm moves to the root and leaves the original folder in INIT_CWD. A node
 * that runs for long gets a smaller young generation (MB): 30 MB less memory, and no slower start.
 */
function kith(args, flags = []) {
  return node([...flags, join(root, 'apps/node/src/main.ts'), ...args], process.env.INIT_CWD ?? process.cwd());
}

/** Options go to node's test runner; paths, where there are any, are run in place of all tests. */
function tests(all) {
  const options = given.filter((one) => one.startsWith('-'));
  const paths = given.filter((one) => !one.startsWith('-'));
  return node(['--test', `--test-timeout=${HANGS_MS}`, ...options, ...(paths.length > 0 ? paths : all)], root);
}

function node(args, cwd) {
  const cache = join(root, 'node_modules/.cache/node-compile');
  return runToEnd(node24(), args, { cwd, env: { NODE_COMPILE_CACHE: cache, ...NODE_ENVIRONMENT, ...process.env } });
}

function node24() {
  const found = findNode24(root);
  if (found === undefined) throw new SetupError(noNode24(root));
  return found;
}
