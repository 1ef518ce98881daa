import type { Client } from '@elastic/elasticsearch';
import { isStatus } from './elasticsearch-errors.ts';
import { INDEX_SETTINGS, type IndexPlan } from './mappings.ts';

/** Where to read and where to write just now. While a new version is filled, both are written and the old one read. */
export interface IndexPlaces {
  readonly read: string;
  readonly write: readonly string[];
  /** What to add to the index's own count of changes, so that the version grows over re-indexing too. */
  readonly versionBase: number;
}

interface Meta {
  readonly kithVersion?: string;
  readonly kithVersionBase?: number;
}

/**
 * One index of ours: `<prefix>-<name>-v<version>` behind the alias `<prefix>-<name>`. Several services may call this at
 * once: making an index twice and moving an alias twice are the same as once.
 */
export function createVersionedIndex(client: Client, prefix: string, plan: IndexPlan) {
  const alias = `${prefix}-${plan.name}`;
  const wanted = `${alias}-v${plan.version}`;

  /** Every index has an alias of its own for writing: a write to an index that is gone must not make it anew. */
  const writeAlias = (index: string) => `${index}-write`;

  /** The index behind the alias, if there is one. */
  async function current(): Promise<string | undefined> {
    try {
      return Object.keys(await client.indices.getAlias({ name: alias }))[0];
    } catch (error) {
      if (isStatus(error, 404)) return undefined;
      throw error;
    }
  }

  async function create(index: string, meta: Meta, aliases: Record<string, object>): Promise<void> {
    try {
      const mappings = { ...plan.mappings, _meta: { ...meta } };
      await client.indices.create({
        index,
        mappings,
        settings: INDEX_SETTINGS,
        aliases: { ...aliases, [writeAlias(index)]: {} },
      });
    } catch (error) {
      if (!isStatus(error, 400, 'resource_already_exists_exception')) throw error;
    }
  }

  async function metaOf(index: string): Promise<Meta> {
    const found = await client.indices.getMapping({ index });
    return (found[index]?.mappings._meta ?? {}) as Meta;
  }

  return {
    alias,
    /** Makes what is missing. Where an older version is there, `read` stays that one until `fill` is through. */
    async ensure(): Promise<IndexPlaces> {
      const old = await current();
      if (old === undefined) await create(wanted, { kithVersion: plan.version, kithVersionBase: 0 }, { [alias]: {} });
      else if (old !== wanted) {
        const { kithVersionBase = 0 } = await metaOf(old);
        const base = kithVersionBase + (await changesOf(client, old));
        await create(wanted, { kithVersion: plan.version, kithVersionBase: base }, {});
      }
      const read = (await current()) ?? wanted;
      const { kithVersionBase = 0 } = await metaOf(read);
      const write = read === wanted ? [wanted] : [read, wanted];
      return { read, write: write.map(writeAlias), versionBase: kithVersionBase };
    },

    /**
     * Copies every document of the old version into the new one, through this client and in the present form. What was
     * written to the new one meanwhile is newer and stays. `pause` holds back writing while the last differences are
     * made up and the alias moves.
     */
    async fill(old: string, pause: (body: () => Promise<void>) => Promise<void>): Promise<void> {
      await eachPage(client, old, true, async (hits) => {
        const operations = hits.flatMap(({ _id, _source }) => [{ create: { _id } }, plan.renew(_source ?? {})]);
        const { items } = await client.bulk({ index: wanted, operations });
        const failed = items.find(({ create }) => create?.error && create.status !== 409);
        if (failed) throw new Error(`re-indexing of ${old} failed: ${failed.create?.error?.reason ?? 'no reason'}`);
      });
      await pause(async () => {
        await client.indices.refresh({ index: [old, wanted] });
        const there = new Set<string>();
        await eachPage(client, old, false, async (hits) => {
          for (const { _id } of hits) if (_id) there.add(_id);
        });
        await eachPage(client, wanted, false, async (hits) => {
          const gone = hits.filter(({ _id }) => _id && !there.has(_id));
          if (gone.length > 0)
            await client.bulk({ index: wanted, operations: gone.map(({ _id }) => ({ delete: { _id } })) });
        });
        await client.indices.refresh({ index: wanted });
        const actions = [{ add: { index: wanted, alias } }, { remove_index: { index: old } }];
        await client.indices.updateAliases({ actions });
      });
    },
  };
}

/** Changes that an index of one shard has seen; grows with each. */
export async function changesOf(client: Client, index: string): Promise<number> {
  const { indices } = await client.indices.stats({ index, level: 'shards', metric: ['docs'] });
  const shards = Object.values(indices ?? {}).flatMap(({ shards: all }) => Object.values(all ?? {}).flat());
  return Math.max(0, ...shards.map(({ seq_no }) => (seq_no?.max_seq_no ?? -1) + 1));
}

type Page = { _id?: string; _source?: Record<string, unknown> | undefined }[];

async function eachPage(client: Client, index: string, source: boolean, use: (page: Page) => Promise<void>) {
  const size = source ? 200 : 5000;
  let page = await client.search<Record<string, unknown>>({
    index,
    scroll: '2m',
    size,
    sort: ['_doc'],
    _source: source,
    allow_partial_search_results: false,
  });
  try {
    while (page.hits.hits.length > 0) {
      await use(page.hits.hits);
      page = await client.scroll({ scroll_id: page._scroll_id ?? '', scroll: '2m' });
    }
  } finally {
    if (page._scroll_id) await client.clearScroll({ scroll_id: page._scroll_id }).catch(() => undefined);
  }
}
