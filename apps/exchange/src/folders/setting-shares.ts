import { createHash } from 'node:crypto';
import type { ListedFolder } from './folder-list.ts';

export interface SettingSharesOptions {
  /** Absolute paths, as the setting names them. */
  readonly setting: readonly string[];
  /** What is shared so far. */
  readonly listed: readonly ListedFolder[];
  /** Folders that the owner has ended sharing. */
  readonly ended: readonly string[];
  /** Undefined where nothing is there now. */
  readonly realPathOf: (path: string) => Promise<string | undefined>;
}

export interface SettingShares {
  readonly begun: readonly { readonly id: string; readonly path: string }[];
  /** They came by the setting, which no longer names them. */
  readonly over: readonly ListedFolder[];
  /** What the owner has ended and no setting names any more: by a later setting it is shared again. */
  readonly forgotten: readonly string[];
}

/**
 * What a start makes of KITH_SHARE. A folder is known again by its path or by where that leads now, so that one that is
 * named through a link, or whose drive was out, is shared once.
 */
export async function sharesOfSetting(options: SettingSharesOptions): Promise<SettingShares> {
  const { setting, listed, ended, realPathOf } = options;
  const paths = [...new Set([...setting, ...listed.map(({ path }) => path), ...ended])];
  const real = new Map(await Promise.all(paths.map(async (path) => [path, await realPathOf(path)] as const)));
  const isSame = (a: string, b: string) => a === b || (real.get(a) !== undefined && real.get(a) === real.get(b));
  const isNamed = (path: string) => setting.some((one) => isSame(one, path));

  const begun: { id: string; path: string }[] = [];
  for (const path of setting) {
    const id = shareIdOf(real.get(path) ?? path);
    const isKnown = [...listed, ...begun].some((folder) => folder.id === id || isSame(folder.path, path));
    if (!isKnown && !ended.some((one) => isSame(one, path))) begun.push({ id, path });
  }
  return {
    begun,
    over: listed.filter(({ path, fromSetting }) => fromSetting && !isNamed(path)),
    forgotten: ended.filter((path) => !isNamed(path)),
  };
}

/** The same folder has the same id on every start and in every replica. */
export const shareIdOf = (path: string) => createHash('sha256').update(path).digest('hex').slice(0, 12);
