import { peersViewSchema, searchPageSchema } from '@kith/wire';
import type { DemoNode } from './demo-nodes.ts';

const TOGETHER_MS = 20_000;
const POLL_MS = 100;

/** Waits until each node has the others as alive and trusted, and a search finds documents of all of them. */
export async function together(nodes: readonly DemoNode[], words: string): Promise<boolean> {
  const deadline = performance.now() + TOGETHER_MS;
  while (performance.now() < deadline) {
    const states = await Promise.all(nodes.map((node) => isTogether(node, nodes.length, words).catch(() => false)));
    if (states.every(Boolean)) return true;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  return false;
}

async function isTogether({ url }: DemoNode, count: number, words: string): Promise<boolean> {
  const { peers } = peersViewSchema.parse(await (await fetch(`${url}/_kith/peers`)).json());
  const here = peers.filter((peer) => peer.state === 'alive' && peer.trust === 'trusted');
  if (here.length < count - 1) return false;
  const page = searchPageSchema.parse(
    await (await fetch(`${url}/api/search?${new URLSearchParams({ q: words })}`)).json(),
  );
  const answered = page.coverage.filter((one) => one.status === 'answered' && (one.matches ?? 0) > 0);
  return answered.length === count;
}
