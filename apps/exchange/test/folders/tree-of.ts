import type { TestContext } from 'node:test';
import { silentLog, systemClock } from '@kith/service';
import { tempDirectory } from '@kith/testing';
import { Drives } from '../../src/drives/drives.ts';
import { OwnData } from '../../src/tree/own-data.ts';
import { type LeftOut, ShareRules } from '../../src/tree/share-rules.ts';
import { ShareTree } from '../../src/tree/share-tree.ts';
import { type Found, walk } from '../../src/tree/walk.ts';

export interface TreeOptions {
  readonly also?: readonly string[];
  /** The node's own data. */
  readonly data?: string;
}

/** A shared folder by itself, read by a real process of drives. */
export async function treeOf(t: TestContext, root: string, { also = [], data }: TreeOptions = {}) {
  const drives = new Drives({ clock: systemClock, log: silentLog });
  t.after(() => drives.stop());
  const ownData = await OwnData.open(data ?? tempDirectory(t));
  const found = await drives.call('share', 'findRoot', { path: root });
  const rules = new ShareRules(also);
  const tree = new ShareTree({ drives, drive: 'share', found, rules, ownData });

  /** What a walk finds, and what it leaves out for a reason. */
  async function walked(): Promise<{ found: Found[]; leftOut: LeftOut[] }> {
    const leftOut: LeftOut[] = [];
    const all: Found[] = [];
    const { signal } = new AbortController();
    const hooks = { onFolder: async () => {}, onLeftOut: (one: LeftOut) => leftOut.push(one) };
    for await (const one of walk({ tree, root: tree.root, rules, ownData, signal, ...hooks })) all.push(one);
    return { found: all, leftOut };
  }
  return { drives, tree, walked };
}
