import { isIgnored } from './ignored-names.ts';
import { secretReason } from './secrets.ts';

/** Why something in a shared folder is not shared; without a reason nobody needs to be told. */
export interface LeftOut {
  /** Relative, with `/`; a folder's ends with `/`. */
  readonly path: string;
  readonly reason?: string;
}

/**
 * Which of a shared folder's paths are shared by their names: the same rule for walking, indexing and serving. `also`
 * holds the paths that the owner has named although they are secrets; '' stands for the folder itself.
 */
export class ShareRules {
  readonly #also: ReadonlySet<string>;

  constructor(also: readonly string[]) {
    this.#also = new Set(also.map(bare));
  }

  /** The first part of the way that is left out, or undefined where all of it is shared. */
  leftOut(path: string, size?: number): LeftOut | undefined {
    if (this.#also.has('')) return isNoise(path) ? { path } : undefined;
    const parts = path.match(/[^/]+\/?/g) ?? [];
    let way = '';
    for (const part of parts) {
      way += part;
      if (this.#also.has(bare(way))) return undefined;
      const reason = secretReason(way, way === path ? size : undefined);
      if (reason !== undefined) return { path: way, reason };
      if (isIgnored(bare(part), part.endsWith('/') ? 'folder' : 'file')) return { path: way };
    }
    return undefined;
  }
}

/** What programs put beside people's files, in a folder of secrets too; its hidden files are what it was named for. */
function isNoise(path: string): boolean {
  return (path.match(/[^/]+\/?/g) ?? []).some((part) => {
    const name = bare(part);
    return !name.startsWith('.') && isIgnored(name, part.endsWith('/') ? 'folder' : 'file');
  });
}

const bare = (path: string) => path.replace(/\/+$/, '');
