import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POLL_MS = 200;
/** A set-up takes a minute or two; one that holds the lock for longer hangs, and the next one may try. */
const PATIENCE_MS = 15 * 60_000;

/** Runs `work` while no other process sets up the same clone; waits for one that does. */
export async function withSetupLock(root, work) {
  const key = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `kith-setup-${key}.pid`);
  await acquire(path);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

async function acquire(path) {
  const from = Date.now();
  for (let said = false; ; said = true) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!runs(path) || Date.now() - from > PATIENCE_MS) rmSync(path, { force: true });
    else {
      if (!said) console.error('Another command is setting up Kith just now: waiting for it.');
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
  }
}

/** Whether the process that wrote the lock is there. A file without a number yet was made this moment. */
function runs(path) {
  let pid;
  try {
    pid = Number(readFileSync(path, 'utf8'));
  } catch {
    return false;
  }
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
