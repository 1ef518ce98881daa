import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { isRoot } from '@kith/testing';

/** Whether this machine can mount a drive that hangs. */
export const canHang = () => isRoot() && existsSync('/dev/fuse');

export interface HangingDrive {
  readonly folder: string;
  /**
   * Makes the folder a network drive whose server is silent: a FUSE file system that nobody answers. Every access hangs
   * until `end`, by which it fails, as after `umount`.
   */
  hang(): void;
  end(): void;
}

/** A new folder that can become a drive that hangs; to be made before anything that looks into it after the test. */
export function hangingDrive(t: TestContext): HangingDrive {
  const folder = mkdtempSync(join(tmpdir(), 'kith-hung-'));
  let fd: number | undefined;
  const end = () => {
    if (fd === undefined) return;
    closeSync(fd);
    fd = undefined;
    spawnSync('umount', ['-l', folder]);
  };
  t.after(() => {
    end();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    end,
    hang() {
      fd = openSync('/dev/fuse', 'r+');
      const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
      const mount = spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'kith-hung', folder], {
        stdio: ['ignore', 'ignore', 'pipe', fd],
      });
      if (mount.status !== 0) throw new Error(`the drive could not be mounted: ${mount.stderr}`);
    },
  };
}
