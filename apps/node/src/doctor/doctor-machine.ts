import { readFile, statfs } from 'node:fs/promises';
import { sharesSchema } from '@kith/wire';
import type { Api } from '../ask/api.ts';
import type { Check } from '../output/check.ts';
import { sizeText } from '../output/time-text.ts';

const LITTLE_DISK = 1_000_000_000;

/** Room on the disk of the node's own folder. */
export async function diskCheck(dataDirectory: string): Promise<Check> {
  const name = 'disk';
  const disk = await statfs(dataDirectory).catch(() => undefined);
  if (!disk) return { name, verdict: 'skipped', detail: `no data folder ${dataDirectory} on this machine` };
  const free = disk.bavail * disk.bsize;
  const detail = `${sizeText(free)} free for ${dataDirectory}`;
  if (free >= LITTLE_DISK) return { name, verdict: 'ok', detail };
  return {
    name,
    verdict: free < LITTLE_DISK / 10 ? 'failed' : 'warning',
    detail,
    remedy: 'Make room: uploads and the index need it.',
  };
}

/** Linux watches each folder by itself, and counts them for each user. */
export async function watchCheck(api: Api): Promise<Check[]> {
  const text = await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const limit = Number(text);
  const { shares } = await api.get('/api/shares', sharesSchema).catch(() => ({ shares: [] }));
  const files = shares.reduce((sum, share) => sum + share.files, 0);
  const detail = `${limit} folders may be watched; ${files} files are shared`;
  if (limit >= Math.max(8192, files / 4)) return [{ name: 'watching', verdict: 'ok', detail }];
  const remedy = 'If changes are noticed late: sudo sysctl fs.inotify.max_user_watches=524288';
  return [{ name: 'watching', verdict: 'warning', detail, remedy }];
}
