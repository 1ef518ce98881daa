import type { OwnerClient } from '../apps/e2e/src/nodes/owner-client.ts';

const WARM_UP = 20;

/** Milliseconds of each whole answer, one after the other, after a few that do not count. Throws where one is not whole. */
export async function timeSearches(
  asker: OwnerClient,
  queries: readonly string[],
  parameters: Record<string, string> = {},
): Promise<number[]> {
  for (const query of queries.slice(0, WARM_UP)) await asker.search(query, parameters);
  const times: number[] = [];
  for (const query of queries) {
    const from = performance.now();
    const { coverage } = await asker.search(query, parameters);
    times.push(performance.now() - from);
    const missing = coverage.filter(({ status }) => status !== 'answered');
    if (missing.length > 0) throw new Error(`${query}: ${JSON.stringify(missing)}`);
  }
  return times;
}
