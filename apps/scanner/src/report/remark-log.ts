import type { Log } from '@kith/service';

/**
 * Logs what the owner should know, each remark once for as long as it stands: at the start, and when it is new. Figures
 * in it that change make it no other.
 */
export function createRemarkLog(log: Pick<Log, 'warn'>): (remarks: readonly string[]) => void {
  let told = new Set<string>();
  return (remarks) => {
    const now = new Map(remarks.map((remark) => [remark.replace(/\d+/g, '0'), remark]));
    for (const [key, remark] of now) if (!told.has(key)) log.warn({}, remark);
    told = new Set(now.keys());
  };
}
